"""A signature is valid in its time only: of its day, within minutes of now, for as long as a presigned URL says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import Headers

from toolkit.localcloud.aws.authorization.errors import Reason
from toolkit.localcloud.aws.authorization.signature import Signature, read_signature

NOW = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)
SIGNED = Signature("AKIA", "20261129", "us-east-1", "dynamodb", "20261129T120000Z", frozenset({"host"}), "0", None)
PRESIGNED = replace(SIGNED, service="s3", lifetime_seconds=3600)


def fault(signature: Signature, **after: float) -> Reason | None:
    found = signature.fault(NOW + timedelta(**after))
    return found and found[0]


@pytest.mark.parametrize(
    ("service", "minutes", "expected"),
    [
        ("dynamodb", 4.9, None),
        ("dynamodb", 5.1, Reason.SKEWED),
        ("dynamodb", -5.1, Reason.SKEWED),
        ("sts", 14.9, None),
        ("sts", 15.1, Reason.SKEWED),
        ("s3", 14.9, None),
        ("s3", -15.1, Reason.SKEWED),
        ("s3", 24 * 60, Reason.SKEWED),
    ],
)
def test_signature_is_accepted_within_the_clock_skew_of_its_service(
    service: str, minutes: float, expected: Reason | None
) -> None:
    assert fault(replace(SIGNED, service=service), minutes=minutes) is expected


def test_error_of_an_expired_signature_names_both_times() -> None:
    assert SIGNED.fault(NOW + timedelta(days=1)) == (
        Reason.SKEWED,
        "Signature expired: 20261129T120000Z is now earlier than 20261130T115500Z (20261130T120000Z - 5 min.)",
    )


@pytest.mark.parametrize("signature", [SIGNED, PRESIGNED])
def test_scope_of_another_day_is_rejected(signature: Signature) -> None:
    assert fault(replace(signature, day="20261128")) is Reason.WRONG_SIGNATURE


@pytest.mark.parametrize(("minutes", "expected"), [(59, None), (61, Reason.NOT_ALLOWED), (-20, Reason.NOT_ALLOWED)])
def test_presigned_url_works_from_its_date_until_it_expires(minutes: float, expected: Reason | None) -> None:
    assert fault(PRESIGNED, minutes=minutes) is expected


QUERY = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIA/20261129/us-east-1/s3/aws4_request",
    "X-Amz-Date": "20261129T120000Z",
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0",
}


def path_with(**changes: str) -> str:
    query = QUERY | {f"X-Amz-{name}": value for name, value in changes.items()}
    return "/bucket/key?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_presigned_url_is_read() -> None:
    signature = read_signature(path_with(), Headers())
    assert signature is not None
    assert (signature.day, signature.lifetime_seconds) == ("20261129", 60)


@pytest.mark.parametrize(
    "changes",
    [
        {"Expires": ""},
        {"Expires": "0"},
        {"Expires": "-1"},
        {"Expires": "604801"},
        {"Expires": "\N{ARABIC-INDIC DIGIT NINE}"},
        {"Expires": "9" * 5000},
        {"Date": "2026-11-29"},
        {"Date": "20261399T999999Z"},
        {"Credential": "AKIA/20261129/us-east-1/s3"},
        {"Credential": "AKIA/20261129/amazonaws.com?/motoapi/aws4_request"},
        {"SignedHeaders": "range"},
        {"Algorithm": "AWS4-ECDSA-P256-SHA256"},
        {"Signature": "0&X-Amz-Expires=600"},
    ],
)
def test_malformed_presigned_url_is_rejected(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_signature(path_with(**changes), Headers())
