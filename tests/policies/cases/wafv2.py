"""Cases of the rules on web ACLs."""

from dataclasses import replace
from typing import Any

from policies.bounds import BOUNDS
from tests.support.policy_servicer import PROVIDER, Subject
from tests.support.rule_cases import ResourceCase, counted
from toolkit.resource_types.wafv2 import WEB_ACL, WEB_ACL_LOGGING

COUNTED, UNCOUNTED = {"cloudwatchMetricsEnabled": True}, {"cloudwatchMetricsEnabled": False}
HERE = Subject(WEB_ACL, {"scope": "CLOUDFRONT"}, provider={**PROVIDER, "region": "us-east-1"})
BAD_INPUTS, COMMON = "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesCommonRuleSet"
ONE_RULE = [{"name": "Log4JRCE_BODY", "actionToUse": {"count": {}}}]


def group(name: str, override: str = "none", **more: Any) -> dict[str, Any]:
    statement = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": name, **more}}
    return {"statement": statement, "overrideAction": {override: {}}}


def groups(*found: dict[str, Any]) -> dict[str, Any]:
    return {"rules": list(found)}


def rate(action: str, **statement: Any) -> dict[str, Any]:
    return {"rules": [{"statement": {"rateBasedStatement": {"limit": 500, **statement}}, "action": {action: {}}}]}


CASES = {
    "waf-managed-rules": ResourceCase(
        WEB_ACL,
        good=groups(group(COMMON), group(BAD_INPUTS)),
        bad={
            "another": groups(group(COMMON), group("AWSManagedRulesAnonymousIpList")),
            "counted only": groups(group(COMMON), group(BAD_INPUTS, "count")),
            "no common rules": groups(group(BAD_INPUTS)),
            "common rules counted only": groups(group(COMMON, "count"), group(BAD_INPUTS)),
            "one of its rules counted only": groups(group(COMMON), group(BAD_INPUTS, ruleActionOverrides=ONE_RULE)),
            "for some requests": groups(
                group(COMMON), group(BAD_INPUTS, scopeDownStatement={"geoMatchStatement": {"countryCodes": ["DE"]}})
            ),
        },
        absent="fail",
        also_good={"a large body is counted": groups(group(COMMON, ruleActionOverrides=ONE_RULE), group(BAD_INPUTS))},
    ),
    "waf-rate-limit": ResourceCase(
        WEB_ACL,
        good=rate("block"),
        bad={
            "counted only": rate("count"),
            "none": {"rules": []},
            "absurd": rate("block", limit=2_000_000_000),
            "too much in a minute": rate("block", limit=9_000, evaluationWindowSec=60),
            "by a header": rate("block", aggregateKeyType="FORWARDED_IP"),
            "of some requests": rate("block", scopeDownStatement={"geoMatchStatement": {"countryCodes": ["DE"]}}),
            "everything is blocked": {**rate("block"), "defaultAction": {"block": {}}},
        },
        absent="fail",
        also_good={"in a minute": rate("block", limit=400, evaluationWindowSec=60)},
    ),
    "waf-counted": ResourceCase(
        WEB_ACL,
        good={"visibilityConfig": COUNTED, "rules": [{"visibilityConfig": COUNTED}]},
        bad={
            "the firewall": {"visibilityConfig": UNCOUNTED},
            "a rule": {"visibilityConfig": COUNTED, "rules": [{"visibilityConfig": UNCOUNTED}]},
        },
        absent="fail",
    ),
    "waf-edge-region": ResourceCase(
        WEB_ACL,
        good={"scope": "CLOUDFRONT", "region": "us-east-1"},
        bad={
            "the provider's": {"scope": "CLOUDFRONT"},
            "its own": replace(HERE, properties={**HERE.properties, "region": "eu-west-1"}),
        },
        absent="pass",
        also_good={"the provider's": HERE, "not of the edge": {"scope": "REGIONAL"}},
    ),
    "waf-logs-redacted": ResourceCase(
        WEB_ACL_LOGGING,
        good={"redactedFields": [{"singleHeader": {"name": "authorization"}}]},
        bad={"another": {"redactedFields": [{"singleHeader": {"name": "x-request-id"}}, {"uriPath": {}}]}},
        absent="fail",
    ),
    "waf-prod-only": counted(WEB_ACL, BOUNDS["prod"].firewalls),
}
