"""A step that could lose data is reported, and one that could not is not."""

from pathlib import Path
from typing import Any

import pytest

from infrastructure.bootstrap.managed_types import BY_TYPE
from tests.support.steps import step
from toolkit.engine.events import UpdateStep
from toolkit.pipeline.deploy.data_loss import DataLoss, data_losses_in, facts_of
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lookup import resource_type
from toolkit.resource_types.s3 import BUCKET
from toolkit.resource_types.s3 import BUCKET_LIFECYCLE as LIFECYCLE
from toolkit.resource_types.s3 import BUCKET_VERSIONING as VERSIONING
from toolkit.stacks import evaluate
from toolkit.stacks.marks import UNKNOWN_TEXT

ROOT = Path(__file__).parents[4]
POOL, KEY, SECRET = "aws:cognito/userPool:UserPool", "aws:kms/key:Key", "aws:secretsmanager/secret:Secret"
HOLDERS = (TABLE, BUCKET, POOL, KEY, SECRET, "aws:cloudwatch/logGroup:LogGroup", "aws:s3/bucketV2:BucketV2")
FUNCTION = "aws:lambda/function:Function"


def found(*steps: UpdateStep) -> list[str]:
    return [str(loss) for loss in data_losses_in(steps)]


@pytest.mark.parametrize("type", HOLDERS)
@pytest.mark.parametrize("operation", ["delete", "replace", "discard"])
def test_what_holds_data_may_not_go(type: str, operation: str) -> None:
    (loss,) = data_losses_in([step(type, operation)])
    assert loss.lost == facts_of(type).lost
    assert loss.id == "it-0123"


def test_a_replacement_says_which_property_forced_it() -> None:
    replaced = UpdateStep("urn::table", TABLE, "table", "replace", ("rangeKey",), (), {"id": "t"}, {})
    assert "because of rangeKey" in found(replaced)[0]


@pytest.mark.parametrize("type", HOLDERS)
@pytest.mark.parametrize("operation", ["create", "update", "same"])
def test_what_holds_data_may_be_made_and_changed(type: str, operation: str) -> None:
    assert found(step(type, operation, {"name": "a"}, {"name": "b"})) == []


@pytest.mark.parametrize("operation", ["delete", "replace", "update"])
def test_what_holds_none_may_go(operation: str) -> None:
    assert found(step(FUNCTION, operation), step("aws:cognito/userPoolClient:UserPoolClient", operation)) == []


@pytest.mark.parametrize("operation", ["delete", "replace", "discard"])
def test_a_protected_resource_of_any_type_may_not_go_as_ignore_protect_would_let_it(operation: str) -> None:
    going = UpdateStep("urn::f", FUNCTION, "f", operation, (), (), {"id": "f", "protect": True, "inputs": {}}, {})
    (loss,) = data_losses_in([going])
    assert loss.lost == "what its protection in the state is there for"


@pytest.mark.parametrize("type", [TABLE, FUNCTION])
@pytest.mark.parametrize("operation", ["same", "update"])
def test_a_resource_that_stays_may_not_lose_its_protection(type: str, operation: str) -> None:
    was = {"id": "t", "protect": True, "inputs": {}}
    (loss,) = data_losses_in([UpdateStep("urn::t", type, "t", operation, (), (), was, {"inputs": {}})])
    assert "no longer protected" in loss.what


def test_a_danger_says_what_would_be_lost() -> None:
    loss = DataLoss("urn::items-table", TABLE, "items-table-0123", "is deleted", "every record of the table")
    assert str(loss) == "items-table is deleted; lost would be every record of the table"


@pytest.mark.parametrize("type", ["aws:glacier/vault:Vault", "aws-native:dynamodb:Table", "random:index/bytes:Bytes"])
@pytest.mark.parametrize("operation", ["delete", "replace", "discard"])
def test_a_resource_whose_type_has_no_record_may_not_go(type: str, operation: str) -> None:
    (loss,) = data_losses_in([UpdateStep("urn::x", type, "x", operation, (), (), {"id": "x", "custom": True}, {})])
    assert loss.lost == f"what it holds: the check has no record of the type {type}"


def test_a_component_and_a_provider_hold_nothing() -> None:
    component = UpdateStep("urn::c", "shop:index:Part", "c", "delete", (), (), {"id": ""}, {})
    provider = UpdateStep("urn::p", "pulumi:providers:aws", "p", "replace", (), (), {"id": "p", "custom": True}, {})
    assert found(component, provider) == []


