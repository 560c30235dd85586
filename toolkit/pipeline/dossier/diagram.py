"""The changes as a Mermaid flowchart of limited size, with components as boxes around their resources."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolkit.pipeline.dossier.sections import Section
from toolkit.pipeline.dossier.stack_sections import SIGNS
from toolkit.pipeline.dossier.texts import label
from toolkit.pipeline.preview.model import Preview, ResourceChange
from toolkit.stacks import ResourceGraph, StackFileError, read_graph

Components = Mapping[str, list[ResourceChange]]
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
    drawn = {change.urn: change for change in changes if change.urn in known and known[change.urn].custom}
    components: dict[str, list[ResourceChange]] = {}
    for urn, change in drawn.items():
        parent = known.get(known[urn].parent or "")
        components.setdefault(parent.name if parent else "the stack", []).append(change)
    if len(drawn) <= _MOST_NODES:
        ids = {urn: f"n{number}" for number, urn in enumerate(drawn)}
        lines = list(_resources(components, ids))
    else:
        shown = list(components.values())[:_MOST_NODES]
        ids = {change.urn: f"n{number}" for number, inside in enumerate(shown) for change in inside}
        lines = list(_counts(components))
    pairs = [(ids[needed], ids[urn]) for urn in ids for needed in known[urn].depends_on if needed in ids]
    edges = [f"{one} {_ARROW} {other}" for one, other in dict.fromkeys(pairs) if one != other]
    return ("flowchart LR", *lines, *edges[:_MOST_EDGES], *_STYLES) if lines else ()


def _resources(components: Components, ids: Mapping[str, str]) -> Iterator[str]:
    for number, (component, inside) in enumerate(components.items()):
        yield f'subgraph g{number}["{label(component)}"]'
        for change in inside:
            words = f"{SIGNS[change.operation]} {label(change.name)}<br/>{label(change.type.rpartition(':')[2])}"
            yield f'{ids[change.urn]}["{words}"]:::{change.operation}'
        yield "end"


def _counts(components: Components) -> Iterator[str]:
    for number, (component, inside) in enumerate(list(components.items())[:_MOST_NODES]):
        counts = Counter(change.operation for change in inside)
        words = " ".join(f"{SIGNS[kind]}{count}" for kind, count in counts.items())
        worst = next(kind for kind in ("delete", "replace", "update", "create") if counts[kind])
        yield f'n{number}["{label(component)}<br/>{words}"]:::{worst}'
    if (left := len(components) - _MOST_NODES) > 0:
        yield f'more["and {left} more"]'


def _read(folder: Path, name: str) -> ResourceGraph | None:
    try:
        return read_graph(folder / name) if name else None
    except StackFileError:
        return None
