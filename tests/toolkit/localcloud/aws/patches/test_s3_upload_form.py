"""S3's browser forms: exactly one file, as the last field, and S3's error for everything else; never a 500."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.support.aws import shared_aws, unique

KEY = "attachments/ada/1/photo"
BOUNDARY = "b0undary"
TAGGING = "<Tagging><TagSet><Tag><Key>team</Key><Value>a</Value></Tag></TagSet></Tagging>"
Part = tuple[str, str | bytes]


@pytest.fixture(scope="module")
def bucket() -> str:
    name = unique("forms")
    shared_aws().connection.client("s3").create_bucket(Bucket=name)
    return name


def signed(bucket: str, *conditions: Any, key: str = KEY, policy: Any = None) -> list[Part]:
    """The fields of a form that the administrator signed."""
    admin = shared_aws().connection
    now = datetime.now(UTC)
    scope = f"{now:%Y%m%d}/us-east-1/s3/aws4_request"
    credential = f"{admin.access_key_id}/{scope}"
    fields = {
        "key": key,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": credential,
        "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
    }
    wanted = [{"bucket": bucket}, ["starts-with", "$key", ""], *conditions]
    wanted += [{name: value} for name, value in fields.items() if name != "key"]
    document = {"expiration": "2099-01-01T00:00:00Z", "conditions": wanted} if policy is None else policy
    text = base64.b64encode(json.dumps(document).encode()).decode()
    secret = f"AWS4{admin.secret_access_key}".encode()
    for part in scope.split("/"):
        secret = hmac.digest(secret, part.encode(), hashlib.sha256)
    signature = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return [*fields.items(), ("policy", text), ("x-amz-signature", signature)]


def send(bucket: str, parts: Sequence[Part], **changes: Any) -> httpx.Response:
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        + (b'; filename="photo.png"' if name.lower() == "file" else b"")
        + b"\r\n\r\n"
        + (value if isinstance(value, bytes) else value.encode())
        + b"\r\n"
        for name, value in parts
    )
    body += f"--{BOUNDARY}--\r\n".encode()
    sent = {"content": body, "headers": {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, **changes}
    return httpx.post(f"{shared_aws().endpoint_url}/{bucket}", trust_env=False, **sent)


def outcome(answer: httpx.Response) -> tuple[int, str]:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    return answer.status_code, found[1] if found else ""


def stored(bucket: str, key: str) -> Any:
    return shared_aws().connection.client("s3").get_object(Bucket=bucket, Key=key)


@pytest.mark.parametrize("files", [0, 2])
def test_form_without_exactly_one_file_is_rejected(bucket: str, files: int) -> None:
    answer = send(bucket, [*signed(bucket), *[("file", "x")] * files])
    assert outcome(answer) == (400, "InvalidArgument")
    assert "POST requires exactly one file upload per request." in answer.text


def test_fields_after_file_are_ignored(bucket: str) -> None:
    assert send(bucket, [*signed(bucket), ("file", "x"), ("acl", "public-read")]).status_code == 204
    fields = signed(bucket)
    late = send(bucket, [*fields[1:], ("file", "x"), fields[0]])
    assert outcome(late) == (400, "InvalidArgument")
    assert "check the order of the fields" in late.text


def test_field_names_are_case_insensitive(bucket: str) -> None:
    fields = [(name.upper(), value) for name, value in signed(bucket, key="any-case")]
    assert send(bucket, [*fields, ("FILE", "x")]).status_code == 204
    assert stored(bucket, "any-case")["Body"].read() == b"x"


def test_filename_variable_is_expanded_before_the_policy_check(bucket: str) -> None:
    allowed = signed(bucket, {"key": "up/photo.png"}, key="up/${filename}")
    assert send(bucket, [*allowed, ("file", "x")]).status_code == 204
    assert stored(bucket, "up/photo.png")["Body"].read() == b"x"
    refused = signed(bucket, {"key": "up/${filename}"}, key="up/${filename}")
    assert outcome(send(bucket, [*refused, ("file", "x")])) == (403, "AccessDenied")


@pytest.mark.parametrize("missing", ["key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"])
def test_missing_form_field_is_rejected_by_name(bucket: str, missing: str) -> None:
    fields = [field for field in signed(bucket) if field[0] != missing]
    answer = send(bucket, [*fields, ("file", "x")])
    assert outcome(answer) == (400, "InvalidArgument")
    assert f"&#39;{missing}&#39;" in answer.text or f"'{missing}'" in answer.text


@pytest.mark.parametrize(
    "policy",
    [
        [],
        3,
        {},
        {"expiration": "2099-01-01T00:00:00Z"},
        {"expiration": "2099-01-01T00:00:00", "conditions": []},
        {"expiration": 2099, "conditions": []},
        {"expiration": "soon", "conditions": []},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": {}},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [3]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["eq", "$key"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["matches", "$key", "a"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["starts-with", "key", "a"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["content-length-range", "a", "b"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["content-length-range", 9, 1]]},
    ],
)
def test_malformed_policy_document_is_rejected(bucket: str, policy: Any) -> None:
    code = outcome(send(bucket, [*signed(bucket, policy=policy), ("file", "x")]))
    refused = {(400, "InvalidPolicyDocument"), (403, "AccessDenied")}  # the latter: {} has no condition for the key
    assert code in refused


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"--other--\r\n",
        b"--b0undary\r\n",
        b'--b0undary\r\nContent-Disposition: form-data; name="key"\r\n\r\nx',
        b"--b0undary\r\n\r\nx\r\n--b0undary--\r\n",
        b'--b0undary\r\nContent-Disposition: form-data; name="key"\r\n\r\n\xff\r\n--b0undary--\r\n',
        b'--b0undary\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2 + b"--b0undary--\r\n",
    ],
)
def test_malformed_multipart_body_is_rejected(bucket: str, content: bytes) -> None:
    assert outcome(send(bucket, [], content=content)) == (400, "MalformedPOSTRequest")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data;="])
def test_multipart_body_without_boundary_is_rejected(bucket: str, kind: str) -> None:
    answer = send(bucket, [("file", "x")], headers={"Content-Type": kind})
    assert outcome(answer) == (400, "MalformedPOSTRequest")


def test_content_type_other_than_multipart_is_rejected(bucket: str) -> None:
    answer = send(bucket, [], headers={"Content-Type": "application/x-www-form-urlencoded"}, content=b"key=a&file=b")
    assert outcome(answer) == (412, "PreconditionFailed")


def test_fields_above_20_kb_before_the_file_are_rejected(bucket: str) -> None:
    answer = send(bucket, [*signed(bucket), ("x-ignore-a", "x" * 21_000), ("file", "x")])
    assert outcome(answer) == (400, "MaxPostPreDataLengthExceededError")


@pytest.mark.parametrize(("key", "code"), [("", "InvalidArgument"), ("x" * 1025, "KeyTooLongError")])
def test_key_of_invalid_length_is_rejected(bucket: str, key: str, code: str) -> None:
    assert outcome(send(bucket, [*signed(bucket, key=key), ("file", "x")])) == (400, code)


def test_metadata_tags_and_type_are_stored(bucket: str) -> None:
    given = {"x-amz-meta-note": "hello", "Content-Type": "image/png", "tagging": TAGGING}
    conditions = [{name: value} for name, value in given.items()]
    answer = send(bucket, [*given.items(), *signed(bucket, *conditions, key="described"), ("file", "x")])
    assert answer.status_code == 204
    found = stored(bucket, "described")
    assert (found["Metadata"], found["ContentType"], found["TagCount"]) == ({"note": "hello"}, "image/png", 1)


@pytest.mark.parametrize("tagging", ["<Tagging", "<a/>", "text"])
def test_malformed_tagging_is_rejected(bucket: str, tagging: str) -> None:
    fields = signed(bucket, ["starts-with", "$tagging", ""])
    answer = send(bucket, [("tagging", tagging), *fields, ("file", "x")])
    assert outcome(answer) == (400, "MalformedXML")


@pytest.mark.parametrize("name", ["content-md5", "x-amz-checksum-sha256", "x-amz-checksum-crc32"])
def test_wrong_checksum_is_rejected(bucket: str, name: str) -> None:
    fields = signed(bucket, ["starts-with", f"${name}", ""])
    assert outcome(send(bucket, [(name, "AAAA"), *fields, ("file", "x")])) == (400, "BadDigest")


def test_correct_checksum_is_accepted(bucket: str) -> None:
    digest = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    fields = signed(bucket, {"x-amz-checksum-sha256": digest})
    assert send(bucket, [("x-amz-checksum-sha256", digest), *fields, ("file", "x")]).status_code == 204


@pytest.mark.parametrize(("asked", "status"), [("200", 200), ("201", 201), ("204", 204), ("999", 204), ("", 204)])
def test_supported_success_action_status_is_returned(bucket: str, asked: str, status: int) -> None:
    fields = signed(bucket, {"success_action_status": asked}, key="status")
    answer = send(bucket, [("success_action_status", asked), *fields, ("file", "x")])
    assert answer.status_code == status
    assert ("<Key>status</Key>" in answer.text) is (status == 201)


def test_success_redirect_has_bucket_key_and_etag(bucket: str) -> None:
    target = "http://127.0.0.1:3000/done?from=form"
    fields = signed(bucket, {"success_action_redirect": target}, key="a b")
    answer = send(bucket, [("success_action_redirect", target), *fields, ("file", "x")])
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{target}&bucket={bucket}&key=a+b&etag=")


def test_invalid_success_redirect_is_ignored(bucket: str) -> None:
    fields = signed(bucket, {"success_action_redirect": "javascript:alert(1)"})
    answer = send(bucket, [("success_action_redirect", "javascript:alert(1)"), *fields, ("file", "x")])
    assert answer.status_code == 204
