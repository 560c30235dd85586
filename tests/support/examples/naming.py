"""Examples of what gives a service its name: certificates, domains, records."""

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents


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


def domain_name(parents: Parents) -> Example:
    configuration = {"certificateArn": parents.certificate, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}
    return Example(
        {
            "domainName": f"{unique('api')}.example.com",
            "domainNameConfiguration": configuration,
            "tags": {"a": "b", "c": "d"},
        },
        {"domainNameConfiguration": {**configuration, "certificateArn": "arn:another"}, "tags": {"a": "c"}},
        {"domainName": "other.example.com"},
    )


def api_mapping(parents: Parents) -> Example:
    return Example(
        {"apiId": parents.api, "domainName": parents.domain, "stage": parents.stage},
        {"apiMappingKey": "v1"},
        {"domainName": "other.example.com"},
    )


def record(parents: Parents) -> Example:
    target = {"name": "d-1.execute-api.us-east-1.amazonaws.com", "zoneId": "Z1UJRXOUMOOFQ8"}
    return Example(
        {
            "zoneId": parents.zone,
            "name": f"{unique('api')}.example.com",
            "type": "A",
            "aliases": [{**target, "evaluateTargetHealth": False}],
        },
        {"aliases": [{**target, "evaluateTargetHealth": True}]},
        {"type": "AAAA"},
    )


EXAMPLES: dict[str, Maker] = {
    "aws:acm/certificate:Certificate": certificate,
    "aws:acm/certificateValidation:CertificateValidation": certificate_validation,
    "aws:apigatewayv2/domainName:DomainName": domain_name,
    "aws:apigatewayv2/apiMapping:ApiMapping": api_mapping,
    "aws:route53/record:Record": record,
}
