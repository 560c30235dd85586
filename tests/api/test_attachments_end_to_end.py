"""Attachments through the real handler; their bytes go to and from the embedded S3 over a real socket."""

import base64
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from api.attachments.repository import DynamoAttachments, S3Files
from api.attachments.service import AttachmentService
from api.aws import AwsClients
from api.clock import utc_now
from api.errors import NotFoundError
from api.table import Table
from tests.api.conftest import REGION, environ
from tests.support.events import machine_claims, user_claims
from tests.support.forms import upload
from tests.support.responses import Answer

Call = Callable[..., Answer]


@pytest.fixture
def ada() -> dict[str, str]:
    """A user who owns nothing yet."""
    return user_claims(f"ada-{uuid.uuid4()}")


@pytest.fixture
def attachments(call: Call, ada: dict[str, str]) -> str:
    """The address of the attachments of a new item."""
    location = call("POST", "/api/v1/items", claims=ada, body={"name": "Lamp"}).headers["location"]
    return f"{location}/attachments"


def attach(call: Call, claims: dict[str, str], address: str, file_name: str = "naïve plan.txt") -> Any:
    answer = call("POST", address, claims=claims, body={"file_name": file_name, "content_type": "text/plain"})
    assert answer.status == 201, answer.body
    assert answer.headers["location"] == f"{address}/{answer.json['id']}"
    return answer.json


def download(url: str) -> tuple[bytes, str, str]:
    with urllib.request.urlopen(url) as response:  # noqa: S310 - loopback
        return response.read(), response.headers["content-type"], response.headers["content-disposition"]


def test_bytes_go_up_and_come_down_through_presigned_addresses(
    call: Call, ada: dict[str, str], attachments: str
) -> None:
    created = attach(call, ada, attachments)
    assert upload(created["upload"], b"bytes") == 204

    address = f"{attachments}/{created['id']}"
    found = call("GET", address, claims=ada).json
    content, content_type, disposition = download(found["download"]["url"])
    assert (content, content_type) == (b"bytes", "text/plain")
    assert disposition == "attachment; filename*=UTF-8''na%C3%AFve%20plan.txt"
    assert [each["id"] for each in call("GET", attachments, claims=ada).json["attachments"]] == [created["id"]]

    assert call("DELETE", address, claims=ada).status == 204
    assert call("GET", address, claims=ada).status == call("DELETE", address, claims=ada).status == 404
    with pytest.raises(urllib.error.HTTPError, match=r"40[34]") as gone:
        download(found["download"]["url"])
    gone.value.close()


@pytest.fixture
def stored(environment: dict[str, str], ada: dict[str, str]) -> Callable[[], dict[str, list[bytes]]]:
    """What the bucket holds of the user: bytes by the first part of their key."""

    def look() -> dict[str, list[bytes]]:
        with environ(environment):
            s3, bucket = AwsClients(REGION).s3, environment["ATTACHMENT_BUCKET"]
            found: dict[str, list[bytes]] = {}
            for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
                prefix, owner, *_ = each["Key"].split("/")
                if owner == ada["sub"]:
                    body = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
                    found.setdefault(prefix, []).append(body)
        return found

    return look


