"""Rules on web ACLs."""

from policies.bounds import at_most, bounds_of
from toolkit.policy.rule import Level, Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.wafv2 import WEB_ACL, WEB_ACL_LOGGING
from toolkit.stacks.inputs import Inputs, every
from toolkit.stacks.references import region_of

_EDGE_REGION = "us-east-1"
_GROUP = "statement.managedRuleGroupStatement"
_RATE = "statement.rateBasedStatement"
_FIVE_MINUTES = 300
_DEFAULT_WINDOW = 300


def _managed(acl: Inputs, group: str) -> list[Inputs]:
    """Return the rules that apply the managed group's actions."""
    return [rule for rule in acl.parts("rules") if rule.text(f"{_GROUP}.name") == group and _applies_actions(rule)]


def _applies_actions(rule: Inputs) -> bool:
    return rule.has("overrideAction.none") and not rule.has("overrideAction.count")


def _overrides_nothing(rule: Inputs) -> bool:
    overrides = rule.parts(f"{_GROUP}.ruleActionOverrides")
    return all(one.has("actionToUse.block") for one in overrides) and not rule.has(f"{_GROUP}.scopeDownStatement")


def _limits_rate(acl: Inputs, stack: Stack) -> bool:
    return any(_limits_each_address(rule, stack) for rule in acl.parts("rules"))


def _limits_each_address(rule: Inputs, stack: Stack) -> bool:
    """Return whether the rule limits each address: not by a header, and not for some requests only."""
    rate = rule.part(_RATE)
    window = rate.number("evaluationWindowSec", _DEFAULT_WINDOW)
    return (
        rule.has("action.block")
        and rule.has(_RATE)
        and not rate.has("scopeDownStatement")
        and rate.text("aggregateKeyType", "IP") == "IP"
        and 0 < rate.number("limit", 0) * _FIVE_MINUTES / max(window, 1) <= bounds_of(stack).requests_per_address
    )


def _allows_requests(acl: Inputs, _stack: Stack) -> bool:
    allows = any(rule.has("action.allow") for rule in acl.parts("rules"))
    return not acl.has("defaultAction.block") or allows


def _redacts_authorization(logs: Inputs, _stack: Stack) -> bool:
    return any(one.text("singleHeader.name").lower() == "authorization" for one in logs.parts("redactedFields"))


def _has_metrics(part: Inputs) -> bool:
    return part.flag("visibilityConfig.cloudwatchMetricsEnabled")


waf_managed_rules = ResourceRule(
    name="waf-managed-rules",
    description="Web ACLs block with the AWS managed rule groups for known bad inputs and common threats",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: WAF.10; CHECKOV: CKV_AWS_175, CKV_AWS_192, CKV_AWS_342, CKV2_AWS_47"),
    types=(WEB_ACL,),
    checks={
        "no rule blocks by AWSManagedRulesKnownBadInputsRuleSet; add it with overrideAction.none": lambda acl, _: bool(
            _managed(acl, "AWSManagedRulesKnownBadInputsRuleSet")
        ),
        "no rule blocks by AWSManagedRulesCommonRuleSet; add it with overrideAction.none": lambda acl, _: bool(
            _managed(acl, "AWSManagedRulesCommonRuleSet")
        ),
        "a rule of AWSManagedRulesKnownBadInputsRuleSet is overridden or scoped down; remove ruleActionOverrides and"
        " scopeDownStatement": lambda acl, _: every(
            _managed(acl, "AWSManagedRulesKnownBadInputsRuleSet"), _overrides_nothing
        ),
    },
)

waf_rate_limit = ResourceRule(
    name="waf-rate-limit",
    description="Web ACLs have a rate-based rule for every IP address",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(WEB_ACL,),
    checks={
        "no rule with a rateBasedStatement blocks every address (aggregateKeyType IP, no scopeDownStatement) above a"
        " limit of at most {bounds.requests_per_address} in five minutes; set edge.requests-per-five-minutes": (
            _limits_rate
        ),
        "defaultAction blocks and no rule allows, so every request gets 403; set defaultAction.allow": _allows_requests,
    },
)

waf_counted = ResourceRule(
    name="waf-counted",
    description="Web ACLs and their rules have CloudWatch metrics enabled",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: WAF.12"),
    types=(WEB_ACL,),
    checks={
        "visibilityConfig.cloudwatchMetricsEnabled is not true; set it to true": lambda acl, _: _has_metrics(acl),
        "a rule's visibilityConfig.cloudwatchMetricsEnabled is not true; set it to true": lambda acl, _: every(
            acl.parts("rules"), _has_metrics
        ),
    },
)

waf_edge_region = ResourceRule(
    name="waf-edge-region",
    description="Web ACLs for CloudFront are in us-east-1",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(WEB_ACL,),
    message=f"scope is CLOUDFRONT outside {_EDGE_REGION}, which AWS rejects; set region",
    check=lambda acl, _: acl.text("scope") != "CLOUDFRONT" or region_of(acl) == _EDGE_REGION,
)

waf_logs_redacted = ResourceRule(
    name="waf-logs-redacted",
    description="Web ACL logs redact the authorization header",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(WEB_ACL_LOGGING,),
    message="redactedFields lacks singleHeader authorization, so logs contain tokens; add it",
    check=_redacts_authorization,
)

waf_logged = StackRule(
    name="waf-logged",
    description="Web ACLs have logging on",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("NIST: WAF.11; CHECKOV: CKV2_AWS_31"),
    message="no WebAclLoggingConfiguration names the web ACL; add one",
    check=for_each(WEB_ACL)(lambda acl, graph, _: bool(graph.using(acl, WEB_ACL_LOGGING, by="resourceArn"))),
)

waf_prod_only = StackRule(
    name="waf-prod-only",
    description="The number of web ACLs is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels(Level.MANDATORY, Level.ADVISORY),
    message="more than {bounds.firewalls} web ACLs, each $10 a month or more; leave edge out of the stack's settings, "
    "or share one",
    check=at_most("firewalls", WEB_ACL),
)
