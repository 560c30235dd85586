"""Firewalls that keep each rule, and those that break it."""

from dataclasses import replace
from typing import Any

from policies.rules.wafv2 import WEB_ACL, WEB_ACL_LOGS
from tests.support.policy_servicer import PROVIDER, Subject
from tests.support.rule_cases import ResourceCase

COUNTED, UNCOUNTED = {"cloudwatchMetricsEnabled": True}, {"cloudwatchMetricsEnabled": False}
HERE = Subject(WEB_ACL, {"scope": "CLOUDFRONT"}, provider={**PROVIDER, "region": "us-east-1"})


def managed(name: str, override: str) -> dict[str, Any]:
    statement = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": name}}
    return {"rules": [{"statement": statement, "overrideAction": {override: {}}}]}


def rate(action: str) -> dict[str, Any]:
    return {"rules": [{"statement": {"rateBasedStatement": {"limit": 500}}, "action": {action: {}}}]}


CASES = {
    "waf-managed-rules": ResourceCase(
        WEB_ACL,
        good=managed("AWSManagedRulesKnownBadInputsRuleSet", "none"),
        bad={
            "another": managed("AWSManagedRulesAnonymousIpList", "none"),
            "counted only": managed("AWSManagedRulesKnownBadInputsRuleSet", "count"),
        },
        absent="fail",
    ),
    "waf-rate-limit": ResourceCase(
        WEB_ACL, good=rate("block"), bad={"counted only": rate("count"), "none": {"rules": []}}, absent="fail"
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
        WEB_ACL_LOGS,
        good={"redactedFields": [{"singleHeader": {"name": "authorization"}}]},
        bad={"another": {"redactedFields": [{"singleHeader": {"name": "x-request-id"}}, {"uriPath": {}}]}},
        absent="fail",
    ),
}
