"""What the engine's events say, as data."""

from typing import Any

from toolkit.engine.events import Violation, changes_in, errors_in, violations_in
from toolkit.engine.runs import EngineRun

URN = "urn:pulumi:dev::items-api::aws:dynamodb/table:Table::items-table"


def step(operation: str, part: str = "resourcePreEvent", urn: str = URN, **metadata: Any) -> dict[str, Any]:
    return {part: {"metadata": {"op": operation, "urn": urn, "type": "aws:dynamodb/table:Table", **metadata}}}


def test_a_replacement_is_one_change_whatever_its_parts_and_says_what_forced_it() -> None:
    (change,) = changes_in(
        [
            step("create-replacement", keys=["rangeKey"], detailedDiff={"rangeKey": {"kind": "update-replace"}}),
            step("replace", keys=["rangeKey"]),
            step("delete-replaced"),
        ]
    )
    assert (change.operation, change.replaces_because, change.properties) == ("replace", ("rangeKey",), ("rangeKey",))
    assert change.name == "items-table"


def test_a_change_has_the_property_paths_that_the_provider_returns() -> None:
    (change,) = changes_in([step("update", diffs=["tags"], detailedDiff={"tags.owner": {}})])
    assert change.properties == ("tags.owner",)
    (change,) = changes_in([step("update", diffs=["tags"])])
    assert change.properties == ("tags",)


def test_a_refresh_says_at_its_end_what_it_found() -> None:
    (change,) = changes_in([step("refresh"), step("update", "resOutputsEvent", diffs=["tags"])])
    assert change.operation == "update"


def test_a_run_tells_what_changes_from_what_stays() -> None:
    run = EngineRun(
        "preview", 0, "", (step("same", urn="urn::a"), step("create", urn="urn::b"), step("refresh", urn="urn::c"))
    )
    assert run.operations == {"urn::b": "create"}
    assert len(run.steps) == 3
    assert run.counts == {"create": 1}


def test_what_a_resource_was_and_becomes_is_kept() -> None:
    (change,) = changes_in([step("same", old={"protect": True}, new={"protect": False})])
    assert (change.before, change.after) == ({"protect": True}, {"protect": False})


def test_a_policys_finding_is_kept_without_its_colours() -> None:
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


def test_an_error_is_reported_once_with_its_resource() -> None:
    event = {"diagnosticEvent": {"severity": "error", "urn": URN, "message": "<{%fg 1%}>it broke<{%reset%}>\n"}}
    warning = {"diagnosticEvent": {"severity": "warning", "message": "careful"}}
    assert errors_in([event, event, warning]) == ("items-table: it broke",)


def test_a_run_that_failed_before_its_first_event_says_what_the_cli_said() -> None:
    assert EngineRun("up", 1, "warning: a\nerror: no stack named 'dev' found\n", ()).errors == (
        "no stack named 'dev' found",
    )
    assert EngineRun("up", 0, "error: in a name", ()).errors == ()