@pytest.mark.parametrize("operation", ["same", "update"])
def test_a_resource_that_stays_may_not_lose_that_it_is_kept_in_aws(operation: str) -> None:
    was = {"id": "t", "retainOnDelete": True, "inputs": {}}
    (loss,) = data_losses_in([UpdateStep("urn::t", TABLE, "t", operation, (), (), was, {"inputs": {}})])
    assert "retainOnDelete" in loss.what


EXPIRING = {"bucket": "kept", "rules": [{"id": "all", "status": "Enabled", "expiration": {"days": 1}}]}


def bucket(operation: str, name: str = "kept", parent: str = "urn::component") -> UpdateStep:
    """The bucket that a lifecycle configuration is about."""
    made = step(BUCKET, operation, {"bucket": name}, {"bucket": name}, name=name)
    after = {**made.after, "id": "" if operation == "create" else name, "parent": parent}
    return UpdateStep(made.urn, made.type, made.name, operation, (), (), {**made.before}, after)


def lifecycle(inputs: dict[str, Any], operation: str = "create", parent: str = "urn::component") -> UpdateStep:
    made = step(LIFECYCLE, operation, after=inputs)
    return UpdateStep(made.urn, made.type, made.name, operation, (), (), made.before, {**made.after, "parent": parent})


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([bucket("same")], id="a bucket of the stack"),
        pytest.param([], id="a bucket of another stack"),
        pytest.param([bucket("create", "other")], id="beside a new bucket"),
    ],
)
def test_a_new_rule_for_a_bucket_that_is_there_is_reported(others: list[UpdateStep]) -> None:
    (loss,) = data_losses_in([*others, lifecycle(EXPIRING)])
    assert "deletes current objects after 1 days (rule all)" in loss.what
    assert loss.id == "kept"


def test_a_new_rule_for_a_new_bucket_loses_nothing() -> None:
    assert found(bucket("create"), lifecycle(EXPIRING)) == []
    assert found(bucket("create"), lifecycle({**EXPIRING, "bucket": UNKNOWN_TEXT})) == []


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([], id="no bucket"),
        pytest.param([bucket("update")], id="one that is there"),
        pytest.param([bucket("update"), bucket("create", "new", "urn::elsewhere")], id="a new one elsewhere"),
    ],
)
def test_a_new_rule_for_a_bucket_of_unknown_name_is_reported_unless_only_a_new_one_can_be_meant(
    others: list[UpdateStep],
) -> None:
    assert len(found(*others, lifecycle({**EXPIRING, "bucket": UNKNOWN_TEXT}))) == 1


def test_a_rule_that_moves_to_another_bucket_is_reported_for_that_one() -> None:
    moved = UpdateStep(
        *("urn::l", LIFECYCLE, "l", "replace", ("bucket",), ()),
        {"id": "other", "inputs": {**EXPIRING, "bucket": "other"}},
        {"inputs": EXPIRING},
    )
    assert len(found(moved)) == 1


def test_a_setting_that_moves_to_another_bucket_is_reported_where_no_step_says_replaced() -> None:
    on = {"versioningConfiguration": {"status": "Enabled"}}
    moved = step(VERSIONING, "update", {**on, "bucket": "kept"}, {**on, "bucket": "other"})
    assert "versioning" in found(bucket("update"), moved)[0]
    elsewhere = step(LIFECYCLE, "update", {**EXPIRING, "bucket": "other"}, EXPIRING)
    assert "deletes current objects" in found(bucket("update"), elsewhere)[0]


def test_a_setting_of_a_bucket_that_gets_another_name_stays_with_it() -> None:
    on = {"versioningConfiguration": {"status": "Enabled"}}
    renamed = step(BUCKET, "update", {"bucket": "kept"}, {"bucket": "other"}, name="kept")
    assert found(renamed, step(VERSIONING, "update", {**on, "bucket": "kept"}, {**on, "bucket": "other"})) == []


def test_a_deleted_setting_ends_what_it_kept() -> None:
    on = {"bucket": "kept", "versioningConfiguration": {"status": "Enabled"}}
    (loss,) = data_losses_in([step(VERSIONING, "delete", on)])
    assert loss.id == "kept"


def test_versioning_that_is_suspended_as_it_is_created_ends_nothing() -> None:
    assert found(step(VERSIONING, "create", after={"bucket": "kept", "versioningConfiguration": {"status": "x"}})) == []


@pytest.mark.parametrize("folder", ["", "infrastructure/bootstrap"])
def test_each_type_of_the_programs_has_a_record(folder: str) -> None:
    types = {resource.type for resource in evaluate("prod", root=ROOT / folder).resources if resource.custom}
    assert {type for type in types if type.startswith("aws:") and resource_type(type).data is None} == set()


def test_each_type_that_a_deploy_role_may_change_has_a_record() -> None:
    assert {type for type in BY_TYPE if resource_type(type).data is None} == set()
