"""The data of a local stack survives its end: items, objects and users come back to the stack made anew."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.aws import shared_aws, unique
from toolkit.localcloud.aws.snapshot import Places, SnapshotError, restore, save

ITEM = {"owner": {"S": "ada"}, "picture": {"B": b"\x00\xff"}, "tags": {"L": [{"S": "a"}]}, "n": {"N": "1.5"}}
USER = "ada@example.com"


def client(service: str) -> Any:
    return shared_aws().connection.client(service)


def stack() -> Places:
    table, bucket = unique("table"), unique("bucket")
    client("dynamodb").create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("s3").create_bucket(Bucket=bucket)
    pool = client("cognito-idp").create_user_pool(PoolName="p", UsernameAttributes=["email"])["UserPool"]["Id"]
    client("cognito-idp").create_group(UserPoolId=pool, GroupName="admins")
    return Places(tables={"items-table": table}, buckets={"attachments/bucket": bucket}, user_pools={"pool": pool})


def filled() -> Places:
    places = stack()
    client("dynamodb").put_item(TableName=places.tables["items-table"], Item=ITEM)
    client("s3").put_object(
        Bucket=places.buckets["attachments/bucket"],
        Key="attachments/ada/é",
        Body=b"\xf0",
        ContentType="image/png",
        Metadata={"note": "hello"},
    )
    where = {"UserPoolId": places.user_pools["pool"], "Username": USER}
    client("cognito-idp").admin_create_user(**where, UserAttributes=[{"Name": "email", "Value": USER}])
    client("cognito-idp").admin_set_user_password(**where, Password="Correct-horse-9", Permanent=True)
    client("cognito-idp").admin_add_user_to_group(**where, GroupName="admins")
    return places


def user(places: Places) -> dict[str, Any]:
    where = {"UserPoolId": places.user_pools["pool"], "Username": USER}
    found = client("cognito-idp").admin_get_user(**where)
    groups = client("cognito-idp").admin_list_groups_for_user(**where)["Groups"]
    attributes = {entry["Name"]: entry["Value"] for entry in found["UserAttributes"]}
    return {**attributes, "groups": [group["GroupName"] for group in groups], "status": found["UserStatus"]}


def test_items_objects_and_users_come_back_to_a_stack_made_anew(tmp_path: Path) -> None:
    old, new = filled(), stack()
    save(shared_aws().connection, tmp_path, old)
    assert restore(shared_aws().connection, tmp_path, new) == []

    assert client("dynamodb").scan(TableName=new.tables["items-table"])["Items"] == [ITEM]
    stored = client("s3").get_object(Bucket=new.buckets["attachments/bucket"], Key="attachments/ada/é")
    assert (stored["Body"].read(), stored["ContentType"], stored["Metadata"]) == (
        b"\xf0",
        "image/png",
        {"note": "hello"},
    )
    assert user(new) == user(old)
    assert user(new)["groups"] == ["admins"]


def test_a_kept_user_signs_in_with_the_same_password(tmp_path: Path) -> None:
    old, new = filled(), stack()
    save(shared_aws().connection, tmp_path, old)
    restore(shared_aws().connection, tmp_path, new)
    pool = new.user_pools["pool"]
    flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    app = client("cognito-idp").create_user_pool_client(UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
    answer = client("cognito-idp").admin_initiate_auth(
        UserPoolId=pool,
        ClientId=app["UserPoolClient"]["ClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": USER, "PASSWORD": "Correct-horse-9"},
    )
    assert answer["AuthenticationResult"]["AccessToken"]


def test_nothing_kept_is_no_error(tmp_path: Path) -> None:
    assert restore(shared_aws().connection, tmp_path, stack()) == []


def damage_cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-30])


def damage_flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as bundle:
        info = bundle.infolist()[1]
    content[info.header_offset + 30 + len(info.filename) + 2] ^= 0xFF
    file.write_bytes(bytes(content))


def damage_text(file: Path) -> None:
    file.write_text("no zip")


def damage_version(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as bundle:
        bundle.writestr("format", "99")


@pytest.mark.parametrize("damage", [damage_cut, damage_flip, damage_text, damage_version])
def test_a_damaged_file_is_said_in_one_sentence_and_changes_nothing(tmp_path: Path, damage: Any) -> None:
    save(shared_aws().connection, tmp_path, filled())
    file = tmp_path / "data.zip"
    damage(file)
    before, new = file.read_bytes(), stack()
    with pytest.raises(SnapshotError, match=r"data\.zip is damaged .*; move the file away to start without it\."):
        restore(shared_aws().connection, tmp_path, new)
    assert client("dynamodb").scan(TableName=new.tables["items-table"])["Items"] == []
    assert file.read_bytes() == before


def test_saving_over_a_damaged_file_puts_it_aside(tmp_path: Path) -> None:
    (tmp_path / "data.zip").write_text("precious")
    save(shared_aws().connection, tmp_path, filled())
    aside = [entry for entry in tmp_path.iterdir() if entry.name.startswith("data.damaged-")]
    assert [entry.read_text() for entry in aside] == ["precious"]


def test_data_of_a_place_that_the_stack_no_longer_has_is_named_and_kept(tmp_path: Path) -> None:
    save(shared_aws().connection, tmp_path, filled())
    without = Places(tables={}, buckets={}, user_pools={})
    assert sorted(restore(shared_aws().connection, tmp_path, without)) == ["attachments/bucket", "items-table", "pool"]
    save(shared_aws().connection, tmp_path, without)
    again = stack()
    assert restore(shared_aws().connection, tmp_path, again) == []
    assert client("dynamodb").scan(TableName=again.tables["items-table"])["Items"] == [ITEM]


def test_an_interrupted_save_leaves_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(shared_aws().connection, tmp_path, filled())
    before = (tmp_path / "data.zip").read_bytes()
    gone = Places(tables={"items-table": "no-such-table"}, buckets={}, user_pools={})
    with pytest.raises(
        SnapshotError, match=r"could not be kept in .*data\.zip .*not found.*; what was kept before is as it was"
    ):
        save(shared_aws().connection, tmp_path, gone)
    assert (tmp_path / "data.zip").read_bytes() == before
    assert list(tmp_path.iterdir()) == [tmp_path / "data.zip"]
