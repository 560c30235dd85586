from tests.support.graphs import graph, resource
from toolkit.pipeline.dossier.diagram import flowchart
from toolkit.pipeline.preview.model import ResourceChange
from toolkit.stacks import Resource


def change(of: Resource) -> ResourceChange:
    return ResourceChange(of.urn, of.type, of.name, "create")


def test_dependency_is_drawn_as_an_arrow() -> None:
    key = resource("key")
    table = resource("table", depends_on=(key.urn,))
    assert "n0 --> n1" in flowchart((change(key), change(table)), [graph(key, table)])


def test_unchanged_resources_are_not_drawn() -> None:
    key, table = resource("key"), resource("table")
    lines = "\n".join(flowchart((change(table),), [graph(key, table)]))
    assert "table" in lines
    assert "key" not in lines


def test_thousands_of_changes_are_counted_by_component() -> None:
    parents = [resource(f"part-{number}", "x:y:Part", custom=False) for number in range(60)]
    made = [resource(f"r{number}", parent=parents[number % 60].urn) for number in range(3_000)]
    lines = flowchart(tuple(map(change, made)), [graph(*parents, *made)])
    assert 'n0["part-0<br/>+50"]:::create' in lines
    assert 'more["and 20 more"]' in lines
    assert len("\n".join(lines)) < 5_000


def test_change_without_resources_has_no_diagram() -> None:
    component = resource("part", "x:y:Part", custom=False)
    assert flowchart((change(component),), [graph(component)]) == ()
