"""Rules on CloudFront distributions and response headers policies."""

from toolkit.policy.cloudfront import can_be_added
from toolkit.policy.rule import (
    Levels,
    ResourceRule,
    Severity,
    StackRule,
    controls,
    for_each,
)
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudfront import DISTRIBUTION, RESPONSE_HEADERS_POLICY
from toolkit.resource_types.cloudwatch import LOG_DELIVERY_SOURCE
from toolkit.stacks.inputs import Inputs, Violations, every

_TLS_1_2_OR_NEWER = ("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")
_ONE_YEAR = 31_536_000
_OF_EDGE_REGION = "arn:aws:acm:us-east-1:"


def _behaviours(distribution: Inputs) -> tuple[Inputs, ...]:
    return (distribution.part("defaultCacheBehavior"), *distribution.parts("orderedCacheBehaviors"))


def _https_only(distribution: Inputs, _stack: Stack) -> bool | Violations:
    return every(
        _behaviours(distribution), lambda each: each.text("viewerProtocolPolicy") in ("https-only", "redirect-to-https")
    )


def _uses_https_to_origin(origin: Inputs) -> bool:
    return not origin.has("customOriginConfig") or (
        origin.text("customOriginConfig.originProtocolPolicy") == "https-only"
        and set(origin.texts("customOriginConfig.originSslProtocols")) == {"TLSv1.2"}
    )


def _has_origin_access_control(origin: Inputs) -> bool:
    """Return whether the origin is no bucket and no function URL, or CloudFront signs requests to it."""
    host = origin.text("domainName")
    needs = origin.has("s3OriginConfig") or ".s3." in host or ".lambda-url." in host
    return not needs or origin.has("originAccessControlId")


def _headers_can_be_sent(distribution: Inputs, _stack: Stack) -> bool | Violations:
    origins = distribution.parts("origins")
    headers = (header for origin in origins for header in origin.parts("customHeaders"))
    return every(headers, lambda header: can_be_added(header.text("name")))


cloudfront_waf = ResourceRule(
    name="cloudfront-waf",
    description="CloudFront distributions have an AWS WAF web ACL",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudFront.6; NAG: CFR2; CHECKOV: CKV_AWS_68; GUARD: cloudfront_associated_with_waf"),
    types=(DISTRIBUTION,),
    message="webAclId is absent; set it to a web ACL",
    check=lambda distribution, _: bool(distribution.text("webAclId")),
)

cloudfront_viewer_https = ResourceRule(
    name="cloudfront-viewer-https",
    description="CloudFront distributions require HTTPS from viewers",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: CloudFront.3; CHECKOV: CKV_AWS_34"),
    types=(DISTRIBUTION,),
    message="a behavior's viewerProtocolPolicy allows HTTP; set redirect-to-https or https-only",
    check=_https_only,
)

cloudfront_viewer_tls = ResourceRule(
    name="cloudfront-viewer-tls",
    description="CloudFront distributions use the security policy TLSv1.2_2021",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: CloudFront.15; NAG: CFR4; CHECKOV: CKV_AWS_174"),
    types=(DISTRIBUTION,),
    message="viewerCertificate.minimumProtocolVersion allows old ciphers; set TLSv1.2_2021",
    check=lambda distribution, _: (
        distribution.text("viewerCertificate.minimumProtocolVersion", "TLSv1") in _TLS_1_2_OR_NEWER
    ),
)

cloudfront_own_certificate = ResourceRule(
    name="cloudfront-own-certificate",
    description="CloudFront distributions use an ACM certificate of us-east-1 with SNI",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: CloudFront.7, CloudFront.8; CHECKOV: CKV2_AWS_42"),
    types=(DISTRIBUTION,),
    checks={
        "viewerCertificate.acmCertificateArn is absent; set it to a certificate of us-east-1": lambda distribution, _: (
            distribution.has("viewerCertificate.acmCertificateArn")
        ),
        "viewerCertificate.acmCertificateArn is not of us-east-1, which CloudFront requires; set it to one of "
        "us-east-1": lambda distribution, _: distribution.text(
            "viewerCertificate.acmCertificateArn", _OF_EDGE_REGION
        ).startswith(_OF_EDGE_REGION),
        "viewerCertificate.sslSupportMethod is not sni-only, and a dedicated IP address costs 600 dollars a month; "
        "set sni-only": (
            lambda distribution, _: distribution.text("viewerCertificate.sslSupportMethod", "sni-only") == "sni-only"
        ),
    },
)

