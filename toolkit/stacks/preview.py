"""A stack for people, as a tree, and for programs, as JSON; secrets appear in neither."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pulumi

from toolkit.stacks.graph import STACK_TYPE, Resource, ResourceGraph
from toolkit.stacks.marks import UNKNOWN, UNKNOWN_TEXT, Secret, mapped
from toolkit.stacks.terminal import console, styled


def as_json(graph: ResourceGraph, root: Path) -> str:
    """Return the graph as JSON; secrets are `[secret]`, archives their path below the root."""
    document = {
        "project": graph.project,
        "stack": graph.stack,
        "resources": [_plain(_fields(resource), root) for resource in graph.resources],
        "outputs": _plain(graph.outputs, root),
        **({"gaps": [asdict(gap) for gap in graph.gaps]} if graph.gaps else {}),
    }
    return json.dumps(document, indent=2)


def print_tree(graph: ResourceGraph) -> None:
    """Print the resources as a tree with their protection and number. NO_COLOR applies."""
    from rich.tree import Tree  # only the tree needs it, and the import is slow

    stack = graph.resources[0]
    tree = Tree(styled((graph.project, "bold"), f" {graph.stack}"))
    _grow(tree, graph, stack)
    output = console(wide=True)
    output.print(tree)
    output.print(_summary(graph))
    for gap in graph.gaps:
        output.print(styled(("not evaluated", "bold yellow"), f": {gap}"))


def _grow(tree: Any, graph: ResourceGraph, parent: Resource) -> None:
    for child in graph.children(parent.urn):
        mark = (" protected" if child.protect else "", "yellow")
        style = "cyan" if child.custom else "bold"
        _grow(tree.add(styled((child.name, style), " ", (_short(child.type), "dim"), mark)), graph, child)


def _short(type_: str) -> str:
    """Return `aws:dynamodb/table:Table` as `dynamodb Table`, and a component as its class."""
    module, _, kind = type_.rpartition(":")
    service = module.partition(":")[2].partition("/")[0] if module.startswith("aws:") else ""
    return f"{service} {kind}".strip()


def _summary(graph: ResourceGraph) -> str:
    made = [resource for resource in graph.resources if resource.custom]
    components = sum(not resource.custom and resource.type != STACK_TYPE for resource in graph.resources)
    protected = sum(resource.protect for resource in made)
    counts = Counter(resource.type for resource in made)
    kinds = ", ".join(f"{count} {_short(type_)}" for type_, count in sorted(counts.items(), key=_by_descending_number))
    return f"\n{len(made)} resources in {components} components, {protected} protected: {kinds}"


def _by_descending_number(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _fields(resource: Resource) -> dict[str, Any]:
    return {field: getattr(resource, field) for field in resource.__dataclass_fields__}


def _plain(value: Any, root: Path) -> Any:
    return mapped(value, lambda leaf: _plain_leaf(leaf, root))


def _plain_leaf(value: Any, root: Path) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return repr(value)
    if isinstance(value, pulumi.FileArchive | pulumi.FileAsset):
        path = Path(value.path)
        return {"path": str(path.relative_to(root)) if path.is_relative_to(root) else str(path)}
    if isinstance(value, pulumi.AssetArchive):
        return {"assets": _plain(value.assets, root)}
    if isinstance(value, pulumi.StringAsset):
        return {"text": value.text}
    if isinstance(value, pulumi.RemoteAsset | pulumi.RemoteArchive):
        return {"uri": value.uri}
    return value
