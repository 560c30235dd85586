"""ACM certificates and their validation."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import acm as types

FIELDS = {
    "domainName": "DomainName",
    "keyAlgorithm": "KeyAlgorithm",
    "subjectAlternativeNames": "SubjectAlternativeNames",
    "validationMethod": "ValidationMethod",
}


def _client(aws: Aws, arn: str) -> Any:
    return aws.client("acm", arn.split(":")[3])


def _create(aws: Aws, wanted: Properties) -> str:
    tags = {"Tags": tag_list(wanted["tagsAll"])} if wanted["tagsAll"] else {}
    response = aws.client("acm", wanted.get("region")).request_certificate(**to_aws(wanted, FIELDS), **tags)
    return str(response["CertificateArn"])


def _read(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    acm = _client(aws, arn)
    response = found_or_none(acm.describe_certificate, CertificateArn=arn)
    if response is None:
        return None
    found = response["Certificate"]
    options = found["DomainValidationOptions"]
    return {
        **from_aws(found, FIELDS),
        "arn": arn,
        "region": arn.split(":")[3],
        "status": found["Status"],
        "validationMethod": options[0]["ValidationMethod"],
        "domainValidationOptions": [
            {
                "domainName": option["DomainName"],
                "resourceRecordName": option["ResourceRecord"]["Name"],
                "resourceRecordType": option["ResourceRecord"]["Type"],
                "resourceRecordValue": option["ResourceRecord"]["Value"],
            }
            for option in options
        ],
        "tagsAll": tag_map(acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]),
    }


def _update(_aws: Aws, _arn: str, _state: Properties, _wanted: Properties, _changed: frozenset[str]) -> None:
    """Change nothing: tags are changed by the entry's `tags`."""


def _delete(aws: Aws, arn: str, _outputs: Properties) -> None:
    _client(aws, arn).delete_certificate(CertificateArn=arn)


def _tags(aws: Aws, arn: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    acm, before = _client(aws, arn), state.get("tagsAll", {})
    acm.add_tags_to_certificate(CertificateArn=arn, Tags=tag_list(tags))
    if removed:
        acm.remove_tags_from_certificate(CertificateArn=arn, Tags=tag_list({key: before[key] for key in removed}))


def _validate(aws: Aws, wanted: Properties) -> str:
    """Check that the certificate exists; it needs no validation record here."""
    arn = str(wanted["certificateArn"])
    _client(aws, arn).describe_certificate(CertificateArn=arn)
    return arn


def _read_validation(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    found = found_or_none(_client(aws, arn).describe_certificate, CertificateArn=arn)
    return None if found is None else {"certificateArn": arn}


ENTRIES = (
    Entry(
        type=types.CERTIFICATE,
        inputs=frozenset(FIELDS) | {"region", "tags"},
        required=frozenset({"domainName", "validationMethod"}),
        unread=frozenset({"keyAlgorithm"}),  # moto always makes RSA keys
        tags=_tags,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
    ),
    Entry(
        type=types.CERTIFICATE_VALIDATION,
        inputs=frozenset({"certificateArn", "validationRecordFqdns", "region"}),
        required=frozenset({"certificateArn"}),
        unread=frozenset({"validationRecordFqdns", "region"}),  # AWS keeps neither of them
        create=_validate,
        read=_read_validation,
        delete=lambda _aws, _arn, _outputs: None,
    ),
)
