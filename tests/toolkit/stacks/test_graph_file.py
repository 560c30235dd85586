"""Stacks read from files."""

import json
from pathlib import Path

import pytest

from toolkit.stacks import ResourceGraph, StackFileError, evaluate, read_graph
from toolkit.stacks.marks import Secret
from toolkit.stacks.preview import as_json

ROOT = Path(__file__).parents[3]
PREFIX = "urn:pulumi:dev::items-api::"
ENCRYPTED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
STACK = {"urn": f"{PREFIX}pulumi:pulumi:Stack::items-api-dev", "type": "pulumi:pulumi:Stack", "custom": False}
OLD = {"urn": f"{PREFIX}aws:x/y:Y::old", "type": "aws:x/y:Y", "custom": True, "delete": True}
RESOURCE = {
    "urn": f"{PREFIX}aws:x/y:Y::y",
    "type": "aws:x/y:Y",
    "custom": True,
    "id": "y-1",
    "protect": True,
    "inputs": {"a": 1, "none": None, "key": ENCRYPTED},
    "outputs": {"a": 1},
    "provider": "urn:p::p",
    "propertyDependencies": {"a": ["urn:z"], "b": None},
}
STATE = {
    "version": 3,
    "deployment": {"resources": [{**STACK, "outputs": {"api_url": "https://api"}}, OLD, RESOURCE]},
}


def read(tmp_path: Path, text: str) -> ResourceGraph:
    path = tmp_path / "graph.json"
    path.write_text(text)
    return read_graph(path)


def test_exported_state_is_read_as_a_graph(tmp_path: Path) -> None:
    graph = read(tmp_path, json.dumps(STATE))
    (resource,) = graph.of_type("aws:x/y:Y")
    assert (graph.project, graph.stack, graph.outputs) == ("items-api", "dev", {"api_url": "https://api"})
    assert (resource.name, resource.id, resource.protect, resource.provider) == ("y", "y-1", True, "urn:p::p")
    assert resource.inputs == {"a": 1, "key": Secret("[secret]")}
    assert resource.property_dependencies == {"a": ("urn:z",)}


def test_graph_of_a_preview_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    graph = evaluate("dev", root=ROOT)
    again = read(tmp_path, as_json(graph, ROOT))
    assert [one.urn for one in again.resources] == [one.urn for one in graph.resources]
    assert [one.property_dependencies for one in again.resources] == [
        one.property_dependencies for one in graph.resources
    ]


@pytest.mark.parametrize("text", [json.dumps(STATE)[:200], "", "[]", "{}", '{"deployment": {}}', '{"resources": [{}]}'])
def test_file_without_a_stack_is_refused_with_one_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match="pulumi stack export"):
        read(tmp_path, text)


def test_missing_file_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match="cannot be read"):
        read_graph(tmp_path / "none.json")
