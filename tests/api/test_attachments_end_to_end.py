"""Attachments through the Lambda handler; files are uploaded to and downloaded from the embedded S3."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.support.events import machine_claims, user_claims
from tests.support.forms import attach, download, upload
from tests.support.responses import Answer

Call = Callable[..., Answer]


def test_attachment_is_uploaded_and_downloaded_by_presigned_url(
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
    with pytest.raises(urllib.error.HTTPError, match=r"40[34]") as error:
        download(found["download"]["url"])
    error.value.close()


def test_failed_deletion_of_file_can_be_repeated(
    start: Callable[..., Call], call: Call, ada: dict[str, str], attachments: str
) -> None:
    address = f"{attachments}/{attach(call, ada, attachments)['id']}"
    assert start(ATTACHMENTS_BUCKET="gone")("DELETE", address, claims=ada).status == 500
    assert call("GET", address, claims=ada).status == 200
    assert call("DELETE", address, claims=ada).status == 204


def test_policy_document_fixes_key_type_and_size(call: Call, ada: dict[str, str], attachments: str) -> None:
    created = attach(call, ada, attachments)
    policy = json.loads(base64.b64decode(created["upload"]["fields"]["policy"]))
    key = f"pending/{ada['sub']}/{attachments.split('/')[4]}/{created['id']}"
    assert ["content-length-range", 1, 10 * 1024 * 1024] in policy["conditions"]
    assert {"Content-Type": "text/plain"} in policy["conditions"]
    assert {"key": key} in policy["conditions"]


def test_attachment_of_another_user_is_404(call: Call, ada: dict[str, str], attachments: str) -> None:
    created = attach(call, ada, attachments)
    bob, body = user_claims("bob"), {"file_name": "a", "content_type": "text/plain"}
    assert call("GET", attachments, claims=bob).status == call("POST", attachments, claims=bob, body=body).status == 404
    for method in ("GET", "DELETE"):
        assert call(method, f"{attachments}/{created['id']}", claims=bob).status == 404
    assert call("GET", f"{attachments}/{created['id']}", claims=ada).status == 200


def test_item_with_attachments_cannot_be_deleted(call: Call, ada: dict[str, str], attachments: str) -> None:
    item, created = attachments.removesuffix("/attachments"), attach(call, ada, attachments)
    anyway = {"claims": ada, "headers": {"if-match": "*"}}
    assert call("DELETE", item, **anyway).status == 409
    assert call("PUT", item, body={"name": "Lantern"}, **anyway).status == 200, "a change keeps the attachments"
    call("DELETE", f"{attachments}/{created['id']}", claims=ada)
    assert call("DELETE", item, **anyway).status == 204
    assert call("GET", attachments, claims=ada).status == 404


def test_attachment_beyond_the_twentieth_is_a_conflict(call: Call, ada: dict[str, str], attachments: str) -> None:
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
def test_unsafe_file_name_or_content_type_is_rejected(
    call: Call, ada: dict[str, str], attachments: str, body: dict[str, str]
) -> None:
    assert call("POST", attachments, claims=ada, body=body).status == 422


def test_machine_client_without_scope_of_method_is_403(call: Call, attachments: str) -> None:
    body = {"file_name": "a", "content_type": "text/plain"}
    assert call("POST", attachments, claims=machine_claims("items/read"), body=body).status == 403
    assert call("GET", attachments, claims=machine_claims("items/write")).status == 403
    assert call("GET", attachments, claims=machine_claims("items/read")).status == 404
