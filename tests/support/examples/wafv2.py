"""Examples of the resource types of AWS WAF."""

from tests.support.aws import ACCOUNT
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import wafv2 as types

FIREWALL_LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:aws-waf-logs-edge"


def web_acl(_parents: Parents) -> Example:
    counted = {"cloudwatchMetricsEnabled": True, "sampledRequestsEnabled": True, "metricName": "edge"}
    rule = {
        "name": "rate",
        "priority": 0,
        "action": {"block": {}},
        "statement": {"rateBasedStatement": {"limit": 100, "aggregateKeyType": "IP", "evaluationWindowSec": 300}},
        "visibilityConfig": counted,
    }
    return Example(
        {
            "scope": "CLOUDFRONT",
            "region": "us-east-1",
            "description": "Before the API",
            "defaultAction": {"allow": {}},
            "rules": [rule],
            "visibilityConfig": counted,
            "tags": {"a": "b", "c": "d"},
        },
        {"rules": [{**rule, "priority": 7}], "defaultAction": {"block": {}}, "tags": {"a": "c"}},
        {"scope": "REGIONAL"},
    )


def web_acl_logging(parents: Parents) -> Example:
    _, acl = parents.made(types.WEB_ACL, web_acl(parents).inputs)

    def without(*headers: str) -> dict[str, object]:
        return {"redactedFields": [{"singleHeader": {"name": header}} for header in headers]}

    return Example(
        {
            "resourceArn": acl["arn"],
            "logDestinationConfigs": [FIREWALL_LOGS],
            "region": "us-east-1",
            **without("cookie"),
        },
        without("cookie", "authorization"),
        {"resourceArn": "arn:another"},
    )


EXAMPLES: dict[str, Maker] = {
    types.WEB_ACL: web_acl,
    types.WEB_ACL_LOGGING: web_acl_logging,
}
