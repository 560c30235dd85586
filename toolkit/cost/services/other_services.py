"""The charges of AWS services with one or two priced types."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, among, fixed, in_region, unbounded
from toolkit.cost.traffic import HOURS, KB_IN_GB, LONGEST_HOURS, Traffic
from toolkit.resource_types.acm import CERTIFICATE
from toolkit.resource_types.budgets import BUDGET_ACTION
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.ec2 import NAT_GATEWAY
from toolkit.resource_types.kms import KEY, REPLICA_KEY
from toolkit.resource_types.route53 import ZONE
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.wafv2 import WEB_ACL
from toolkit.stacks.inputs import Inputs

_ROTATIONS = 2
"""Rotations that cost as much as another key each; later ones cost nothing: https://aws.amazon.com/kms/pricing/
(read 2026-09-20)
"""
_PAID_RULE_GROUPS = (
    "AWSManagedRulesBotControlRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesAntiDDoSRuleSet",
)
"""Managed rule groups that cost more than a rule: https://aws.amazon.com/waf/pricing/ (read 2026-09-20)"""


def meter_certificate(certificate: Inputs, _traffic: Traffic) -> Demands:
    """Meter nothing for a public certificate that is not exportable."""
    if certificate.has("certificateAuthorityArn") or certificate.text("options.export") == "ENABLED":
        yield Gap(certificate, "exportable certificates, and those of a private authority, have a price")


def meter_budget_action(action: Inputs, traffic: Traffic) -> Demands:
    """Meter the days of a budget with actions; its actions share them."""
    same = [one for one in traffic.graph.of(BUDGET_ACTION) if _budget(one) == _budget(action)]
    how = f"1 budget with actions each day{among(len(same), 'actions')}"
    month, longest = (Quantity(hours / 24 / len(same), how) for hours in (HOURS, LONGEST_HOURS))
    yield Demand(action, "budget-actions", month, longest)


def _budget(action: Inputs) -> tuple[str, ...]:
    return action.depends_on("budgetName") or (action.text("budgetName"),)


def meter_distribution(distribution: Inputs, traffic: Traffic) -> Demands:
    """Meter requests, which have no bound, and data out."""
    if any(origin.flag("originShield.enabled") for origin in distribution.parts("origins")):
        yield Gap(distribution, "Origin Shield charges for each request that passes it")
    requests, kb = traffic.usage.requests, traffic.usage.response_kb
    yield unbounded(distribution, "edge-requests", requests, f"{requests:,} requests")
    yield unbounded(distribution, "edge-data-out", requests * kb / KB_IN_GB, f"{requests:,} answers × {kb:g} KB")


def meter_nat_gateway(gateway: Inputs, _traffic: Traffic) -> Demands:
    """Meter the hours of the gateway; the profile has no data that passes it."""
    month, longest = (Quantity(hours, f"1 gateway × {hours} h") for hours in (HOURS, LONGEST_HOURS))
    yield Demand(gateway, "nat-gateways", month, longest)
    yield Gap(gateway, "each gigabyte that passes it costs too")


def meter_key(key: Inputs, traffic: Traffic) -> Demands:
    """Meter a key in its first year; in the worst month the first two rotations cost as much as a key each."""
    if key.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        yield Gap(key, "only requests of symmetric keys are on the price list")
    keys = 1 + _ROTATIONS if key.flag("enableKeyRotation") else 1
    most = Quantity(keys, f"1 key and {_ROTATIONS} rotations" if keys > 1 else "1 key")
    yield Demand(key, "kms-keys", Quantity(1, "1 key"), most)
    requests = traffic.usage.kms_requests
    yield unbounded(key, "kms-requests", requests, f"{requests:,} requests of AWS's services")


def meter_zone(zone: Inputs, _traffic: Traffic) -> Demands:
    """Meter a hosted zone."""
    yield fixed(zone, "dns-zones", 1, "1 zone")


def meter_secret(secret: Inputs, traffic: Traffic) -> Demands:
    """Meter a secret, read at each start of an instance; each replica costs as much as a secret."""
    yield fixed(secret, "secrets", 1, "1 secret")
    for replica in secret.parts("replicas"):
        region = replica.text("region")
        yield fixed(in_region(secret, region), "secrets", 1, f"1 replica in {region}")
    load = traffic.at_functions(traffic.callers(secret, "environment"))
    share = traffic.usage.cold_start_share
    how = f"{load.expected:,.0f} calls × {share:g} starts"
    most = Quantity(load.most, f"({load.bound}), each of which starts an instance")
    yield Demand(secret, "secret-reads", Quantity(load.expected * share, how), most)


def meter_web_acl(firewall: Inputs, traffic: Traffic) -> Demands:
    """Meter the web ACL, its rules and rule groups, and requests, blocked ones included."""
    rules, requests = len(firewall.parts("rules")), traffic.usage.requests
    groups = [rule.text("statement.managedRuleGroupStatement.name") for rule in firewall.parts("rules")]
    for group in sorted(set(groups) & set(_PAID_RULE_GROUPS)):
        yield Gap(firewall, f"{group} has a fee of its own")
    yield fixed(firewall, "firewalls", 1, "1 firewall")
    yield fixed(firewall, "firewall-rules", rules, f"{rules} rules")
    yield unbounded(firewall, "firewall-requests", requests, f"{requests:,} requests")


SERVICES = {
    CERTIFICATE: meter_certificate,
    BUDGET_ACTION: meter_budget_action,
    DISTRIBUTION: meter_distribution,
    NAT_GATEWAY: meter_nat_gateway,
    KEY: meter_key,
    REPLICA_KEY: meter_key,
    ZONE: meter_zone,
    SECRET: meter_secret,
    WEB_ACL: meter_web_acl,
}
