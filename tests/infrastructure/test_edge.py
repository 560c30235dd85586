"""CloudFront in front of the API; requests that bypass it are rejected."""

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from api.auth import KEY_HEADER
from api.items.schemas import ItemInput
from tests.support.stacks import CERTIFICATE, DOMAIN, ORIGIN_KEY, ROOT, configured, counts, only, settings_errors, stack
from toolkit.stacks import EvaluationError, ResourceGraph, evaluate, reveal

OLD, NEW = "o" * 40, "n" * 40


def behind_an_edge(**settings: Any) -> ResourceGraph:
    return evaluate("prod", root=ROOT, config={**configured(domain=DOMAIN, edge=settings), ORIGIN_KEY: f"{NEW} {OLD}"})


def test_edge_adds_expected_number_of_each_type() -> None:
    assert counts(behind_an_edge()) - counts(stack(domain=DOMAIN)) == Counter(CERTIFICATE) + Counter(
        {
            "items-api:network:Edge": 1,
            "items-api:network:NameRecords": 1,
            "items-api:network:Firewall": 1,
            "aws:cloudfront/distribution:Distribution": 1,
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": 1,
            "aws:wafv2/webAcl:WebAcl": 1,
            "aws:route53/record:Record": 2,
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": 1,
            "items-api:operations:LogKey": 1,
            "aws:kms/key:Key": 1,
            "aws:kms/alias:Alias": 1,
            "aws:cloudwatch/logGroup:LogGroup": 2,
            "aws:cloudwatch/logDelivery:LogDelivery": 1,
            "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": 1,
            "aws:cloudwatch/logDeliverySource:LogDeliverySource": 1,
        }
    )


