"""Rules on what a certificate and the name that it is for must agree on."""

from toolkit.policy.rule import BLOCKS, Severity, StackCheck, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.acm import CERTIFICATE, CERTIFICATE_VALIDATION
from toolkit.resource_types.apigatewayv2 import DOMAIN_NAME
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.stacks.facts import Broken, Facts, GraphFacts, every
from toolkit.stacks.references import known_text, referred_to


def _certificates(graph: GraphFacts, user: Facts, path: str) -> tuple[Facts, ...]:
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


def _covers(certificate: Facts, name: str) -> bool:
    own = (certificate.text("domainName"), *certificate.texts("subjectAlternativeNames"))
    return any(one == name or (one.startswith("*.") and one[1:] == f".{name.partition('.')[2]}") for one in own)


def _is_covered(type_: str, path: str, names: str) -> StackCheck:
    """A certificate that the stack only names by its ARN is not looked at."""

    def check(graph: GraphFacts, _stack: Stack) -> bool | Broken:
        def covered(user: Facts) -> bool:
            certificates = _certificates(graph, user, path)
            return not certificates or all(
                any(_covers(one, name) for one in certificates) for name in user.texts(names)
            )

        return every(graph.of(type_), covered)

    return check


certificate_covers_name = StackRule(
    name="certificate-covers-name",
    says="Certificates are for the names that they are used for.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    checks={
        "domainName is not among the names of its certificate, so API Gateway rejects it; use the same name": (
            _is_covered(DOMAIN_NAME, "domainNameConfiguration.certificateArn", "domainName")
        ),
        "aliases has a name that is not among those of the certificate, so CloudFront rejects it; use the same": (
            _is_covered(DISTRIBUTION, "viewerCertificate.acmCertificateArn", "aliases")
        ),
    },
)

RULES = (certificate_covers_name,)