def test_a_form_that_outlives_its_attachment_uploads_only_what_expires(
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
def test_no_form_changes_what_a_request_has_found(
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


def test_a_url_from_before_the_upload_downloads_it_and_ends_with_the_attachment(
    call: Call, ada: dict[str, str], attachments: str
) -> None:
    created = attach(call, ada, attachments)
    address = f"{attachments}/{created['id']}"
    early = call("GET", address, claims=ada).json["download"]["url"]
    upload(created["upload"], b"bytes")
    late = call("GET", address, claims=ada).json["download"]["url"]
    assert download(early)[0] == download(late)[0] == b"bytes"
    call("DELETE", address, claims=ada)
    for url in (early, late):
        with pytest.raises(urllib.error.HTTPError, match=r"40[34]") as gone:
            download(url)
        gone.value.close()


class Meanwhile(S3Files):
    """The bucket, where another request runs right after bytes were confirmed, or before they are deleted."""

    confirmed: Callable[[], object] | None = None
    deleting: Callable[[], object] | None = None

    def confirm(self, path: str) -> bool:
        found = super().confirm(path)
        other, self.confirmed = self.confirmed, None
        if other:
            other()
        return found

    def delete(self, path: str) -> None:
        super().delete(path)
        other, self.deleting = self.deleting, None
        if other:
            other()


def test_an_attachment_that_is_confirmed_and_deleted_at_once_leaves_nothing(
    call: Call, ada: dict[str, str], attachments: str, stored: Callable[[], dict[str, list[bytes]]],
    environment: dict[str, str], dynamodb: Any,
) -> None:  # fmt: skip
    owner, item_id = ada["sub"], attachments.split("/")[4]
    with environ(environment):
        s3 = AwsClients(REGION).s3
        files = Meanwhile(lambda: s3, environment["ATTACHMENT_BUCKET"])
    repository = DynamoAttachments(Table(dynamodb, environment["ITEM_TABLE"]))
    service = AttachmentService(repository, files, utc_now)
    other = AttachmentService(repository, S3Files(lambda: s3, environment["ATTACHMENT_BUCKET"]), utc_now)
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


def test_an_attachment_of_an_earlier_version_is_found_where_it_was_uploaded(
    call: Call, ada: dict[str, str], attachments: str, environment: dict[str, str], dynamodb: Any
) -> None:
    owner, item_id = ada["sub"], attachments.split("/")[4]
    created = attach(call, ada, attachments)
    table = Table(dynamodb, environment["ITEM_TABLE"])
    name = f"attachment#{item_id}#{created['id']}"
    table.update(table.update_request(owner, name, "REMOVE #pending", None, {}))
    with environ(environment):
        key = f"attachments/{owner}/{item_id}/{created['id']}"
        AwsClients(REGION).s3.put_object(Bucket=environment["ATTACHMENT_BUCKET"], Key=key, Body=b"old")
    assert download(call("GET", f"{attachments}/{created['id']}", claims=ada).json["download"]["url"])[0] == b"old"


def test_bytes_that_cannot_be_deleted_now_can_be_deleted_later(
    start: Callable[..., Call], call: Call, ada: dict[str, str], attachments: str
) -> None:
    address = f"{attachments}/{attach(call, ada, attachments)['id']}"
    assert start(ATTACHMENT_BUCKET="gone")("DELETE", address, claims=ada).status == 500
    assert call("GET", address, claims=ada).status == 200
    assert call("DELETE", address, claims=ada).status == 204


def test_the_policy_document_binds_key_type_and_size(call: Call, ada: dict[str, str], attachments: str) -> None:
    created = attach(call, ada, attachments)
    policy = json.loads(base64.b64decode(created["upload"]["fields"]["policy"]))
    key = f"pending/{ada['sub']}/{attachments.split('/')[4]}/{created['id']}"
    assert ["content-length-range", 1, 10 * 1024 * 1024] in policy["conditions"]
    assert {"Content-Type": "text/plain"} in policy["conditions"]
    assert {"key": key} in policy["conditions"]


def test_another_user_finds_no_attachments(call: Call, ada: dict[str, str], attachments: str) -> None:
    created = attach(call, ada, attachments)
    bob, body = user_claims("bob"), {"file_name": "a", "content_type": "text/plain"}
    assert call("GET", attachments, claims=bob).status == call("POST", attachments, claims=bob, body=body).status == 404
    for method in ("GET", "DELETE"):
        assert call(method, f"{attachments}/{created['id']}", claims=bob).status == 404
    assert call("GET", f"{attachments}/{created['id']}", claims=ada).status == 200


def test_an_item_is_deleted_only_without_attachments(call: Call, ada: dict[str, str], attachments: str) -> None:
    item, created = attachments.removesuffix("/attachments"), attach(call, ada, attachments)
    anyway = {"claims": ada, "headers": {"if-match": "*"}}
    assert call("DELETE", item, **anyway).status == 409
    assert call("PUT", item, body={"name": "Lantern"}, **anyway).status == 200, "a change keeps the attachments"
    call("DELETE", f"{attachments}/{created['id']}", claims=ada)
    assert call("DELETE", item, **anyway).status == 204
    assert call("GET", attachments, claims=ada).status == 404


def test_an_item_has_at_most_twenty_attachments(call: Call, ada: dict[str, str], attachments: str) -> None:
    for index in range(20):
        attach(call, ada, attachments, file_name=f"{index}")
    body = {"file_name": "one too many", "content_type": "text/plain"}
    assert call("POST", attachments, claims=ada, body=body).status == 409
    assert len(call("GET", attachments, claims=ada).json["attachments"]) == 20


@pytest.mark.parametrize(
    "body",
    [
        {"file_name": "../up", "content_type": "text/plain"},
        {"file_name": "a\r\nb", "content_type": "text/plain"},
        {"file_name": "page", "content_type": "text/html"},
        {"file_name": "", "content_type": "text/plain"},
    ],
)
def test_names_and_types_that_could_harm_are_refused(
    call: Call, ada: dict[str, str], attachments: str, body: dict[str, str]
) -> None:
    assert call("POST", attachments, claims=ada, body=body).status == 422


def test_a_machine_needs_the_scope_of_the_method(call: Call, attachments: str) -> None:
    body = {"file_name": "a", "content_type": "text/plain"}
    assert call("POST", attachments, claims=machine_claims("items/read"), body=body).status == 403
    assert call("GET", attachments, claims=machine_claims("items/write")).status == 403
    assert call("GET", attachments, claims=machine_claims("items/read")).status == 404
