"""What stands between the Internet and the edge: rules that block what no caller sends."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

_MANAGED = {"common": "AWSManagedRulesCommonRuleSet", "known-bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet"}


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    """How much one address may ask, and the region where AWS keeps the firewalls of CloudFront."""

    requests_per_five_minutes: int
    region: str


@final
class Firewall(pulumi.ComponentResource):
    """AWS's common rules and known bad inputs, and a limit for each address; every rule is counted.

    Creates: aws.wafv2.WebAcl.
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
                    "limit": args.requests_per_five_minutes,
                    "aggregate_key_type": "IP",
                    "evaluation_window_sec": 300,
                }
            },
            "visibility_config": _counted(f"{name}-rate"),
        }
        managed: list[aws.wafv2.WebAclRuleArgsDict] = [
            {
                "name": label,
                "priority": priority,
                "override_action": {"none": {}},
                "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": group}},
                "visibility_config": _counted(f"{name}-{label}"),
            }
            for priority, (label, group) in enumerate(_MANAGED.items(), start=1)
        ]
        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            description="Before the items API",
            scope="CLOUDFRONT",
            default_action={"allow": {}},
            rules=[per_address, *managed],
            visibility_config=_counted(name),
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = acl.arn
        self.register_outputs({"arn": self.arn})


def _counted(metric: str) -> "aws.wafv2.WebAclVisibilityConfigArgsDict":
    return {"cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True, "metric_name": metric}