cloudfront_origin_tls = ResourceRule(
    name="cloudfront-origin-tls",
    description="CloudFront distributions use HTTPS with TLS 1.2 to custom origins",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: CloudFront.9, CloudFront.10; NAG: CFR5; CHECKOV: CKV2_AWS_54, CKV2_AWS_72"),
    types=(DISTRIBUTION,),
    message="an origin's originProtocolPolicy is not https-only or originSslProtocols are not TLSv1.2 alone; set both",
    check=lambda distribution, _: every(distribution.parts("origins"), _uses_https_to_origin),
)

cloudfront_origin_access = ResourceRule(
    name="cloudfront-origin-access",
    description="S3 and function URL origins have an origin access control",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: CloudFront.13, CloudFront.16; NAG: CFR7; CHECKOV: CKV2_AWS_46"),
    types=(DISTRIBUTION,),
    message="an S3 or function URL origin has no originAccessControlId; set it to an origin access control",
    check=lambda distribution, _: every(distribution.parts("origins"), _has_origin_access_control),
)

cloudfront_security_headers = ResourceRule(
    name="cloudfront-security-headers",
    description="Cache behaviors have a response headers policy",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("CHECKOV: CKV2_AWS_32"),
    types=(DISTRIBUTION,),
    message="a behavior has no responseHeadersPolicyId; set it to a policy with Strict-Transport-Security",
    check=lambda distribution, _: every(_behaviours(distribution), lambda each: each.has("responseHeadersPolicyId")),
)

cloudfront_origin_headers = ResourceRule(
    name="cloudfront-origin-headers",
    description="Custom origin headers have names that CloudFront accepts",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(DISTRIBUTION,),
    message="an origin's customHeaders has a name that CloudFront rejects (X-Amz-…, X-Edge-…, Host, Cookie and "
    "others); choose another, such as x-origin-key",
    check=_headers_can_be_sent,
)

headers_policy_hsts = ResourceRule(
    name="headers-policy-hsts",
    description="Response headers policies set Strict-Transport-Security for a year",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(RESPONSE_HEADERS_POLICY,),
    checks={
        "strictTransportSecurity.accessControlMaxAgeSec is less than a year; raise it to 31536000": (
            lambda policy, _: (
                policy.number("securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec", 0) >= _ONE_YEAR
            )
        ),
        "strictTransportSecurity.override is not true, so a header of the origin replaces it; set it to true": (
            lambda policy, _: policy.flag("securityHeadersConfig.strictTransportSecurity.override")
        ),
    },
)

cloudfront_logs = StackRule(
    name="cloudfront-logs",
    description="CloudFront distributions have access logging on",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: CloudFront.5; NAG: CFR3; CHECKOV: CKV_AWS_86; CIS7: 4.10"),
    message="the distribution has neither loggingConfig nor a LogDeliverySource with its ARN; add the latter",
    check=for_each(DISTRIBUTION)(
        lambda each, graph, _: (
            each.has("loggingConfig") or bool(graph.using(each, LOG_DELIVERY_SOURCE, by="resourceArn"))
        )
    ),
)


def _enforces_tls(policy: Inputs, _stack: Stack) -> bool:
    header = policy.part("securityHeadersConfig").part("strictTransportSecurity")
    return header.number("accessControlMaxAgeSec", 0) >= _ONE_YEAR and all(
        header.flag(name) for name in ("override", "includeSubdomains", "preload")
    )


hsts_preloaded = ResourceRule(
    name="hsts-preloaded",
    description="Strict-Transport-Security overrides the origin, includes subdomains and is preloaded",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_259"),
    types=(RESPONSE_HEADERS_POLICY,),
    message="strictTransportSecurity lacks a year of accessControlMaxAgeSec, override, includeSubdomains or preload; "
    "set all",
    check=_enforces_tls,
)

cloudfront_enabled = ResourceRule(
    name="cloudfront-enabled",
    description="CloudFront distributions are enabled",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_216"),
    types=(DISTRIBUTION,),
    message="enabled is not true; set it to true",
    check=lambda distribution, _: distribution.flag("enabled"),
)
