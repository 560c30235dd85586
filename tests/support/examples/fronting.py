"""Examples of what stands before an API: distributions, firewalls, and the delivery of their logs."""

from tests.support.aws import ACCOUNT, unique
from tests.support.examples.parents import Example, Maker, Parents, distribution_inputs

ACCESS_LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/edge"
FIREWALL_LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:aws-waf-logs-edge"


def distribution(_parents: Parents) -> Example:
    inputs = distribution_inputs()
    return Example(
        {**inputs, "tags": {"a": "b", "c": "d"}},
        {"priceClass": "PriceClass_200", "webAclId": "arn:another", "tags": {"a": "c"}},
    )


def response_headers_policy(_parents: Parents) -> Example:
    def transport_security(seconds: int) -> dict[str, object]:
        return {"strictTransportSecurity": {"accessControlMaxAgeSec": seconds, "override": True}}

    return Example(
        {"securityHeadersConfig": transport_security(60)},
        {"securityHeadersConfig": transport_security(120)},
        {"name": "other"},
    )


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
    _, acl = parents.made("aws:wafv2/webAcl:WebAcl", web_acl(parents).inputs)

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


def log_delivery_source(parents: Parents) -> Example:
    return Example(
        {
            "name": unique("source"),
            "logType": "ACCESS_LOGS",
            "resourceArn": parents.distribution["arn"],
            "region": "us-east-1",
            "tags": {"a": "b", "c": "d"},
        },
        {"tags": {"a": "c"}},
        {"name": "other"},
    )


def log_delivery_destination(_parents: Parents) -> Example:
    return Example(
        {
            "name": unique("destination"),
            "outputFormat": "json",
            "deliveryDestinationConfiguration": {"destinationResourceArn": ACCESS_LOGS},
            "tags": {"a": "b"},
        },
        {"tags": {"a": "c"}},
        {"outputFormat": "plain"},
    )


def log_delivery(parents: Parents) -> Example:
    source = parents.made("aws:cloudwatch/logDeliverySource:LogDeliverySource", log_delivery_source(parents).inputs)
    destination = parents.made(
        "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", log_delivery_destination(parents).inputs
    )
    return Example(
        {"deliverySourceName": source[0], "deliveryDestinationArn": destination[1]["arn"], "tags": {"a": "b"}},
        {"tags": {"a": "c"}},
        {"deliverySourceName": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    "aws:cloudfront/distribution:Distribution": distribution,
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": response_headers_policy,
    "aws:cloudwatch/logDelivery:LogDelivery": log_delivery,
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": log_delivery_destination,
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": log_delivery_source,
    "aws:wafv2/webAcl:WebAcl": web_acl,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": web_acl_logging,
}
