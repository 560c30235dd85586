"""What the engine's events say, as data."""

from typing import Any

from toolkit.engine.events import Violation, changes_in, errors_in, violations_in
from toolkit.engine.runs import EngineRun

URN = "urn:pulumi:dev::items-api::aws:dynamodb/table:Table::items-table"


def step(operation: str, part: str = "resourcePreEvent", urn: str = URN, **metadata: Any) -> dict[str, Any]:
    return {part: {"metadata": {"op": operation, "urn": urn, "type": "aws:dynamodb/table:Table", **metadata}}}


def test_replacement_is_one_change_with_the_properties_that_force_it() -> None:
    (change,) = changes_in(
        [
            step("create-replacement", keys=["rangeKey"], detailedDiff={"rangeKey": {"kind": "update-replace"}}),
            step("replace", keys=["rangeKey"]),
            step("delete-replaced"),
        ]
    )
    assert (change.operation, change.replaces_because, change.properties) == ("replace", ("rangeKey",), ("rangeKey",))
    assert change.name == "items-table"


def test_change_has_the_property_paths_of_the_provider() -> None:
    (change,) = changes_in([step("update", diffs=["tags"], detailedDiff={"tags.owner": {}})])
    assert change.properties == ("tags.owner",)
    (change,) = changes_in([step("update", diffs=["tags"])])
    assert change.properties == ("tags",)


def test_refresh_reports_its_changes_at_its_end() -> None:
    (change,) = changes_in([step("refresh"), step("update", "resOutputsEvent", diffs=["tags"])])
    assert change.operation == "update"


def test_run_separates_changed_from_unchanged_resources() -> None:
    run = EngineRun(
        "preview", 0, "", (step("same", urn="urn::a"), step("create", urn="urn::b"), step("refresh", urn="urn::c"))
    )
    assert run.operations == {"urn::b": "create"}
    assert len(run.steps) == 3
    assert run.counts == {"create": 1}


def test_change_has_the_states_before_and_after() -> None:
    (change,) = changes_in([step("same", old={"protect": True}, new={"protect": False})])
    assert (change.before, change.after) == ({"protect": True}, {"protect": False})


def test_policy_violation_is_read_without_its_colors() -> None:
    event = {
        "policyEvent": {
            "policyName": "table-recovers",
            "enforcementLevel": "mandatory",
            "severity": "high",
            "resourceUrn": URN,
            "message": "<{%reset%}>Tables recover.<{%reset%}>\n",
        }
    }
    assert violations_in([event]) == (Violation("table-recovers", "mandatory", "high", URN, "Tables recover."),)


def test_error_is_reported_once_with_its_resource() -> None:
    event = {"diagnosticEvent": {"severity": "error", "urn": URN, "message": "<{%fg 1%}>it broke<{%reset%}>\n"}}
    warning = {"diagnosticEvent": {"severity": "warning", "message": "careful"}}
    assert errors_in([event, event, warning]) == ("items-table: it broke",)


def test_run_that_fails_before_its_first_event_reports_the_output_of_the_cli() -> None:
    assert EngineRun("up", 1, "warning: a\nerror: no stack named 'dev' found\n", ()).errors == (
        "no stack named 'dev' found",
    )
    assert EngineRun("up", 0, "error: in a name", ()).errors == ()
