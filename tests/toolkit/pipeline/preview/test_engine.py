from typing import Any

import pytest

from tests.support.dossiers import finding, preview
from toolkit.engine.runs import EngineRun
from toolkit.pipeline.preview.engine import of_run
from toolkit.pipeline.preview.model import Preview, Property
from toolkit.stacks.marks import KIND, SECRET

URN = "urn:pulumi:dev::shop::aws:dynamodb/table:Table::items"


def step(operation: str, old: Any = None, new: Any = None, **metadata: Any) -> dict[str, Any]:
    states = {"old": old and {"inputs": old}, "new": new and {"inputs": new}}
    metadata = {"op": operation, "urn": URN, "type": "aws:dynamodb/table:Table", **states, **metadata}
    return {"resourcePreEvent": {"metadata": metadata}}


def violation(level: str) -> dict[str, Any]:
    return {"policyEvent": {"policyName": "r", "enforcementLevel": level, "resourceUrn": URN, "message": "m"}}


def seen(*events: dict[str, Any], code: int = 0, output: str = "", before: Preview | None = None) -> Preview:
    return of_run(before or preview(), EngineRun("preview", code, output, events))


def test_engine_names_the_properties_that_replace() -> None:
    detailed = {"hashKey": {"kind": "update-replace"}}
    found = seen(step("replace", {"hashKey": "a"}, {"hashKey": "b"}, keys=["hashKey"], detailedDiff=detailed))
    (change,) = found.changes
    assert (found.source, change.operation, change.replaces_because) == ("engine", "replace", ("hashKey",))
    assert change.properties == (Property("hashKey", "a", "b"),)


def test_unchanged_resource_is_no_change() -> None:
    assert seen(step("same", {"a": "1"}, {"a": "1"})).changes == ()


def test_property_that_only_the_provider_reports_is_named() -> None:
    (change,) = seen(step("update", {"a": "1"}, {"a": "1"}, detailedDiff={"tagsAll": {"kind": "update"}})).changes
    assert change.properties == (Property("tagsAll"),)


def test_secret_of_the_state_is_redacted() -> None:
    old = {"key": {KIND: SECRET, "ciphertext": "first"}}
    (change,) = seen(step("update", old, {"key": {KIND: SECRET, "ciphertext": "second"}}, diffs=["key"])).changes
    assert change.properties == (Property("key"),)


def test_violation_of_the_engine_blocks_and_keeps_its_steps() -> None:
    found = seen(step("create", None, {"a": "1"}), violation("mandatory"), code=1)
    assert (found.status, found.error, len(found.changes)) == ("blocked", "", 1)
    assert [(each.rule, each.blocks) for each in found.policies] == [("r", True)]


def test_violation_of_both_runs_is_reported_once() -> None:
    known = preview(policies=(finding("r", urn=URN, message="by the graph"),))
    assert [each.message for each in seen(violation("advisory"), before=known).policies] == ["by the graph"]


@pytest.mark.parametrize(
    ("events", "output", "words"),
    [
        ([{"diagnosticEvent": {"severity": "error", "message": "no access", "urn": URN}}], "", "items: no access"),
        ([], "error: no stack named 'dev' found\n", "no stack named 'dev' found"),
        ([], "", "The engine failed without an error message."),
    ],
)
def test_failed_preview_has_the_message_of_the_engine(events: list[dict[str, Any]], output: str, words: str) -> None:
    found = seen(step("create", None, {"a": "1"}), *events, code=255, output=output)
    assert (found.status, found.error) == ("failed", words)
    assert [change.operation for change in found.changes] == ["create"]
