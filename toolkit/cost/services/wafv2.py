"""The charges of web ACLs."""

from toolkit.cost.demand import Demands, Gap, fixed, unbounded
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.wafv2 import WEB_ACL
from toolkit.stacks.inputs import Inputs

_WITH_A_FEE = (
    "AWSManagedRulesBotControlRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesAntiDDoSRuleSet",
)
"""Managed rule groups that cost more than a rule: https://aws.amazon.com/waf/pricing/ (read 2026-09-20)"""


def meter_web_acl(firewall: Inputs, traffic: Traffic) -> Demands:
    """Meter the web ACL, its rules and rule groups, and requests, blocked ones included."""
    rules, requests = len(firewall.parts("rules")), traffic.usage.requests
    groups = [rule.text("statement.managedRuleGroupStatement.name") for rule in firewall.parts("rules")]
    for group in sorted(set(groups) & set(_WITH_A_FEE)):
        yield Gap(firewall, f"{group} has a fee of its own")
    yield fixed(firewall, "firewalls", 1, "1 firewall")
    yield fixed(firewall, "firewall-rules", rules, f"{rules} rules")
    yield unbounded(firewall, "firewall-requests", requests, f"{requests:,} requests")


SERVICES = {WEB_ACL: meter_web_acl}
