"""Examples of the resource types of AWS Certificate Manager."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import acm as types


def certificate(_parents: Parents) -> Example:
    return Example(
        {
            "domainName": "api.example.com",
            "validationMethod": "DNS",
            "keyAlgorithm": "EC_prime256v1",
            "region": "eu-west-1",
            "tags": {"a": "b", "c": "d"},
        },
        {"tags": {"a": "c"}},
        {"domainName": "other.example.com"},
    )


def certificate_validation(parents: Parents) -> Example:
    return Example(
        {"certificateArn": parents.certificate, "validationRecordFqdns": ["_a.api.example.com"]},
        replaces={"certificateArn": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.CERTIFICATE: certificate,
    types.CERTIFICATE_VALIDATION: certificate_validation,
}
