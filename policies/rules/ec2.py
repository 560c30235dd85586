"""Rules on EC2 networks."""

from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.ec2 import INGRESS_RULE, NAT_GATEWAY, SECURITY_GROUP, SECURITY_GROUP_RULE, VPC_ENDPOINT
from toolkit.stacks.inputs import Inputs, Violations, every

_SHORTEST_PREFIX = 8
"""A shorter prefix is not a private network: 0.0.0.0/1 and 128.0.0.0/1 together are the Internet."""
_SOURCES = ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6")


def _is_closed(ingress: Inputs) -> bool:
    return all(_prefix(source) >= _SHORTEST_PREFIX for path in _SOURCES for source in ingress.texts(path))


def _prefix(source: str) -> int:
    length = source.rpartition("/")[2]
    return int(length) if length.isdigit() else 0


def _is_not_open_to_all(group: Inputs, _stack: Stack) -> bool | Violations:
    if group.resource.type == SECURITY_GROUP:
        return every(group.parts("ingress"), _is_closed)
    return group.text("type", "ingress") != "ingress" or _is_closed(group)


no_nat_gateway = ResourceRule(
    name="no-nat-gateway",
    description="The stack has no NAT gateway",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(NAT_GATEWAY,),
    message="a NAT gateway costs 38 dollars a month (in eu-central-1), used or not; keep the function outside a VPC",
    check=lambda *_: False,
)

no_interface_endpoints = ResourceRule(
    name="no-interface-endpoints",
    description="The stack has no interface VPC endpoints",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(VPC_ENDPOINT,),
    message="the vpcEndpointType is billed by the hour, 7 dollars a month in each zone; use a Gateway endpoint, which "
    "is free",
    check=lambda endpoint, _: endpoint.text("vpcEndpointType", "Gateway") == "Gateway",
)

security_group_closed = ResourceRule(
    name="security-group-closed",
    description="Security groups do not allow inbound traffic from all addresses",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: EC2.18; CIS3: 5.2, 5.3; CIS5: 5.3, 5.4; CIS7: 6.3, 6.4; NAG: EC23"),
    types=(SECURITY_GROUP, SECURITY_GROUP_RULE, INGRESS_RULE),
    message="an inbound rule allows every address; list the networks",
    check=_is_not_open_to_all,
)
