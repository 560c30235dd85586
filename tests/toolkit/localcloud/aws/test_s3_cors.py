"""Browsers reach a bucket from the origins that its CORS rules name, and from no other."""

import httpx
import pytest

from tests.support.aws import shared_aws, unique

OURS, OTHER = "https://items.example", "https://evil.example"


@pytest.fixture(scope="module")
def bucket() -> str:
    s3, name = shared_aws().connection.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=name)
    rule = {
        "AllowedMethods": ["GET", "POST"],
        "AllowedOrigins": [OURS, "https://*.items.example"],
        "AllowedHeaders": ["x-amz-*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 60,
    }
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})
    s3.put_object(Bucket=name, Key="one", Body=b"1")
    return name


def preflight(bucket: str, origin: str, method: str = "POST", headers: str = "") -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    return httpx.options(f"{shared_aws().endpoint_url}/{bucket}/one", headers=asked, trust_env=False)


@pytest.mark.parametrize("origin", [OURS, "https://www.items.example"])
def test_preflight_from_allowed_origin_is_accepted(bucket: str, origin: str) -> None:
    answer = preflight(bucket, origin, headers="x-amz-meta-note")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    assert answer.headers["access-control-max-age"] == "60"


@pytest.mark.parametrize(
    ("origin", "method", "headers"), [(OTHER, "POST", ""), (OURS, "DELETE", ""), (OURS, "POST", "authorization")]
)
def test_any_other_preflight_is_rejected(bucket: str, origin: str, method: str, headers: str) -> None:
    answer = preflight(bucket, origin, method, headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("origin", "allowed"), [(OURS, OURS), (OTHER, None)])
def test_response_has_cors_headers_only_for_allowed_origins(bucket: str, origin: str, allowed: str | None) -> None:
    s3 = shared_aws().connection.client("s3")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "one"})
    download = httpx.get(url, headers={"Origin": origin}, trust_env=False)
    post = s3.generate_presigned_post(bucket, "two")
    upload = httpx.post(
        post["url"], data=post["fields"], files={"file": b"2"}, headers={"Origin": origin}, trust_env=False
    )
    for answer in (download, upload):
        assert answer.is_success
        assert answer.headers.get("access-control-allow-origin") == allowed
