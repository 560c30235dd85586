"""Cases of the rules on CloudFront distributions and response headers policies."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.cloudfront import DISTRIBUTION, RESPONSE_HEADERS_POLICY
from toolkit.resource_types.cloudwatch import LOG_DELIVERY_SOURCE


def origin(protocol: str, *versions: str) -> dict[str, Any]:
    return {
        "origins": [
            {
                "domainName": "origin.example.com",
                "customOriginConfig": {"originProtocolPolicy": protocol, "originSslProtocols": list(versions)},
            }
        ]
    }


def viewer(**certificate: str) -> dict[str, Any]:
    return {"viewerCertificate": certificate}


def sent(*names: str) -> dict[str, Any]:
    headers = [{"name": name, "value": "v"} for name in names]
    return {"origins": [{"domainName": "origin.example.com", "customHeaders": headers}]}


def hsts(seconds: int, *, override: bool = True) -> dict[str, Any]:
    header = {"accessControlMaxAgeSec": seconds, "override": override}
    return {"securityHeadersConfig": {"strictTransportSecurity": header}}


HTTPS, HTTP = {"viewerProtocolPolicy": "redirect-to-https"}, {"viewerProtocolPolicy": "allow-all"}
HEADERS = {"responseHeadersPolicyId": "0123"}
CERTIFICATE = "arn:aws:acm:us-east-1:333333333333:certificate/0123"
BUCKET = "files.s3.eu-central-1.amazonaws.com"


EDGE = Subject(DISTRIBUTION, {}, "edge")


CASES = {
    "cloudfront-waf": ResourceCase(
        DISTRIBUTION,
        good={"webAclId": "arn:aws:wafv2:us-east-1:333333333333:global/webacl/a/0"},
        bad={"none": {"webAclId": ""}},
        absent="fail",
    ),
    "cloudfront-viewer-https": ResourceCase(
        DISTRIBUTION,
        good={"defaultCacheBehavior": HTTPS, "orderedCacheBehaviors": [{"viewerProtocolPolicy": "https-only"}]},
        bad={
            "HTTP": {"defaultCacheBehavior": HTTP},
            "HTTP for some": {"defaultCacheBehavior": HTTPS, "orderedCacheBehaviors": [HTTPS, HTTP]},
        },
        absent="fail",
    ),
    "cloudfront-viewer-tls": ResourceCase(
        DISTRIBUTION,
        good=viewer(minimumProtocolVersion="TLSv1.2_2021"),
        bad={
            "old": viewer(minimumProtocolVersion="TLSv1"),
            "CloudFront's": viewer(cloudfrontDefaultCertificate="true"),
        },
        absent="fail",
    ),
    "cloudfront-own-certificate": ResourceCase(
        DISTRIBUTION,
        good=viewer(acmCertificateArn=CERTIFICATE, sslSupportMethod="sni-only"),
        bad={
            "dear": viewer(acmCertificateArn=CERTIFICATE, sslSupportMethod="vip"),
            "none": viewer(),
            "of another region": viewer(acmCertificateArn=CERTIFICATE.replace("us-east-1", "eu-central-1")),
        },
        absent="fail",
    ),
    "cloudfront-origin-tls": ResourceCase(
        DISTRIBUTION,
        good=origin("https-only", "TLSv1.2"),
        bad={
            "HTTP": origin("http-only", "TLSv1.2"),
            "as it came": origin("match-viewer", "TLSv1.2"),
            "old TLS too": origin("https-only", "TLSv1", "TLSv1.2"),
            "no TLS": origin("https-only"),
        },
        absent="pass",
    ),
    "cloudfront-origin-access": ResourceCase(
        DISTRIBUTION,
        good={"origins": [{"domainName": BUCKET, "originAccessControlId": "0123"}]},
        bad={
            "a bucket": {"origins": [{"domainName": BUCKET}]},
            "the old identity": {"origins": [{"domainName": "files", "s3OriginConfig": {"originAccessIdentity": "i"}}]},
            "a function URL": {"origins": [{"domainName": "abc.lambda-url.eu-central-1.on.aws"}]},
        },
        absent="pass",
        also_good={"an API": origin("https-only", "TLSv1.2")},
    ),
    "cloudfront-security-headers": ResourceCase(
        DISTRIBUTION,
        good={"defaultCacheBehavior": HEADERS, "orderedCacheBehaviors": [HEADERS]},
        bad={
            "none": {"defaultCacheBehavior": HTTPS},
            "not for some": {"defaultCacheBehavior": HEADERS, "orderedCacheBehaviors": [HTTPS]},
        },
        absent="fail",
    ),
    "cloudfront-origin-headers": ResourceCase(
        DISTRIBUTION,
        good=sent("x-origin-key"),
        bad={
            "X-Edge-": sent("x-edge-key"),
            "X-Amz-": sent("X-Amz-Key"),
            "on the list": sent("x-origin-key", "Host"),
        },
        absent="pass",
        also_good={"no headers": {"origins": [{"domainName": "origin.example.com"}]}, "X-Edge": sent("x-edge")},
    ),
    "headers-policy-hsts": ResourceCase(
        RESPONSE_HEADERS_POLICY,
        good=hsts(63_072_000),
        bad={
            "an hour": hsts(3600),
            "none": {"comment": "no"},
            "the origin's": hsts(63_072_000, override=False),
        },
        absent="fail",
    ),
    "cloudfront-logs": StackCase(
        good=(EDGE, Subject(LOG_DELIVERY_SOURCE, {}, "source", dependencies={"resourceArn": ("edge",)})),
        bad={"none": (EDGE,), "another's": (EDGE, Subject(LOG_DELIVERY_SOURCE, {}, "source"))},
        also_good={"to a bucket": (Subject(DISTRIBUTION, {"loggingConfig": {"bucket": "logs"}}, "edge"),)},
    ),
}
