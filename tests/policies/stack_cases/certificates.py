"""Names with certificates for them, and with certificates for others."""

from dataclasses import replace

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
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
