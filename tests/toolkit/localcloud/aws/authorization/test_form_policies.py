"""The policy of an S3 form: its scope, its day, its bucket, and values that S3 does not accept."""

import pytest

from tests.support.aws import shared_aws
from tests.toolkit.localcloud.aws.patches.test_s3_upload_form import bucket, outcome, send, signed

__all__ = ["bucket"]

OTHER_SCOPES = {
    "x-amz-credential": ("20200101/us-east-1/s3/aws4_request", "20990101/us-east-1/sns/aws4_request"),
    "x-amz-date": ("20200101T000000Z", "today"),
    "x-amz-signature": ("é",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in OTHER_SCOPES for value in OTHER_SCOPES[name]])
def test_signature_of_another_day_or_service_is_rejected(bucket: str, name: str, value: str) -> None:
    policy = {"expiration": "2099-01-01T00:00:00Z", "conditions": [{"bucket": bucket}, *ANY_VALUE]}
    key = shared_aws().connection.access_key_id
    changed = f"{key}/{value}" if name == "x-amz-credential" else value
    fields = [(field, changed if field == name else sent) for field, sent in signed(bucket, policy=policy)]
    expected = (403, "SignatureDoesNotMatch") if name == "x-amz-signature" else (400, "InvalidArgument")
    assert outcome(send(bucket, [*fields, ("file", b"1")])) == expected


ANY_VALUE = [["starts-with", f"${name}", ""] for name in ("key", "x-amz-algorithm", "x-amz-credential", "x-amz-date")]


def test_policy_must_name_bucket(bucket: str) -> None:
    policy = {"expiration": "2099-01-01T00:00:00Z", "conditions": ANY_VALUE}
    answer = send(bucket, [*signed(bucket, policy=policy), ("file", b"1")])
    assert (answer.status_code, "Extra input fields: bucket" in answer.text) == (403, True)


def test_invalid_form_field_is_a_client_error(bucket: str) -> None:
    entity = (
        '<!DOCTYPE a [<!ENTITY x "y">]><Tagging><TagSet><Tag><Key>a</Key><Value>&x;</Value></Tag></TagSet></Tagging>'
    )
    for name, value, expected in (
        ("acl", "nope", (400, "InvalidArgument")),
        ("tagging", entity, (400, "MalformedXML")),
        ("success_action_redirect", "http://[::1", (204, "")),
    ):
        fields = [*signed(bucket, {name: value}), (name, value), ("file", b"1")]
        assert outcome(send(bucket, fields)) == expected, name
    infinite = {"expiration": "2099-01-01T00:00:00Z", "conditions": [["content-length-range", 0, float("inf")]]}
    assert outcome(send(bucket, [*signed(bucket, policy=infinite), ("file", b"1")])) == (400, "InvalidPolicyDocument")
