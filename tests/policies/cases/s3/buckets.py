"""Cases of the rules on S3 buckets."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.s3 import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_CORS,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_BLOCK,
    BUCKET_VERSIONING,
    BUCKET_WEBSITE,
)

ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-aaaabbbb"}}
OPEN = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}


def policy(effect: str, principal: Any, action: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "arn:aws:s3:::b/*", **more}
    return {"policy": {"Version": "2012-10-17", "Statement": [statement]}}


def on_http(value: Any) -> dict[str, Any]:
    return {"Condition": {"Bool": {"aws:SecureTransport": value}}}


CDN = {"Service": "cloudfront.amazonaws.com"}


CASES = {
    "s3-acl-off": ResourceCase(
        BUCKET_OWNERSHIP,
        good={"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        bad={
            "ACLs": {"rule": {"objectOwnership": "ObjectWriter"}},
            "an ACL": Subject(BUCKET_ACL, {"acl": "public-read"}),
        },
        absent="fail",
    ),
    "s3-bucket-parts-apart": ResourceCase(
        BUCKET,
        good={},
        bad={
            "an ACL": {"acl": "public-read"},
            "a policy": {"policy": "{}"},
            "a site": {"website": {}},
            "a lifecycle": {"lifecycleRules": [{"enabled": True, "expiration": {"days": 1}}]},
            "pages": {"corsRules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}]},
        },
        absent="pass",
    ),
    "s3-policy-not-public": ResourceCase(
        BUCKET_POLICY,
        good=policy("Allow", CDN, "s3:GetObject"),
        bad={
            "everybody": policy("Allow", "*", "s3:GetObject"),
            "everybody, in a list": policy("Allow", {"AWS": ["*"]}, ["s3:GetObject"]),
            "everybody, with an organization that may be absent": policy(
                "Allow", "*", "s3:GetObject", Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-aaaabbbb"}}
            ),
            "everybody of any account": policy(
                "Allow", "*", "s3:GetObject", Condition={"StringLike": {"aws:PrincipalAccount": "*"}}
            ),
            "all actions": policy("Allow", CDN, "S3:*"),
            "all but one action": {
                "policy": {"Statement": {"Effect": "Allow", "Principal": CDN, "NotAction": "s3:Get*", "Resource": "*"}}
            },
            "all but one object": {
                "policy": {
                    "Statement": {"Effect": "Allow", "Principal": CDN, "Action": "s3:GetObject", "NotResource": "a"}
                }
            },
            "all but one principal": {
                "policy": {"Statement": {"Effect": "Allow", "NotPrincipal": CDN, "Action": "s3:GetObject"}}
            },
        },
        absent="pass",
        also_good={"an organisation": policy("Allow", "*", "s3:GetObject", Condition=ORG)},
    ),
    "s3-policy-tls-only": ResourceCase(
        BUCKET_POLICY,
        good=policy("Deny", "*", "s3:*", **on_http("false")),
        bad={
            "no denial": policy("Allow", CDN, "s3:GetObject"),
            "a denial of TLS": policy("Deny", "*", "s3:*", **on_http("true")),
            "of some": policy("Deny", CDN, "s3:*", **on_http("false")),
            "allowed": policy("Allow", "*", "s3:*", **on_http("false")),
            "reading only": policy("Deny", "*", "s3:GetObject", **on_http("false")),
            "all but some": {
                "policy": {
                    "Statement": {"Effect": "Deny", "NotPrincipal": CDN, "Action": "s3:*", **on_http("false")},
                }
            },
            "of one network": policy(
                "Deny",
                "*",
                "s3:*",
                Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}},
            ),
        },
        absent="fail",
        also_good={"written otherwise": policy("Deny", {"AWS": "*"}, ["s3:*"], **on_http([False]))},
    ),
    "s3-public-block": ResourceCase(
        BUCKET_PUBLIC_BLOCK,
        good=OPEN,
        bad={f"without {name}": {**OPEN, name: False} for name in OPEN},
        absent="fail",
    ),
    "s3-versioning": ResourceCase(
        BUCKET_VERSIONING,
        good={"versioningConfiguration": {"status": "Enabled"}},
        bad={"suspended": {"versioningConfiguration": {"status": "Suspended"}}},
        absent="fail",
    ),
    "s3-lifecycle": ResourceCase(
        BUCKET_LIFECYCLE,
        good={
            "rules": [
                {
                    "status": "Enabled",
                    "expiration": {"days": 90},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 2},
                },
            ]
        },
        bad={
            "uploads stay": {"rules": [{"status": "Enabled", "expiration": {"days": 90}}]},
            "objects stay": {
                "rules": [{"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 2}}]
            },
            "parts for a year": {
                "rules": [
                    {
                        "status": "Enabled",
                        "expiration": {"days": 90},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 365},
                    }
                ]
            },
            "switched off": {
                "rules": [{"status": "Disabled", "expiration": {}, "abortIncompleteMultipartUpload": {}}],
            },
        },
        absent="fail",
    ),
    "s3-access-logs": ResourceCase(
        BUCKET_LOGGING, good={"targetBucket": "logs"}, bad={"nowhere": {"targetPrefix": "b/"}}, absent="fail"
    ),
    "s3-cors-bounded": ResourceCase(
        BUCKET_CORS,
        good={"corsRules": [{"allowedOrigins": ["https://app.example.com"]}]},
        bad={
            "everybody": {"corsRules": [{"allowedOrigins": ["*"]}]},
            "every page of a domain": {"corsRules": [{"allowedOrigins": ["https://*.example.com"]}]},
            "in clear": {"corsRules": [{"allowedOrigins": ["http://app.example.com"]}]},
            "deletion": {"corsRules": [{"allowedOrigins": ["https://a.example.com"], "allowedMethods": ["DELETE"]}]},
        },
        absent="pass",
        also_good={
            "uploads": {"corsRules": [{"allowedOrigins": ["https://a.example.com"], "allowedMethods": ["PUT", "GET"]}]}
        },
    ),
    "s3-sse-c-blocked": ResourceCase(
        BUCKET_ENCRYPTION,
        good={"rules": [{"blockedEncryptionTypes": ["SSE-C"]}]},
        bad={"allowed": {"rules": [{"blockedEncryptionTypes": ["NONE"]}]}},
        absent="pass",
        also_good={"S3's default": {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}},
    ),
    "s3-no-website": ResourceCase(
        BUCKET_WEBSITE,
        good=Subject(BUCKET, {}),
        bad={"any": {"indexDocument": {"suffix": "index.html"}}},
        absent="fail",
    ),
}