def test_edge_has_domain_and_calls_origin_over_tls() -> None:
    graph = behind_an_edge()
    distribution = only(graph, "edge-distribution")
    (origin,) = reveal(distribution["origins"])

    assert graph.outputs["api_url"] == "https://api.example.com"
    assert distribution["aliases"] == ["api.example.com"]
    assert distribution["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"
    assert distribution["viewerCertificate"]["acmCertificateArn"].startswith("arn:aws:acm:us-east-1:")
    assert distribution["defaultCacheBehavior"]["viewerProtocolPolicy"] == "redirect-to-https"
    assert (origin["domainName"], only(graph, "origin-domain")["domainName"]) == ("origin.api.example.com",) * 2
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert origin["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]
    assert only(graph, "http-api")["disableExecuteApiEndpoint"] is True
    for kind in ("A", "AAAA"):
        record = only(graph, f"public-{kind.lower()}")
        assert (record["name"], record["type"]) == ("api.example.com", kind)
        assert record["aliases"][0]["name"].endswith(".cloudfront.net")


def test_hsts_is_sent_to_browsers() -> None:
    graph = behind_an_edge()
    header = only(graph, "edge-headers")["securityHeadersConfig"]["strictTransportSecurity"]
    (policy,) = graph.of_type("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")

    assert header == {"accessControlMaxAgeSec": 63_072_000, "includeSubdomains": True, "override": True}
    assert only(graph, "edge-distribution")["defaultCacheBehavior"]["responseHeadersPolicyId"] == policy.id


def test_firewall_blocks_known_attacks_and_high_rates() -> None:
    graph = behind_an_edge(**{"requests-per-five-minutes": 500})
    acl, (made,) = only(graph, "edge-acl"), graph.of_type("aws:wafv2/webAcl:WebAcl")

    assert only(graph, "edge-distribution")["webAclId"] == made.outputs["arn"]
    assert (acl["scope"], acl["region"], acl["defaultAction"]) == ("CLOUDFRONT", "us-east-1", {"allow": {}})
    rate, *managed = acl["rules"]
    assert (rate["action"], rate["statement"]["rateBasedStatement"]["limit"]) == ({"block": {}}, 500)
    assert [rule["statement"]["managedRuleGroupStatement"]["name"] for rule in managed] == [
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    assert [rule["overrideAction"] for rule in managed] == [{"none": {}}] * 2  # what they say is done
    assert all(each["visibilityConfig"]["cloudwatchMetricsEnabled"] for each in (acl, *acl["rules"]))
    assert len({rule["priority"] for rule in acl["rules"]}) == 3


def test_firewall_does_not_block_largest_item() -> None:
    largest = {
        "name": "n" * 100,
        "description": "d" * 2000,
        "tags": [f"{number:032}" for number in range(20)],
        "attributes": {f"a{number:063}": "v" * 256 for number in range(20)},
    }
    _, common, _ = only(behind_an_edge(), "edge-acl")["rules"]

    assert len(ItemInput.model_validate(largest).model_dump_json()) > 8192
    overrides = common["statement"]["managedRuleGroupStatement"]["ruleActionOverrides"]
    assert overrides == [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}]


def test_edge_logs_every_request_in_us_east_1() -> None:
    graph = behind_an_edge(**{"log-retention-days": 60})
    (distribution,) = graph.of_type("aws:cloudfront/distribution:Distribution")
    group, source, target = (only(graph, f"edge-{kind}") for kind in ("logs", "log-source", "log-destination"))
    delivery = only(graph, "edge-log-delivery")

    assert (group["retentionInDays"], source["logType"]) == (60, "ACCESS_LOGS")
    assert source["resourceArn"] == distribution.outputs["arn"]
    assert target["deliveryDestinationConfiguration"]["destinationResourceArn"].endswith(group["name"])
    assert delivery["deliverySourceName"] == source["name"]
    assert delivery["deliveryDestinationArn"].endswith(target["name"])
    assert {each["region"] for each in (group, source, target, delivery)} == {"us-east-1"}


def test_firewall_logs_every_request_without_credentials() -> None:
    graph = behind_an_edge(**{"log-retention-days": 60})
    (acl,) = graph.of_type("aws:wafv2/webAcl:WebAcl")
    group, logging = only(graph, "edge-acl-logs"), only(graph, "edge-acl-logging")

    assert (group["name"], group["retentionInDays"]) == ("aws-waf-logs-items-api-prod-edge", 60)
    assert logging["resourceArn"] == acl.outputs["arn"]
    assert [arn.rpartition(":")[2] for arn in logging["logDestinationConfigs"]] == [group["name"]]
    assert {each["singleHeader"]["name"] for each in logging["redactedFields"]} == {"authorization", "cookie"}
    assert "loggingFilter" not in logging
    assert group["region"] == logging["region"] == "us-east-1"


def test_edge_sends_first_origin_key_and_function_has_digests() -> None:
    graph = behind_an_edge()
    (origin,) = reveal(only(graph, "edge-distribution")["origins"])
    variables = only(graph, "api-function")["environment"]["variables"]

    assert origin["customHeaders"] == [{"name": KEY_HEADER, "value": NEW}]
    assert variables["ORIGIN_KEY_DIGESTS"].split(",") == [
        hashlib.sha256(key.encode()).hexdigest() for key in (NEW, OLD)
    ]
    everything = [str(resource.inputs) + str(resource.outputs) for resource in graph.resources]
    assert not any(key in text for text in everything for key in (NEW, OLD))


@pytest.mark.parametrize("key", [None, "", "short", f"{'k' * 40} short", "k" * 129, "\u00e9" * 40])
def test_invalid_origin_key_is_rejected_without_its_value(key: str | None) -> None:
    config = configured(domain=DOMAIN, edge={}) | ({} if key is None else {ORIGIN_KEY: key})

    with pytest.raises(EvaluationError, match=r"^items-api:origin-key must be a key of 32 to 128 visible") as caught:
        evaluate("prod", root=ROOT, config=config)
    assert not key or key not in str(caught.value)


def test_edge_without_domain_or_with_upstreams_is_rejected() -> None:
    upstreams = {"users": "https://users.example.com"}
    api = {**json.loads(configured()["items-api:settings"])["api"], "upstreams": upstreams}

    assert settings_errors("prod", edge={}) == [
        "F: prod must set domain: its edge needs a domain name and a hosted zone."
    ]
    (error,) = settings_errors("prod", domain=DOMAIN, edge={}, api=api)
    assert error.startswith("F: prod must not set api.upstreams with an edge")
    (error,) = settings_errors("prod", domain=DOMAIN, edge={"log-retention-days": 7})
    assert error.startswith("F: prod must keep logs for 30 days or more")
