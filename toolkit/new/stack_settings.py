"""Edits of numbers in stack files that keep comments and order; the numbers stand in the settings of the project."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from toolkit.configuration import configuration, load
from toolkit.projects import service_stacks
from toolkit.stacks.files import read_text
from toolkit.stacks.stack_files import load_project
from toolkit.stacks.yaml_documents import parse_yaml

LOCAL = "local"


def with_more_routes(root: Path, routes: int) -> tuple[dict[str, str], list[str]]:
    """Return the texts of the stack files that a feature changes, and a line for each change. Raise StackFileError.

    The local stack keeps its numbers: nothing on this machine is billed, and they are far above what routes need.
    """
    if not configuration().settings_with_more_routes:
        return {}, []
    needed = load(configuration().settings_with_more_routes)
    key = f"{load_project(root).name}:settings"
    texts, changes = {}, []
    for stack in service_stacks(root):
        if stack == LOCAL:
            continue
        file = f"Pulumi.{stack}.yaml"
        text = read_text(root / file)
        written = parse_yaml(text, file)["config"][key]
        texts[file], lines = with_numbers(text, key, needed(written, routes))
        changes += [f"{file}: {line}" for line in lines]
    return texts, changes


def with_numbers(text: str, key: str, numbers: Mapping[str, int]) -> tuple[str, list[str]]:
    """Return the text of a stack file with these settings, by dotted key, and a line for each changed one.

    A setting that the file does not state keeps its default.
    """
    changes = []
    for name, number in numbers.items():
        node = _node(text, ("config", key, *name.split(".")))
        if node is not None and node.value != str(number):
            changes.append(f"{name} {node.value} -> {number}")
            text = f"{text[: node.start_mark.index]}{number}{text[node.end_mark.index :]}"
    return text, changes


def _node(text: str, path: tuple[str, ...]) -> yaml.ScalarNode | None:
    node = yaml.compose(text, yaml.SafeLoader)
    for name in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for found, value in pairs if found.value == name), None)
    return node if isinstance(node, yaml.ScalarNode) else None
