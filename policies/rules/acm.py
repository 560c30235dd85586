"""Rules on ACM certificates."""

from toolkit.policy.rule import Levels, ResourceRule, Severity, StackCheck, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.acm import CERTIFICATE, CERTIFICATE_VALIDATION
from toolkit.resource_types.apigatewayv2 import DOMAIN_NAME
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import known_text, referred_to

_STRONG = ("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def _is_made_elsewhere(certificate: Inputs) -> bool:
    return certificate.has("certificateBody") or certificate.has("certificateAuthorityArn")


acm_strong_key = ResourceRule(
    name="acm-strong-key",
    description="ACM certificates use RSA 2048, EC prime256v1 or a stronger key",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    controls=controls("FSBP: ACM.2"),
    types=(CERTIFICATE,),
    message="keyAlgorithm is weaker than RSA_2048 or unknown here; set that or EC_prime256v1",
    check=lambda certificate, _: certificate.text("keyAlgorithm", "RSA_2048") in _STRONG,
)

acm_no_wildcard = ResourceRule(
    name="acm-no-wildcard",
    description="ACM certificates have no wildcard domain names",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("CHECKOV: CKV2_AWS_71"),
    types=(CERTIFICATE,),
    message="domainName or subjectAlternativeNames has a wildcard; list the names",
    check=lambda certificate, _: (
        not any("*" in name for path in ("domainName", "subjectAlternativeNames") for name in certificate.texts(path))
    ),
)

acm_dns_validated = ResourceRule(
    name="acm-dns-validated",
    description="ACM certificates are validated by DNS, so they renew automatically",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    types=(CERTIFICATE,),
    message="validationMethod is not DNS, so renewal needs an answer to an e-mail; set it to DNS",
    check=lambda certificate, _: certificate.text("validationMethod") == "DNS" or _is_made_elsewhere(certificate),
)


def _certificates(graph: StackInputs, user: Inputs, path: str) -> tuple[Inputs, ...]:
    """Return the certificates of the stack that the property names, by themselves or by their validation."""
    root, arn = path.partition(".")[0], known_text(user, path)
    direct = referred_to(user, root, arn, graph.of(CERTIFICATE), "arn")
    waits = graph.behind(user, root, CERTIFICATE_VALIDATION)
    through = (
        one
        for wait in waits
        for one in referred_to(
            wait, "certificateArn", arn or known_text(wait, "certificateArn"), graph.of(CERTIFICATE), "arn"
        )
    )
    return tuple(dict.fromkeys((*direct, *through)))


def _covers(certificate: Inputs, name: str) -> bool:
    own = (certificate.text("domainName"), *certificate.texts("subjectAlternativeNames"))
    return any(one == name or (one.startswith("*.") and one[1:] == f".{name.partition('.')[2]}") for one in own)


def _is_covered(type_: str, path: str, names: str) -> StackCheck:
    """Ignore a certificate that the stack names by its ARN only."""

    @for_each(type_)
    def check(user: Inputs, graph: StackInputs, _stack: Stack) -> bool:
        certificates = _certificates(graph, user, path)
        return not certificates or all(any(_covers(one, name) for one in certificates) for name in user.texts(names))

    return check


certificate_covers_name = StackRule(
    name="certificate-covers-name",
    description="ACM certificates cover the domain names that use them",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    checks={
        "domainName is not among the names of its certificate, so API Gateway rejects it; use the same name": (
            _is_covered(DOMAIN_NAME, "domainNameConfiguration.certificateArn", "domainName")
        ),
        "aliases has a name that is not among those of the certificate, so CloudFront rejects it; use the same": (
            _is_covered(DISTRIBUTION, "viewerCertificate.acmCertificateArn", "aliases")
        ),
    },
)

acm_transparency_logged = ResourceRule(
    name="acm-transparency-logged",
    description="ACM certificates have certificate transparency logging on",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_234"),
    types=(CERTIFICATE,),
    message="options.certificateTransparencyLoggingPreference is DISABLED; remove it",
    check=lambda certificate, _: (
        certificate.text("options.certificateTransparencyLoggingPreference", "ENABLED") == "ENABLED"
    ),
)
