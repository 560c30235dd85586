"""ACM certificates and their validation."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import acm as types


class _Certificate(Entry):
    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        options = found["domainValidationOptions"]
        return {
            "validationMethod": options[0]["validationMethod"],
            "domainValidationOptions": [
                {
                    "domainName": option["domainName"],
                    "resourceRecordName": option["resourceRecord"]["name"],
                    "resourceRecordType": option["resourceRecord"]["type"],
                    "resourceRecordValue": option["resourceRecord"]["value"],
                }
                for option in options
            ],
        }


class _Validation(Entry):
    """A certificate needs no validation record here: it must only exist."""

    def delete(self, aws: Aws, arn: str, outputs: Properties) -> None:
        """Do nothing: the certificate stays."""


ENTRIES = (
    _Certificate(
        type=types.CERTIFICATE,
        service="acm",
        noun="certificate",
        create_call="request_{noun}",
        read_call="describe_{noun}",
        update_call=None,
        result="certificate",
        id="{arn}",
        names={"CertificateArn": "arn"},
        inputs=frozenset({"domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod"})
        | {"region", "tags"},
        required=frozenset({"domainName", "validationMethod"}),
        outputs=frozenset({"arn", "status"}),
        not_returned=frozenset({"keyAlgorithm"}),  # moto always makes RSA keys
        tag_calls=("add_tags_to_certificate", "remove_tags_from_certificate", "list_tags_for_certificate"),
    ),
    _Validation(
        type=types.CERTIFICATE_VALIDATION,
        service="acm",
        noun="certificate",
        create_call="describe_{noun}",
        read_call="describe_{noun}",
        update_call=None,
        id="{certificateArn}",
        inputs=frozenset({"certificateArn", "validationRecordFqdns", "region"}),
        required=frozenset({"certificateArn"}),
        not_returned=frozenset({"validationRecordFqdns", "region"}),  # AWS keeps neither of them
    ),
)
