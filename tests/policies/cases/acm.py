"""Certificates that keep each rule, and those that break it."""

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.acm import CERTIFICATE

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
}
