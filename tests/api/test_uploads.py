"""Uploads expire until a request confirms them; after that, no form changes the file."""

import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from api.attachments.repository import CONFIRMED, DynamoAttachments, S3Files
from api.attachments.service import AttachmentService
from api.aws import AwsClients
from api.clock import utc_now
from api.errors import NotFoundError
from api.table import Table
from tests.api.conftest import REGION, environ
from tests.support.forms import attach, download, upload
from tests.support.responses import Answer

Call = Callable[..., Answer]


@pytest.fixture
def stored(environment: dict[str, str], ada: dict[str, str]) -> Callable[[], dict[str, list[bytes]]]:
    """Return the user's files in the bucket, by the first part of their key."""

    def look() -> dict[str, list[bytes]]:
        with environ(environment):
            s3, bucket = AwsClients(REGION).s3, environment["ATTACHMENTS_BUCKET"]
            found: dict[str, list[bytes]] = {}
            for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
                prefix, owner, *_ = each["Key"].split("/")
                if owner == ada["sub"]:
                    body = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
                    found.setdefault(prefix, []).append(body)
        return found

    return look


def test_upload_after_deletion_creates_expiring_object(
    call: Call, ada: dict[str, str], attachments: str, stored: Callable[[], dict[str, list[bytes]]]
) -> None:
    created = attach(call, ada, attachments)
    assert call("DELETE", f"{attachments}/{created['id']}", claims=ada).status == 204
    item = attachments.removesuffix("/attachments")
    assert call("DELETE", item, claims=ada, headers={"if-match": "*"}).status == 204
    assert upload(created["upload"], b"late") == 204
    assert stored() == {"pending": [b"late"]}, "the bucket's lifecycle rule expires it"
    assert call("GET", f"{attachments}/{created['id']}", claims=ada).status == 404
    assert stored() == {"pending": [b"late"]}


@pytest.mark.parametrize("confirm", ["read", "list"])
def test_upload_after_confirmation_does_not_change_attachment(
    call: Call, ada: dict[str, str], attachments: str, stored: Callable[[], dict[str, list[bytes]]], confirm: str
) -> None:
    created = attach(call, ada, attachments)
    address = f"{attachments}/{created['id']}"
    assert created["uploaded"] is False
    assert call("GET", address, claims=ada).json["uploaded"] is False
    upload(created["upload"], b"first"), upload(created["upload"], b"second")
    if confirm == "read":
        assert call("GET", address, claims=ada).json["uploaded"] is True
    else:
        (listed,) = call("GET", attachments, claims=ada).json["attachments"]
        assert listed["uploaded"] is True
    upload(created["upload"], b"third")
    assert download(call("GET", address, claims=ada).json["download"]["url"])[0] == b"second"
    assert call("DELETE", address, claims=ada).status == 204
    assert stored() == {}
    upload(created["upload"], b"fourth")
    assert stored() == {"pending": [b"fourth"]}


def test_download_url_is_valid_until_attachment_is_deleted(call: Call, ada: dict[str, str], attachments: str) -> None:
    created = attach(call, ada, attachments)
    address = f"{attachments}/{created['id']}"
    early = call("GET", address, claims=ada).json["download"]["url"]
    upload(created["upload"], b"bytes")
    late = call("GET", address, claims=ada).json["download"]["url"]
    assert download(early)[0] == download(late)[0] == b"bytes"
    call("DELETE", address, claims=ada)
    for url in (early, late):
        with pytest.raises(urllib.error.HTTPError, match=r"40[34]") as error:
            download(url)
        error.value.close()


class Meanwhile(S3Files):
    """The bucket; another request runs right after a confirmation or a deletion."""

    confirmed: Callable[[], object] | None = None
    deleting: Callable[[], object] | None = None

    def confirm(self, path: str) -> bool:
        found = super().confirm(path)
        other, self.confirmed = self.confirmed, None
        if other:
            other()
            self._client().put_object(
                Bucket=self._bucket, Key=CONFIRMED + path, Body=b"the copy ends after the deletion"
            )
        return found

    def delete(self, path: str) -> None:
        super().delete(path)
        other, self.deleting = self.deleting, None
        if other:
            other()


def test_concurrent_deletion_of_attachment_leaves_no_object(
    call: Call, ada: dict[str, str], attachments: str, stored: Callable[[], dict[str, list[bytes]]],
    environment: dict[str, str], dynamodb: Any,
) -> None:  # fmt: skip
    owner, item_id = ada["sub"], attachments.split("/")[4]
    with environ(environment):
        s3 = AwsClients(REGION).s3
        files = Meanwhile(lambda: s3, environment["ATTACHMENTS_BUCKET"])
    repository = DynamoAttachments(Table(dynamodb, environment["ITEMS_TABLE"]))
    service = AttachmentService(repository, files, utc_now)
    other = AttachmentService(repository, S3Files(lambda: s3, environment["ATTACHMENTS_BUCKET"]), utc_now)
    for meet in ("read", "list", "delete"):
        created = attach(call, ada, attachments)
        upload(created["upload"], b"bytes")
        if meet == "delete":
            again = partial(upload, created["upload"], b"again")
            files.deleting = lambda again=again, known=created["id"]: (again(), other.read(owner, item_id, known))
            service.delete(owner, item_id, created["id"])
        else:
            files.confirmed = partial(other.delete, owner, item_id, created["id"])
            if meet == "read":
                with pytest.raises(NotFoundError):
                    service.read(owner, item_id, created["id"])
            else:
                assert service.page(owner, item_id) == []
        assert stored() == {}, meet
    assert other.page(owner, item_id) == []


def test_copy_during_deletion_leaves_no_object(
    call: Call, ada: dict[str, str], attachments: str, stored: Callable[[], dict[str, list[bytes]]],
    environment: dict[str, str], dynamodb: Any,
) -> None:  # fmt: skip
    owner, item_id = ada["sub"], attachments.split("/")[4]
    created = attach(call, ada, attachments)
    upload(created["upload"], b"bytes")
    assert call("GET", f"{attachments}/{created['id']}", claims=ada).json["uploaded"] is True
    with environ(environment):
        s3, bucket = AwsClients(REGION).s3, environment["ATTACHMENTS_BUCKET"]
        files = Meanwhile(lambda: s3, bucket)
    repository = DynamoAttachments(Table(dynamodb, environment["ITEMS_TABLE"]))

    def end_copy() -> None:
        """Confirm the file like a request that read the attachment before its confirmation."""
        s3.put_object(Bucket=bucket, Key=f"{CONFIRMED}{owner}/{item_id}/{created['id']}", Body=b"copied again")
        assert repository.confirm(owner, item_id, created["id"])

    files.deleting = end_copy
    AttachmentService(repository, files, utc_now).delete(owner, item_id, created["id"])
    assert stored() == {}


def test_attachment_of_earlier_version_is_downloaded_from_upload_path(
    call: Call, ada: dict[str, str], attachments: str, environment: dict[str, str], dynamodb: Any
) -> None:
    owner, item_id = ada["sub"], attachments.split("/")[4]
    created = attach(call, ada, attachments)
    table = Table(dynamodb, environment["ITEMS_TABLE"])
    name = f"attachment#{item_id}#{created['id']}"
    table.update(table.update_request(owner, name, "REMOVE #pending", None, {}))
    with environ(environment):
        key = f"attachments/{owner}/{item_id}/{created['id']}"
        AwsClients(REGION).s3.put_object(Bucket=environment["ATTACHMENTS_BUCKET"], Key=key, Body=b"old")
    assert download(call("GET", f"{attachments}/{created['id']}", claims=ada).json["download"]["url"])[0] == b"old"
