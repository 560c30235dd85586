"""Rules on firewalls."""

from policies.facts import Facts, every
from policies.provider import region_of
from policies.rule import BLOCKS, WARNS_THEN_BLOCKS, ResourceRule, Severity, controls
from policies.stack import Stack

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_LOGS = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
_EDGE_REGION = "us-east-1"


def _has_managed(acl: Facts, group: str) -> bool:
    return any(
        rule.text("statement.managedRuleGroupStatement.name") == group and rule.has("overrideAction.none")
        for rule in acl.parts("rules")
    )


def _limits_rate(acl: Facts, _stack: Stack) -> bool:
    return any(rule.has("statement.rateBasedStatement") and rule.has("action.block") for rule in acl.parts("rules"))


def _hides_tokens(logs: Facts, _stack: Stack) -> bool:
    return any(one.text("singleHeader.name").lower() == "authorization" for one in logs.parts("redactedFields"))


def _is_counted(part: Facts) -> bool:
    return part.flag("visibilityConfig.cloudwatchMetricsEnabled")


waf_managed_rules = ResourceRule(
    name="waf-managed-rules",
    says="A firewall blocks what AWS knows to be an attack.",
    severity=Severity.HIGH,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("FSBP: WAF.10; CHECKOV: CKV_AWS_175, CKV_AWS_192, CKV_AWS_342, CKV2_AWS_47"),
    types=(WEB_ACL,),
    checks={
        "no rule blocks by AWSManagedRulesKnownBadInputsRuleSet; add it with overrideAction.none": lambda acl, _: (
            _has_managed(acl, "AWSManagedRulesKnownBadInputsRuleSet")
        )
    },
)

waf_rate_limit = ResourceRule(
    name="waf-rate-limit",
    says="A firewall stops an address that asks too often.",
    severity=Severity.HIGH,
    levels=WARNS_THEN_BLOCKS,
    types=(WEB_ACL,),
    checks={"no rule with a rateBasedStatement blocks; add one": _limits_rate},
)

waf_counted = ResourceRule(
    name="waf-counted",
    says="What a firewall does can be counted.",
    severity=Severity.LOW,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("FSBP: WAF.12"),
    types=(WEB_ACL,),
    checks={
        "visibilityConfig.cloudwatchMetricsEnabled is not true; set it": lambda acl, _: _is_counted(acl),
        "a rule's visibilityConfig.cloudwatchMetricsEnabled is not true; set it": lambda acl, _: every(
            acl.parts("rules"), _is_counted
        ),
    },
)

waf_edge_region = ResourceRule(
    name="waf-edge-region",
    says="A firewall for CloudFront is made where CloudFront looks for it.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    types=(WEB_ACL,),
    checks={
        f"scope is CLOUDFRONT outside {_EDGE_REGION}, where AWS refuses it; set region": lambda acl, _: (
            acl.text("scope") != "CLOUDFRONT" or region_of(acl) == _EDGE_REGION
        )
    },
)

waf_logs_redacted = ResourceRule(
    name="waf-logs-redacted",
    says="A firewall's logs hold no tokens.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    types=(WEB_ACL_LOGS,),
    checks={
        "redactedFields leaves singleHeader authorization out, so whoever reads the logs has every token; add it": (
            _hides_tokens
        )
    },
)

RULES = (waf_managed_rules, waf_rate_limit, waf_counted, waf_edge_region, waf_logs_redacted)
