"""What a refresh found is drift, except where CodeDeploy was meant to move it."""

import base64
import hashlib

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.drift.comparison import ALIAS, FUNCTION, code_drift, drift_in
from toolkit.pipeline.drift.findings import DriftFinding

LIVE = "urn:pulumi:prod::items-api::aws:lambda/alias:Alias::api-live"
BUILT, OTHER = (base64.b64encode(hashlib.sha256(code).digest()).decode() for code in (b"built", b"by hand"))
MOVED_BY_CODEDEPLOY = {LIVE: {"functionVersion", "routingConfig"}}


def change(*properties: str, urn: str = LIVE, type: str = ALIAS, operation: str = "update") -> UpdateStep:
    return UpdateStep(urn, type, urn.rpartition("::")[2], operation, (), properties, {}, {})


def test_changed_resource_is_found_with_its_properties() -> None:
    found = list(drift_in((change("memorySize", urn="urn::f", type=FUNCTION),), {}))
    assert found == [DriftFinding("urn::f", "changed", ("memorySize",))]


def test_deleted_resource_is_found() -> None:
    found = list(drift_in((change(urn="urn::f", type=FUNCTION, operation="delete"),), {}))
    assert found == [DriftFinding("urn::f", "deleted", ())]


def test_alias_moved_by_codedeploy_is_no_drift() -> None:
    moved = change("functionVersion", "routingConfig.additionalVersionWeights")
    assert list(drift_in((moved,), MOVED_BY_CODEDEPLOY)) == []


def test_alias_moved_without_codedeploy_is_drift() -> None:
    assert list(drift_in((change("functionVersion"),), {})) == [DriftFinding(LIVE, "changed", ("functionVersion",))]


def test_other_change_of_a_moved_alias_is_found() -> None:
    found = list(drift_in((change("description", "functionVersion"),), MOVED_BY_CODEDEPLOY))
    assert found == [DriftFinding(LIVE, "changed", ("description",))]


def test_deleted_alias_is_found_with_and_without_canary() -> None:
    assert [found.kind for found in drift_in((change(operation="delete"),), MOVED_BY_CODEDEPLOY)] == ["deleted"]


def test_released_code_is_no_drift() -> None:
    assert list(code_drift("urn::f", {"live": BUILT, "newest": BUILT}, {"state": BUILT})) == []


def test_unreleased_code_is_found_where_it_runs() -> None:
    (found,) = code_drift("urn::f", {"live": OTHER, "newest": BUILT}, {"state": BUILT})
    assert found.kind == "code"
    assert found.detail == f"the live code is {OTHER[:12]}, released was {BUILT[:12]}"
