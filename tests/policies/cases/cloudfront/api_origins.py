"""Cases of the rules on distributions whose origin is an API."""

import hashlib
from dataclasses import replace
from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, DOMAIN_NAME, ROUTE
from toolkit.resource_types.cloudfront import CACHE_POLICY, DISTRIBUTION, ORIGIN_REQUEST_POLICY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.wafv2 import WEB_ACL, WEB_ACL_ASSOCIATION

DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
USER_AGENT = "acba4595-bd28-49b8-b9fe-13317c0390fa"
KEY = "k" * 40
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
HTTP_API = Subject(API, {"apiEndpoint": "https://abc.execute-api.eu-central-1.amazonaws.com"}, "api")
NAME = Subject(DOMAIN_NAME, {"domainName": "origin.example.com"}, "name")
ITEM = Subject(ROUTE, {"routeKey": "PUT /items/{id}", "authorizationType": "JWT"}, "item")
HEALTH = Subject(ROUTE, {"routeKey": "GET /health"}, "health")
CACHES = Subject(CACHE_POLICY, {"id": "own-cache", "maxTtl": 60}, "cache")
PASSES = {"id": "own-request", "headersConfig": {"headerBehavior": "allExcept", "headers": {"items": ["Host"]}}}


def behaviour(**changed: Any) -> dict[str, Any]:
    usual = {"targetOriginId": "api", "cachePolicyId": DISABLED, "allowedMethods": METHODS}
    return {**usual, "originRequestPolicyId": ALL_VIEWER_EXCEPT_HOST, **changed}


def origin(host: str = "origin.example.com", key: str | None = KEY, name: str = "api") -> dict[str, Any]:
    headers = [] if key is None else [{"name": "X-Origin-Key", "value": key}]
    return {"originId": name, "domainName": host, "customHeaders": headers}


def edge(*ordered: dict[str, Any], origins: tuple[dict[str, Any], ...] = (), **default: Any) -> Subject:
    properties = {"defaultCacheBehavior": behaviour(**default), "orderedCacheBehaviors": list(ordered)}
    return Subject(DISTRIBUTION, {**properties, "origins": list(origins or (origin(),))}, "edge")


def stack(distribution: Subject, *others: Subject) -> tuple[Subject, ...]:
    return (HTTP_API, NAME, ITEM, HEALTH, distribution, *others)


def function(*keys: str) -> Subject:
    digests = ",".join(hashlib.sha256(key.encode()).hexdigest() for key in keys)
    return Subject(FUNCTION, {"environment": {"variables": {"ORIGIN_KEY_DIGESTS": digests}}}, "function")


def old_caching(**ttl: int) -> dict[str, Any]:
    behaviour_ = behaviour(forwardedValues={"headers": ["Authorization"]}, **ttl)
    return {"cachePolicyId": None, "originRequestPolicyId": None} | {
        key: value for key, value in behaviour_.items() if key in {"forwardedValues", *ttl}
    }


BUCKET = origin("files.s3.eu-central-1.amazonaws.com", None, "files")
OTHER = origin("api.example.net", None, "other")
ACL_ARN = "arn:aws:wafv2:us-east-1:333333333333:global/webacl/a/0"
ACL = Subject(WEB_ACL, {"scope": "CLOUDFRONT", "arn": ACL_ARN}, "acl")
GUARDED = Subject(DISTRIBUTION, {"webAclId": ACL_ARN}, "edge", dependencies={"webAclId": ("acl",)})


