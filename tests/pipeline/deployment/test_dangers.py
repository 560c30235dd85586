"""What could lose data is called a danger, and what could not is not."""

from typing import Any

import pytest

from pipeline.deployment import dangers
from pipeline.deployment.dangers import Danger, dangers_in
from pipeline.engine_events import Change

HOLDERS = (dangers.TABLE, dangers.BUCKET, dangers.POOL, dangers.KEY, dangers.SECRET)


def step(
    type: str, operation: str = "update", before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> Change:
    """A step of a resource with these inputs before and after."""
    return Change(
        urn=f"urn:pulumi:prod::items-api::{type}::it",
        type=type,
        name="it",
        operation=operation,
        replaces_because=(),
        properties=(),
        before={"id": "it-0123", "inputs": before or {}} if operation != "create" else {},
        after={"inputs": after or {}} if operation != "delete" else {},
    )


def found(*steps: Change) -> list[str]:
    return [str(danger) for danger in dangers_in(steps)]


@pytest.mark.parametrize("type", HOLDERS)
@pytest.mark.parametrize("operation", ["delete", "replace"])
def test_what_holds_data_may_not_go(type: str, operation: str) -> None:
    (danger,) = dangers_in([step(type, operation)])
    assert danger.lost == dangers.HELD[type]
    assert danger.id == "it-0123"


def test_a_replacement_says_which_property_forced_it() -> None:
    replaced = Change("urn::table", dangers.TABLE, "table", "replace", ("rangeKey",), (), {"id": "t"}, {})
    assert "because of rangeKey" in found(replaced)[0]


@pytest.mark.parametrize("type", HOLDERS)
@pytest.mark.parametrize("operation", ["create", "update", "same"])
def test_what_holds_data_may_be_made_and_changed(type: str, operation: str) -> None:
    assert found(step(type, operation, {"name": "a"}, {"name": "b"})) == []


@pytest.mark.parametrize("operation", ["delete", "replace", "update"])
def test_what_holds_none_may_go(operation: str) -> None:
    assert (
        found(step("aws:lambda/function:Function", operation), step("aws:cognito/userPoolClient:UserPoolClient")) == []
    )


TABLE_WITHOUT_RECOVERY = {"pointInTimeRecovery": {"enabled": False}}
OFF = [
    (dangers.TABLE, {"deletionProtectionEnabled": True}, {"deletionProtectionEnabled": False}),
    (dangers.TABLE, {"deletionProtectionEnabled": True}, {}),
    (dangers.TABLE, {"pointInTimeRecovery": {"enabled": True}}, TABLE_WITHOUT_RECOVERY),
    (dangers.TABLE, {"pointInTimeRecovery": {"enabled": True}}, {}),
    (dangers.TABLE, {"serverSideEncryption": {"kmsKeyArn": "a"}}, {"serverSideEncryption": {"kmsKeyArn": "b"}}),
    (dangers.TABLE, {"serverSideEncryption": {"enabled": True}}, {"serverSideEncryption": {"kmsKeyArn": "b"}}),
    (dangers.POOL, {"deletionProtection": "ACTIVE"}, {"deletionProtection": "INACTIVE"}),
    (dangers.BUCKET, {"forceDestroy": False}, {"forceDestroy": True}),
    (dangers.SECRET, {"kmsKeyId": "a"}, {"kmsKeyId": "b"}),
    (dangers.SECRET, {"recoveryWindowInDays": 7}, {"recoveryWindowInDays": 0}),
    (dangers.KEY, {}, {"isEnabled": False}),
    (dangers.ALIAS, {"targetKeyId": "a"}, {"targetKeyId": "b"}),
    (
        dangers.VERSIONING,
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
    ),
    (
        dangers.ENCRYPTION,
        {"rules": [{"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": "a"}}]},
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
    ),
]


@pytest.mark.parametrize(("type", "on", "off"), OFF)
def test_what_protects_data_may_not_be_switched_off(type: str, on: dict[str, Any], off: dict[str, Any]) -> None:
    assert len(found(step(type, before=on, after=off))) == 1


@pytest.mark.parametrize(
    ("type", "on", "off"), [case for case in OFF if case[0] not in {dangers.ALIAS, dangers.ENCRYPTION}]
)
def test_what_protects_data_may_be_kept_and_switched_on(type: str, on: dict[str, Any], off: dict[str, Any]) -> None:
    assert found(step(type, before=on, after=on)) == []
    keys = {"kmsKeyId", "serverSideEncryption"}
    if not keys & off.keys() & on.keys():
        assert found(step(type, before=off, after=on)) == []


def test_a_resource_that_stays_the_same_may_not_lose_its_protection() -> None:
    was = {"id": "t", "protect": True, "inputs": {}}
    loosened = Change("urn::table", dangers.TABLE, "table", "same", (), (), was, {"inputs": {}})
    (danger,) = dangers_in([loosened])
    assert "no longer protected" in danger.what


def test_ending_point_in_time_recovery_asks_for_a_backup_of_another_kind() -> None:
    on = {"pointInTimeRecovery": {"enabled": True}}
    (danger,) = dangers_in([step(dangers.TABLE, before=on, after=TABLE_WITHOUT_RECOVERY)])
    assert danger.needs_backup


def test_the_end_of_versioning_is_found_where_its_resource_is_deleted() -> None:
    on = {"versioningConfiguration": {"status": "Enabled"}}
    assert len(found(step(dangers.VERSIONING, "delete", before=on))) == 1


def test_a_danger_says_what_would_be_lost() -> None:
    danger = Danger("urn::items-table", dangers.TABLE, "items-table-0123", "is deleted", "every record of the table")
    assert str(danger) == "items-table is deleted; lost would be every record of the table"
