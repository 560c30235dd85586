"""A step that could lose data is reported, and one that could not is not."""

from pathlib import Path
from typing import Any

import pytest

from infrastructure.bootstrap.managed_types import BY_TYPE
from tests.support.steps import step
from toolkit.engine.events import UpdateStep
from toolkit.pipeline.deploy.data_loss import DataLoss, data_losses_in, facts_of
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import EVENT_INVOKE_CONFIG
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
def test_deleted_or_replaced_resource_with_data_is_reported(type: str, operation: str) -> None:
    (loss,) = data_losses_in([step(type, operation)])
    assert loss.lost == facts_of(type).lost
    assert loss.id == "it-0123"


def test_replacement_reports_the_property_that_forces_it() -> None:
    replaced = UpdateStep("urn::table", TABLE, "table", "replace", ("rangeKey",), (), {"id": "t"}, {})
    assert "because of rangeKey" in found(replaced)[0]


@pytest.mark.parametrize("type", HOLDERS)
@pytest.mark.parametrize("operation", ["create", "update", "same"])
def test_created_or_updated_resource_with_data_is_not_reported(type: str, operation: str) -> None:
    assert found(step(type, operation, {"name": "a"}, {"name": "b"})) == []


@pytest.mark.parametrize("operation", ["delete", "replace", "update"])
def test_deleted_resource_without_data_is_not_reported(operation: str) -> None:
    assert found(step(FUNCTION, operation), step("aws:cognito/userPoolClient:UserPoolClient", operation)) == []


@pytest.mark.parametrize("operation", ["delete", "replace", "discard"])
def test_deleted_protected_resource_of_any_type_is_reported(operation: str) -> None:
    going = UpdateStep("urn::f", FUNCTION, "f", operation, (), (), {"id": "f", "protect": True, "inputs": {}}, {})
    (loss,) = data_losses_in([going])
    assert loss.lost == "what its protection in the state is there for"


@pytest.mark.parametrize("type", [TABLE, FUNCTION])
@pytest.mark.parametrize("operation", ["same", "update"])
def test_removed_protection_is_reported(type: str, operation: str) -> None:
    was = {"id": "t", "protect": True, "inputs": {}}
    (loss,) = data_losses_in([UpdateStep("urn::t", type, "t", operation, (), (), was, {"inputs": {}})])
    assert "no longer protected" in loss.what


def test_data_loss_names_the_lost_data() -> None:
    loss = DataLoss("urn::items-table", TABLE, "items-table-0123", "is deleted", "every record of the table")
    assert str(loss) == "items-table is deleted; lost would be every record of the table"


@pytest.mark.parametrize("type", ["aws:glacier/vault:Vault", "aws-native:dynamodb:Table", "random:index/bytes:Bytes"])
@pytest.mark.parametrize("operation", ["delete", "replace", "discard"])
def test_deleted_resource_of_an_unknown_type_is_reported(type: str, operation: str) -> None:
    (loss,) = data_losses_in([UpdateStep("urn::x", type, "x", operation, (), (), {"id": "x", "custom": True}, {})])
    assert loss.lost == f"what it holds: the check has no record of the type {type}"


def test_deleted_component_or_provider_is_not_reported() -> None:
    component = UpdateStep("urn::c", "shop:index:Part", "c", "delete", (), (), {"id": ""}, {})
    provider = UpdateStep("urn::p", "pulumi:providers:aws", "p", "replace", (), (), {"id": "p", "custom": True}, {})
    assert found(component, provider) == []


@pytest.mark.parametrize("operation", ["same", "update"])
def test_removed_retain_on_delete_is_reported(operation: str) -> None:
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
        pytest.param([step(VERSIONING, "create", after={"bucket": "kept"})], id="beside another new setting"),
    ],
)
def test_new_lifecycle_rule_of_an_existing_bucket_is_reported(others: list[UpdateStep]) -> None:
    (loss,) = data_losses_in([*others, lifecycle(EXPIRING)])
    assert "deletes current objects after 1 days (rule all)" in loss.what
    assert loss.id == "kept"


@pytest.mark.parametrize(("operation", "losses"), [("create", 0), ("same", 1)])
def test_shorter_event_age_of_a_function_is_reported_unless_the_function_is_new(operation: str, losses: int) -> None:
    function = step(FUNCTION, operation, {"name": "worker"}, {"name": "worker"}, name="worker")
    inputs = {"functionName": "worker", "maximumEventAgeInSeconds": 3600}
    assert len(found(function, step(EVENT_INVOKE_CONFIG, "create", after=inputs))) == losses


def test_new_lifecycle_rule_of_a_new_bucket_is_not_reported() -> None:
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
def test_new_lifecycle_rule_of_an_unknown_bucket_is_reported_unless_only_new_buckets_are_siblings(
    others: list[UpdateStep],
) -> None:
    assert len(found(*others, lifecycle({**EXPIRING, "bucket": UNKNOWN_TEXT}))) == 1


def test_lifecycle_rule_that_moves_to_another_bucket_is_reported_for_that_bucket() -> None:
    moved = UpdateStep(
        *("urn::l", LIFECYCLE, "l", "replace", ("bucket",), ()),
        {"id": "other", "inputs": {**EXPIRING, "bucket": "other"}},
        {"inputs": EXPIRING},
    )
    assert len(found(moved)) == 1


def test_setting_that_moves_to_another_bucket_is_reported_without_a_replacement_step() -> None:
    on = {"versioningConfiguration": {"status": "Enabled"}}
    moved = step(VERSIONING, "update", {**on, "bucket": "kept"}, {**on, "bucket": "other"})
    assert "versioning" in found(bucket("update"), moved)[0]
    elsewhere = step(LIFECYCLE, "update", {**EXPIRING, "bucket": "other"}, EXPIRING)
    assert "deletes current objects" in found(bucket("update"), elsewhere)[0]


def test_setting_of_a_renamed_bucket_is_not_reported() -> None:
    on = {"versioningConfiguration": {"status": "Enabled"}}
    renamed = step(BUCKET, "update", {"bucket": "kept"}, {"bucket": "other"}, name="kept")
    assert found(renamed, step(VERSIONING, "update", {**on, "bucket": "kept"}, {**on, "bucket": "other"})) == []


def test_deleted_setting_of_a_bucket_is_reported() -> None:
    on = {"bucket": "kept", "versioningConfiguration": {"status": "Enabled"}}
    (loss,) = data_losses_in([step(VERSIONING, "delete", on)])
    assert loss.id == "kept"


def test_versioning_created_as_suspended_is_not_reported() -> None:
    assert found(step(VERSIONING, "create", after={"bucket": "kept", "versioningConfiguration": {"status": "x"}})) == []


@pytest.mark.parametrize("folder", ["", "infrastructure/bootstrap"])
def test_every_type_of_the_programs_has_a_data_record(folder: str) -> None:
    types = {resource.type for resource in evaluate("prod", root=ROOT / folder).resources if resource.custom}
    assert {type for type in types if type.startswith("aws:") and resource_type(type).data is None} == set()


def test_every_type_that_a_deploy_role_may_change_has_a_data_record() -> None:
    assert {type for type in BY_TYPE if resource_type(type).data is None} == set()
