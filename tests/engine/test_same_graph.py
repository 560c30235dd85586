"""The offline evaluation of a stack and the real engine register the same."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from tests.engine.engine import CURSOR_KEY, ORIGIN_KEY, Engine
from toolkit.localcloud.plugins.language_host import WHOLE_SERVICES
from toolkit.stacks import Resource, evaluate, reveal

SECRET = "1b47061264138c4ac30d75fd1eb44270"


def plain(value: Any) -> Any:
    """A value of either side in one form."""
    if isinstance(value, pulumi.FileArchive):
        return value.path
    if isinstance(value, dict):
        if SECRET in value.values():
            return plain(json.loads(value["plaintext"]))
        return value["path"] if "path" in value and "hash" in value else {k: plain(v) for k, v in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_the_engine_registers_what_the_offline_evaluation_says(stack: str, engine_of: Callable[[str], Engine]) -> None:
    assert_same_graph(engine_of(stack), {})


def test_the_engine_registers_what_the_offline_evaluation_says_behind_an_edge(
    engine_of: Callable[[str], Engine],
) -> None:
    engine = engine_of("dev")
    engine.set_domain(**{"edge": {}, "log-key": True})

    assert_same_graph(engine, {"items-api:origin-key": ORIGIN_KEY})


def assert_same_graph(engine: Engine, config: dict[str, str]) -> None:
    made = engine.run("up", **{WHOLE_SERVICES: "yes"})
    assert made.code == 0, made.output
    registered = {resource["urn"]: resource for resource in engine.state}
    graph = evaluate(engine.stack, root=engine.root, config={"items-api:cursor-key": CURSOR_KEY, **config})

    assert {resource.urn for resource in graph.resources} == registered.keys()
    for resource in graph.resources:
        assert_same(resource, registered[resource.urn])
    assert graph.outputs.keys() == registered[graph.resources[0].urn]["outputs"].keys()


def assert_same(offline: Resource, engine: dict[str, Any]) -> None:
    assert engine["type"] == offline.type
    assert engine.get("parent") == offline.parent
    assert engine.get("protect", False) == offline.protect
    waits = {name: sorted(urns) for name, urns in engine.get("propertyDependencies", {}).items() if urns}
    assert waits == {name: list(urns) for name, urns in offline.property_dependencies.items()}, offline.urn
    inputs = engine.get("inputs", {})
    filled = {"version", *inputs.get("__defaults", ()), *(name for name in inputs if name.startswith("__"))}
    given = {name: plain(value) for name, value in inputs.items() if name not in filled}
    said = {name: plain(value) for name, value in reveal(dict(offline.inputs)).items() if name not in filled}
    assert given.keys() == said.keys(), offline.urn
    known = given.keys() - waits.keys()
    assert {name: given[name] for name in known} == {name: said[name] for name in known}, offline.urn
