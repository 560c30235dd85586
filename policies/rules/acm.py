"""Rules on certificates."""

from toolkit.policy.rule import WARNS, ResourceRule, Severity, controls
from toolkit.resource_types.acm import CERTIFICATE
from toolkit.stacks.facts import Facts

_STRONG = ("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def _is_made_elsewhere(certificate: Facts) -> bool:
    return certificate.has("certificateBody") or certificate.has("certificateAuthorityArn")


acm_strong_key = ResourceRule(
    name="acm-strong-key",
    says="Certificates have keys that nobody can compute.",
    severity=Severity.MEDIUM,
    levels=WARNS,
    controls=controls("FSBP: ACM.2"),
    types=(CERTIFICATE,),
    checks={
        "keyAlgorithm is weaker than RSA_2048 or unknown here; set that or EC_prime256v1": lambda certificate, _: (
            certificate.text("keyAlgorithm", "RSA_2048") in _STRONG
        )
    },
)

acm_no_wildcard = ResourceRule(
    name="acm-no-wildcard",
    says="A certificate is for the names that it serves.",
    severity=Severity.LOW,
    levels=WARNS,
    controls=controls("CHECKOV: CKV2_AWS_71"),
    types=(CERTIFICATE,),
    checks={
        "domainName or a subjectAlternativeNames holds a wildcard; list the names": lambda certificate, _: (
            not any(
                "*" in name for path in ("domainName", "subjectAlternativeNames") for name in certificate.texts(path)
            )
        )
    },
)

acm_dns_validated = ResourceRule(
    name="acm-dns-validated",
    says="Certificates renew themselves.",
    severity=Severity.MEDIUM,
    levels=WARNS,
    types=(CERTIFICATE,),
    checks={
        "validationMethod is not DNS; by e-mail somebody must answer every year": lambda certificate, _: (
            certificate.text("validationMethod") == "DNS" or _is_made_elsewhere(certificate)
        )
    },
)

RULES = (acm_strong_key, acm_no_wildcard, acm_dns_validated)
