"""Presigned uploads and downloads: who signed, until when, and under which conditions, as S3 checks them."""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.aws import role_with, shared_aws, unique
from toolkit.localcloud.connection import AwsConnection

KEY = "attachments/ada/1/photo"


@pytest.fixture(scope="module")
def bucket() -> str:
    name = unique("bucket")
    s3 = shared_aws().connection.client("s3")
    s3.create_bucket(Bucket=name)
    tls_only = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(tls_only))
    return name


@pytest.fixture(scope="module")
def writer(bucket: str) -> AwsConnection:
    objects = f"arn:aws:s3:::{bucket}/attachments/*"
    return role_with({"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": objects})


def form(
    writer: AwsConnection, bucket: str, *, key: str = KEY, seconds: int = 60, conditions: tuple[Any, ...] = ()
) -> tuple[str, dict[str, str]]:
    rules = [{"Content-Type": "image/png"}, ["content-length-range", 2, 10], *conditions]
    post = writer.client("s3").generate_presigned_post(
        bucket, key, Fields={"Content-Type": "image/png"}, Conditions=rules, ExpiresIn=seconds
    )
    return post["url"], post["fields"]


def send(url: str, fields: Mapping[str, str], content: bytes = b"12345") -> httpx.Response:
    return httpx.post(url, data=fields, files={"file": ("photo.png", content)}, trust_env=False)


def code(answer: httpx.Response) -> str:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    return found[1] if found else ""


def test_upload_that_satisfies_its_policy_is_stored_with_its_content_type(writer: AwsConnection, bucket: str) -> None:
    assert send(*form(writer, bucket)).status_code == 204
    stored = writer.client("s3").get_object(Bucket=bucket, Key=KEY)
    assert (stored["Body"].read(), stored["ContentType"]) == (b"12345", "image/png")


@pytest.mark.parametrize(("content", "expected"), [(b"x" * 11, "EntityTooLarge"), (b"x", "EntityTooSmall")])
def test_upload_of_wrong_size_is_rejected(writer: AwsConnection, bucket: str, content: bytes, expected: str) -> None:
    answer = send(*form(writer, bucket), content)
    assert (answer.status_code, code(answer)) == (400, expected)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Content-Type", "text/html"),
        ("key", "attachments/bob/1/photo"),
        ("acl", "public-read"),
        ("x-amz-meta-note", "hello"),
    ],
)
def test_form_field_not_in_the_policy_is_rejected(writer: AwsConnection, bucket: str, field: str, value: str) -> None:
    url, fields = form(writer, bucket)
    answer = send(url, {**fields, field: value})
    assert (answer.status_code, code(answer)) == (403, "AccessDenied")
    assert "Invalid according to Policy" in answer.text


def test_expired_post_policy_is_rejected(writer: AwsConnection, bucket: str) -> None:
    answer = send(*form(writer, bucket, seconds=-1))
    assert (answer.status_code, code(answer)) == (403, "AccessDenied")
    assert "Policy expired" in answer.text


def test_tampered_post_policy_is_rejected(writer: AwsConnection, bucket: str) -> None:
    url, fields = form(writer, bucket)
    other = form(writer, bucket, seconds=3600)[1]["policy"]
    answer = send(url, {**fields, "policy": other})
    assert (answer.status_code, code(answer)) == (403, "SignatureDoesNotMatch")


def test_malformed_post_policy_is_rejected(writer: AwsConnection, bucket: str) -> None:
    url, fields = form(writer, bucket)
    del fields["x-amz-signature"]
    assert send(url, fields).status_code == 400


def test_form_of_a_signer_without_write_permission_is_rejected(writer: AwsConnection, bucket: str) -> None:
    answer = send(*form(writer, bucket, key="secret/plan"))
    assert (answer.status_code, code(answer)) == (403, "AccessDenied")
    assert f"s3:PutObject on resource: arn:aws:s3:::{bucket}/secret/plan" in answer.text


def test_form_without_policy_is_rejected(bucket: str) -> None:
    answer = send(f"{shared_aws().endpoint_url}/{bucket}", {"key": KEY})
    assert (answer.status_code, code(answer)) == (403, "AccessDenied")


def presigned(writer: AwsConnection, bucket: str, seconds: int = 60, call: str = "get_object") -> str:
    url: str = writer.client("s3").generate_presigned_url(
        call, Params={"Bucket": bucket, "Key": KEY}, ExpiresIn=seconds
    )
    return url


def test_presigned_download_returns_the_object_until_it_expires(writer: AwsConnection, bucket: str) -> None:
    assert httpx.put(presigned(writer, bucket, call="put_object"), content=b"hello", trust_env=False).is_success
    assert httpx.get(presigned(writer, bucket), trust_env=False).content == b"hello"
    short = presigned(writer, bucket, seconds=1)
    time.sleep(2.1)  # the signature's clock counts whole seconds
    late = httpx.get(short, trust_env=False)
    assert (late.status_code, code(late)) == (403, "AccessDenied")


def test_changed_presigned_url_is_rejected(writer: AwsConnection, bucket: str) -> None:
    longer = presigned(writer, bucket).replace("X-Amz-Expires=60", "X-Amz-Expires=6000")
    answer = httpx.get(longer, trust_env=False)
    assert (answer.status_code, code(answer)) == (403, "SignatureDoesNotMatch")


def test_unsigned_download_is_rejected(writer: AwsConnection, bucket: str) -> None:
    assert httpx.get(f"{shared_aws().endpoint_url}/{bucket}/{KEY}", trust_env=False).status_code == 403


def test_binary_object_is_returned_unchanged(writer: AwsConnection, bucket: str) -> None:
    content = bytes(range(246, 256))
    assert send(*form(writer, bucket), content).status_code == 204
    assert writer.client("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read() == content


def test_signature_version_2_is_rejected(writer: AwsConnection, bucket: str) -> None:
    old = f"{shared_aws().endpoint_url}/{bucket}/{KEY}?AWSAccessKeyId={writer.access_key_id}&Signature=x&Expires=1"
    assert code(httpx.get(old, trust_env=False)) == "InvalidRequest"
    url, fields = form(writer, bucket)
    assert code(send(url, {**fields, "AWSAccessKeyId": writer.access_key_id})) == "InvalidRequest"


def test_body_that_does_not_match_the_signed_digest_is_rejected(writer: AwsConnection, bucket: str) -> None:
    url = f"{writer.endpoint_url}/{bucket}/{KEY}"
    request = AWSRequest("PUT", url, data=b"12345")
    credentials = Credentials(writer.access_key_id, writer.secret_access_key, writer.session_token)
    S3SigV4Auth(credentials, "s3", writer.region).add_auth(request)
    headers = {**dict(request.headers), "X-Amz-Content-SHA256": hashlib.sha256(b"12345").hexdigest()}
    assert httpx.put(url, headers=headers, content=b"12345", trust_env=False).status_code == 200
    changed = httpx.put(url, headers=headers, content=b"54321", trust_env=False)
    assert (changed.status_code, code(changed)) == (400, "XAmzContentSHA256Mismatch")
