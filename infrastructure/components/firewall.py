"""The web ACL of the edge."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import EdgeSettings

_SECRET_HEADERS = ("authorization", "cookie")
_COUNTED_RULES = {"common": ("SizeRestrictions_BODY",)}  # it blocks bodies above 8 KiB, and an item may be larger
_MANAGED = {"common": "AWSManagedRulesCommonRuleSet", "known-bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet"}


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    """The rate limit per IP address, the log group, and the region of CloudFront's web ACLs."""

    settings: EdgeSettings
    log_group_name: str
    log_key: pulumi.Input[str] | None
    region: str


@final
class Firewall(pulumi.ComponentResource):
    """AWS managed rules and a rate limit per IP address, with metrics for each rule and a log of each request.

    Creates: aws.wafv2.WebAcl, WebAclLoggingConfiguration, aws.cloudwatch.LogGroup.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:Firewall", name, None, opts)
        per_address: aws.wafv2.WebAclRuleArgsDict = {
            "name": "rate",
            "priority": 0,
            "action": {"block": {}},
            "statement": {
                "rate_based_statement": {
                    "limit": args.settings.requests_per_five_minutes,
                    "aggregate_key_type": "IP",
                    "evaluation_window_sec": 300,
                }
            },
            "visibility_config": _visibility_config(f"{name}-rate"),
        }
        managed = [_managed(name, label, priority) for priority, label in enumerate(_MANAGED, start=1)]
        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            description="Before the items API",
            scope="CLOUDFRONT",
            default_action={"allow": {}},
            rules=[per_address, *managed],
            visibility_config=_visibility_config(name),
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._logs(name, args, acl.arn)
        self.arn = acl.arn
        self.register_outputs({"arn": self.arn})

    def _logs(self, name: str, args: FirewallArgs, acl: pulumi.Input[str]) -> None:
        group = aws.cloudwatch.LogGroup(
            f"{name}-acl-logs",
            name=args.log_group_name,
            retention_in_days=args.settings.log_retention_days,
            kms_key_id=args.log_key,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-acl-logging",
            resource_arn=acl,
            log_destination_configs=[group.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in _SECRET_HEADERS],
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _managed(name: str, label: str, priority: int) -> "aws.wafv2.WebAclRuleArgsDict":
    """Return a managed rule group; the rules in _COUNTED_RULES do not block."""
    group: aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgsDict = {
        "vendor_name": "AWS",
        "name": _MANAGED[label],
        "rule_action_overrides": [
            {"name": rule, "action_to_use": {"count": {}}} for rule in _COUNTED_RULES.get(label, ())
        ],
    }
    return {
        "name": label,
        "priority": priority,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": group},
        "visibility_config": _visibility_config(f"{name}-{label}"),
    }


def _visibility_config(metric: str) -> "aws.wafv2.WebAclVisibilityConfigArgsDict":
    return {"cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True, "metric_name": metric}
