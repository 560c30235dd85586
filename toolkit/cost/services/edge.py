"""What the edge asks for: CloudFront, its firewall and zones of names."""

from toolkit.cost.demand import Demands, Gap, fixed, unbounded
from toolkit.cost.traffic import KB_IN_GB, Traffic
from toolkit.resource_types.acm import CERTIFICATE
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.route53 import ZONE
from toolkit.resource_types.wafv2 import WEB_ACL
from toolkit.stacks.facts import Facts

_WITH_A_FEE = (
    "AWSManagedRulesBotControlRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesAntiDDoSRuleSet",
)
"""Managed rule groups that cost more than a rule: https://aws.amazon.com/waf/pricing/ (read 2026-09-20)"""


def ask_distribution(distribution: Facts, traffic: Traffic) -> Demands:
    """Requests, which nothing bounds before them, and data out."""
    if any(origin.flag("originShield.enabled") for origin in distribution.parts("origins")):
        yield Gap(distribution, "Origin Shield asks for each request that passes it")
    requests, kb = traffic.usage.requests, traffic.usage.response_kb
    yield unbounded(distribution, "edge-requests", requests, f"{requests:,} requests")
    yield unbounded(distribution, "edge-data-out", requests * kb / KB_IN_GB, f"{requests:,} answers × {kb:g} KB")


def ask_firewall(firewall: Facts, traffic: Traffic) -> Demands:
    """The firewall, its rules and groups of rules, and requests; those that it blocks are looked at too."""
    rules, requests = len(firewall.parts("rules")), traffic.usage.requests
    groups = [rule.text("statement.managedRuleGroupStatement.name") for rule in firewall.parts("rules")]
    for group in sorted(set(groups) & set(_WITH_A_FEE)):
        yield Gap(firewall, f"{group} has a fee of its own")
    yield fixed(firewall, "firewalls", 1, "1 firewall")
    yield fixed(firewall, "firewall-rules", rules, f"{rules} rules")
    yield unbounded(firewall, "firewall-requests", requests, f"{requests:,} requests")


def ask_certificate(certificate: Facts, _traffic: Traffic) -> Demands:
    """Nothing for a public certificate that stays with AWS."""
    if certificate.has("certificateAuthorityArn") or certificate.text("options.export") == "ENABLED":
        yield Gap(certificate, "exportable certificates, and those of a private authority, have a price")


def ask_zone(zone: Facts, _traffic: Traffic) -> Demands:
    """A zone of names."""
    yield fixed(zone, "dns-zones", 1, "1 zone")


SERVICES = {DISTRIBUTION: ask_distribution, WEB_ACL: ask_firewall, ZONE: ask_zone, CERTIFICATE: ask_certificate}
