import pytest

from pipeline.preview.report import Change, Operation, Property
from pipeline.stateful import LOST, dangers

TABLE = "aws:dynamodb/table:Table"


def change(type: str, operation: Operation, *properties: Property) -> Change:
    return Change("urn", type, "name", operation, properties=properties)


@pytest.mark.parametrize("type", LOST)
@pytest.mark.parametrize(("operation", "word"), [("replace", "replaced"), ("delete", "deleted")])
def test_what_keeps_something_is_in_danger_when_it_goes(type: str, operation: Operation, word: str) -> None:
    (danger,) = dangers((change(type, operation),))
    assert (danger.what, danger.lost) == (word, LOST[type])


def test_what_can_be_made_again_is_in_no_danger() -> None:
    assert (
        list(dangers((change("aws:iam/role:Role", "delete"), change(TABLE, "create"), change(TABLE, "update")))) == []
    )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("deletionProtectionEnabled", "true", "false"),
        ("deletionProtectionEnabled", "true", ""),
        ("deletionProtection", "ACTIVE", "INACTIVE"),
        ("pointInTimeRecovery.enabled", "true", "false"),
        ("versioningConfiguration.status", "Enabled", "Suspended"),
        ("protect", "true", "false"),
        ("forceDestroy", "false", "true"),
        ("forceDestroy", "", "true"),
    ],
)
def test_protection_that_is_taken_off_is_a_danger_and_putting_it_on_is_none(path: str, before: str, after: str) -> None:
    (danger,) = dangers((change(TABLE, "update", Property(path, before, after)),))
    assert (danger.what, danger.because) == ("left without protection", (path,))
    assert list(dangers((change(TABLE, "update", Property(path, after, before)),))) == []


def test_another_key_is_a_danger_and_the_first_key_is_none() -> None:
    path = "serverSideEncryption.kmsKeyArn"
    (danger,) = dangers((change(TABLE, "update", Property(path, "arn:old", "arn:new")),))
    assert danger.what == "encrypted with another key"
    assert list(dangers((change(TABLE, "update", Property(path, "", "arn:new")),))) == []