CASES = {
    "cloudfront-api-uncached": StackCase(
        good=stack(edge()),
        bad={
            "CachingOptimized": stack(edge(cachePolicyId=OPTIMIZED)),
            "a policy with a TTL": stack(edge(cachePolicyId="own-cache"), CACHES),
            "a policy without TTLs": stack(
                edge(cachePolicyId="own-cache"), replace(CACHES, properties={"id": "own-cache"})
            ),
            "a policy of elsewhere": stack(edge(cachePolicyId="own-cache")),
            "an old TTL": stack(edge(**old_caching(maxTtl=60))),
            "no TTL, which is a year": stack(edge(**old_caching())),
            "some of the routes": stack(edge(behaviour(pathPattern="/items/*", cachePolicyId=OPTIMIZED))),
            "without a slash": stack(edge(behaviour(pathPattern="items/?", cachePolicyId=OPTIMIZED))),
        },
        also_good={
            "a policy with no TTL": stack(
                edge(cachePolicyId="own-cache"), replace(CACHES, properties={"id": "own-cache", "maxTtl": 0})
            ),
            "an old TTL of 0": stack(edge(**old_caching(maxTtl=0))),
            "what is public": stack(edge(behaviour(pathPattern="/health*", cachePolicyId=OPTIMIZED))),
            "files": stack(
                edge(
                    behaviour(pathPattern="/static/*", cachePolicyId=OPTIMIZED, targetOriginId="files"),
                    origins=(origin(), BUCKET),
                )
            ),
            "a web site beside the API": stack(edge(cachePolicyId=OPTIMIZED, origins=(BUCKET,))),
            "a web site, and the API below a path": stack(
                edge(
                    behaviour(pathPattern="/items/*"),
                    cachePolicyId=OPTIMIZED,
                    targetOriginId="files",
                    origins=(origin(), BUCKET),
                )
            ),
        },
    ),
    "cloudfront-api-forwarded": StackCase(
        good=stack(edge()),
        bad={
            "nothing": stack(edge(originRequestPolicyId=None)),
            "a user agent": stack(edge(originRequestPolicyId=USER_AGENT)),
            "all but Authorization": stack(
                edge(originRequestPolicyId="own-request"),
                Subject(
                    ORIGIN_REQUEST_POLICY,
                    {
                        "id": "own-request",
                        "headersConfig": {"headerBehavior": "allExcept", "headers": {"items": ["Authorization"]}},
                    },
                    "request",
                ),
            ),
            "reading alone": stack(edge(allowedMethods=["GET", "HEAD"])),
            "another API for some routes": stack(
                edge(behaviour(pathPattern="/items/*", targetOriginId="other"), origins=(origin(), OTHER))
            ),
        },
        also_good={
            "a policy of the stack": stack(
                edge(originRequestPolicyId="own-request"), Subject(ORIGIN_REQUEST_POLICY, PASSES, "request")
            ),
            "the API by its own address": stack(edge(origins=(origin("abc.execute-api.eu-central-1.amazonaws.com"),))),
            "reading what is public": stack(edge(behaviour(pathPattern="/health", allowedMethods=["GET", "HEAD"]))),
        },
    ),
    "cloudfront-origin-key": StackCase(
        good=stack(edge(), function(KEY)),
        bad={
            "no key": stack(edge(origins=(origin(key=None),)), function(KEY)),
            "another key": stack(edge(origins=(origin(key="z" * 40),)), function(KEY)),
            "a function without an origin key": stack(edge(), Subject(FUNCTION, {}, "function")),
            "an edge before another API": stack(edge(origins=(origin("api.example.net"),)), function(KEY)),
        },
        also_good={
            "a state without its passphrase": stack(edge(origins=(origin(key="[secret]"),)), function(KEY)),
            "two keys while one is replaced": stack(edge(), function("n" * 40, KEY)),
            "no edge": (HTTP_API, Subject(FUNCTION, {}, "function")),
        },
    ),
    "waf-attached": StackCase(
        good=(ACL, GUARDED),
        bad={
            "to nothing": (ACL, replace(GUARDED, properties={}, dependencies={})),
            "of another stack": (ACL, replace(GUARDED, properties={"webAclId": ACL_ARN.replace("/a/", "/b/")})),
            "of a region": (replace(ACL, properties={**ACL.properties, "scope": "REGIONAL"}), GUARDED),
        },
        also_good={
            "for other stacks": (ACL,),
            "to a balancer": (
                *(replace(ACL, name="regional", properties={"scope": "REGIONAL", "arn": "arn:r"}), ACL, GUARDED),
                Subject(WEB_ACL_ASSOCIATION, {"webAclArn": "arn:r"}, "association"),
            ),
        },
    ),
}
