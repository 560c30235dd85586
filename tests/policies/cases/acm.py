"""Cases of the rules on ACM certificates."""

from dataclasses import replace

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.acm import CERTIFICATE, CERTIFICATE_VALIDATION
from toolkit.resource_types.apigatewayv2 import DOMAIN_NAME
from toolkit.resource_types.cloudfront import DISTRIBUTION

ARN = "arn:aws:acm:eu-central-1:333333333333:certificate/c"
CERTIFIED = Subject(CERTIFICATE, {"arn": ARN, "domainName": "api.example.com"}, "certificate")
NAME = Subject(
    DOMAIN_NAME,
    {"domainName": "api.example.com", "domainNameConfiguration": {"certificateArn": ARN}},
    "name",
    dependencies={"domainNameConfiguration": ("validated",)},
)
VALIDATED = Subject(
    CERTIFICATE_VALIDATION, {"certificateArn": ARN}, "validated", dependencies={"certificateArn": ("certificate",)}
)
EDGE = Subject(DISTRIBUTION, {"aliases": ["api.example.com"], "viewerCertificate": {"acmCertificateArn": ARN}}, "edge")
OTHER = replace(CERTIFIED, properties={"arn": ARN, "domainName": "www.example.com"})


CASES = {
    "acm-strong-key": ResourceCase(
        CERTIFICATE,
        good={"keyAlgorithm": "EC_prime256v1"},
        bad={"short": {"keyAlgorithm": "RSA_1024"}},
        absent="pass",
    ),
    "acm-no-wildcard": ResourceCase(
        CERTIFICATE,
        good={"domainName": "api.example.com", "subjectAlternativeNames": ["www.example.com"]},
        bad={
            "every name": {"domainName": "*.example.com"},
            "every name besides": {"domainName": "example.com", "subjectAlternativeNames": ["*.example.com"]},
        },
        absent="pass",
    ),
    "acm-dns-validated": ResourceCase(
        CERTIFICATE,
        good={"validationMethod": "DNS"},
        bad={"by e-mail": {"validationMethod": "EMAIL"}},
        absent="fail",
        also_good={"made elsewhere": {"certificateBody": "-----BEGIN CERTIFICATE-----"}},
    ),
    "certificate-covers-name": StackCase(
        good=(CERTIFIED, VALIDATED, NAME, EDGE),
        bad={
            "a name of an API": (OTHER, VALIDATED, NAME),
            "an alias": (OTHER, EDGE),
            "one alias of two": (
                CERTIFIED,
                replace(EDGE, properties={**EDGE.properties, "aliases": ["api.example.com", "www.example.com"]}),
            ),
        },
        also_good={
            "a wildcard": (replace(CERTIFIED, properties={"arn": ARN, "domainName": "*.example.com"}), EDGE),
            "a certificate of another stack": (EDGE, NAME),
            "two names": (
                replace(CERTIFIED, properties={**OTHER.properties, "subjectAlternativeNames": ["api.example.com"]}),
                EDGE,
            ),
        },
    ),
}
