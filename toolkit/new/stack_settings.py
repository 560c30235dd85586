"""Edits of numbers in stack files that keep comments and order; the numbers stand in the settings of the project."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from toolkit.configuration import configuration, load
from toolkit.policy.pack import configured_pack, describe_stack
from toolkit.projects import file_of, service_stacks
from toolkit.stacks import evaluate
from toolkit.stacks.files import read_text
from toolkit.stacks.inputs import inputs_of
from toolkit.stacks.stack_files import load_project
from toolkit.stacks.yaml_documents import parse_yaml


def with_more_routes(root: Path, routes: int) -> tuple[dict[str, str], list[str]]:
    """Return the texts of the stack files that a feature changes, and a line for each change. Raise FileError."""
    function = configuration().settings_with_more_routes
    if not function:
        return {}, []
    key, more = _key(root), load(function)
    written = {stack: parse_yaml(text, file_of(stack))["config"][key] for stack, text in _stack_texts(root).items()}
    return _changed(root, {stack: more(settings, routes) for stack, settings in written.items()})


def with_budgets(root: Path) -> tuple[dict[str, str], list[str]]:
    """Return the texts of the stack files whose budget the worst month exceeds, and a line for each. Raise FileError.

    The stacks are evaluated with the modules that this process imports.
    """
    function = configuration().settings_for_worst_month
    if not function:
        return {}, []
    needed, pack = load(function), configured_pack()
    graphs = {stack: evaluate(stack, root=root) for stack in _stack_texts(root)}
    described = {name: describe_stack(pack, name, graph.project, graph.config or {}) for name, graph in graphs.items()}
    return _changed(root, {name: needed(inputs_of(graph), described[name]) for name, graph in graphs.items()})


def with_calls(root: Path, function: str) -> tuple[dict[str, str], list[str]]:
    """Return the texts of the stack files whose usage states the calls of a function, and a line for each.

    Each request of the API counts as one call until someone writes the real number: without one, the expected cost of
    the function is unknown.
    """
    key, texts, changes = f"{load_project(root).name}:usage", {}, []
    for stack in service_stacks(root):
        text = read_text(root / file_of(stack))
        usage = parse_yaml(text, file_of(stack))["config"].get(key) or {}
        calls = usage.get("requests", 0)
        if not usage or function in (functions := usage.get("functions") or {}):
            continue
        lines = [f"{function}:", f"  invocations: {calls}  # as many as requests; write the real number"]
        if functions:
            texts[file_of(stack)] = _inserted(text, ("config", key, "functions"), lines)
        else:
            texts[file_of(stack)] = _inserted(text, ("config", key), ["functions:", *(f"  {line}" for line in lines)])
        changes.append(f"{file_of(stack)}: usage functions.{function}.invocations {calls}")
    return texts, changes


def _key(root: Path) -> str:
    return f"{load_project(root).name}:settings"


def _stack_texts(root: Path) -> dict[str, str]:
    """Return the text of each stack file but the local one: nothing on this machine is billed or scarce."""
    return {stack: read_text(root / file_of(stack)) for stack in service_stacks(root) if stack != "local"}


def _changed(root: Path, numbers: Mapping[str, Mapping[str, int]]) -> tuple[dict[str, str], list[str]]:
    texts, changes = {}, []
    for stack, text in _stack_texts(root).items():
        new, lines = with_numbers(text, _key(root), numbers[stack])
        if lines:
            texts[file_of(stack)] = new
            changes += [f"{file_of(stack)}: {line}" for line in lines]
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
    node = _node_at(text, path)
    return node if isinstance(node, yaml.ScalarNode) else None


def _node_at(text: str, path: tuple[str, ...]) -> Any:
    node: Any = yaml.compose(text, yaml.SafeLoader)
    for name in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for found, value in pairs if found.value == name), None)
    return node


def _inserted(text: str, path: tuple[str, ...], lines: list[str]) -> str:
    """Return the text with lines at the start of a block mapping, in its indentation."""
    node = _node_at(text, path)
    start = text.rindex("\n", 0, node.start_mark.index) + 1
    indent = " " * node.start_mark.column
    return text[:start] + "".join(f"{indent}{line}\n" for line in lines) + text[start:]
