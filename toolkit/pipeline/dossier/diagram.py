"""The changes as a Mermaid flowchart of limited size, with components as boxes around their resources."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.pipeline.dossier.sections import Section
from toolkit.pipeline.dossier.stack_sections import SIGNS
from toolkit.pipeline.dossier.texts import label
from toolkit.pipeline.preview.model import Preview, ResourceChange
from toolkit.stacks import Resource, ResourceGraph, StackFileError, read_graph

_MOST_NODES = 40
_MOST_EDGES = 60
_ARROW = "-->"
_STYLES = (
    "classDef create fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "classDef update fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "classDef replace fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "classDef delete fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4",
)


def diagram(stacks: tuple[Preview, ...], previews: Path) -> Section | None:
    """Return the chart of the stack with the most changes; None without changes or without a graph."""
    preview = max(stacks, key=lambda stack: len(stack.changes), default=None)
    if preview is None or not preview.changes:
        return None
    graphs = [graph for name in (preview.base_graph, preview.graph) if (graph := _read(previews, name))]
    rows = flowchart(preview.changes, graphs)
    if not any(_ARROW in row for row in rows):
        return None  # without connections the chart shows no more than the table
    words = f"What changes in {label(preview.stack)}"
    return Section("Picture", "", rows, folded=True, fold=words, fence="mermaid", need=10)


def flowchart(changes: tuple[ResourceChange, ...], graphs: list[ResourceGraph]) -> tuple[str, ...]:
    """Return the lines of the chart: resources in components, or only components with counts for too many."""
    known = {resource.urn: resource for graph in graphs for resource in graph.resources}
    made = {change.urn: change for change in changes if change.urn in known and known[change.urn].custom}
    parts = _Parts(known, made)
    whole = parts.nodes() if len(made) <= _MOST_NODES else parts.counted()
    return ("flowchart LR", *whole, *_STYLES) if whole else ()


@dataclass(frozen=True)
class _Parts:
    known: Mapping[str, Resource]
    changes: Mapping[str, ResourceChange]

    def nodes(self) -> list[str]:
        ids = {urn: f"n{number}" for number, urn in enumerate(self.changes)}
        lines: list[str] = []
        for number, (component, inside) in enumerate(self._by_component().items()):
            lines.append(f'subgraph g{number}["{label(component)}"]')
            lines += [self._node(ids[urn], self.changes[urn]) for urn in inside]
            lines.append("end")
        return lines + _edges(
            (ids[needed], ids[urn]) for urn in ids for needed in self.known[urn].depends_on if needed in ids
        )

    def counted(self) -> list[str]:
        groups = list(self._by_component().items())
        lines = []
        for number, (component, inside) in enumerate(groups[:_MOST_NODES]):
            counts = Counter(self.changes[urn].operation for urn in inside)
            words = " ".join(f"{SIGNS[kind]}{count}" for kind, count in counts.items())
            worst = next(kind for kind in ("delete", "replace", "update", "create") if counts[kind])
            lines.append(f'n{number}["{label(component)}<br/>{words}"]:::{worst}')
        if left := len(groups) - _MOST_NODES:
            lines += [f'more["and {left} more"]'] if left > 0 else []
        ids = {urn: f"n{number}" for number, (_, inside) in enumerate(groups[:_MOST_NODES]) for urn in inside}
        needed = ((ids[other], ids[urn]) for urn in ids for other in self.known[urn].depends_on if other in ids)
        return lines + _edges(needed)

    def _by_component(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for urn in self.changes:
            parent = self.known.get(self.known[urn].parent or "")
            groups.setdefault(parent.name if parent else "the stack", []).append(urn)
        return groups

    def _node(self, id: str, change: ResourceChange) -> str:
        kind = change.type.rpartition(":")[2]
        return f'{id}["{SIGNS[change.operation]} {label(change.name)}<br/>{label(kind)}"]:::{change.operation}'


def _edges(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{one} {_ARROW} {other}" for one, other in dict.fromkeys(pairs) if one != other][:_MOST_EDGES]


def _read(folder: Path, name: str) -> ResourceGraph | None:
    try:
        return read_graph(folder / name) if name else None
    except StackFileError:
        return None
