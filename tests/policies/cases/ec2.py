"""Cases of the rules on EC2 networks."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.ec2 import INGRESS_RULE, NAT_GATEWAY, SECURITY_GROUP, SECURITY_GROUP_RULE, VPC_ENDPOINT

CASES = {
    "no-nat-gateway": ResourceCase(
        NAT_GATEWAY, good=Subject(VPC_ENDPOINT, {}), bad={"any": {"connectivityType": "public"}}, absent="fail"
    ),
    "no-interface-endpoints": ResourceCase(
        VPC_ENDPOINT,
        good={"vpcEndpointType": "Gateway"},
        bad={
            "of an interface": {"vpcEndpointType": "Interface"},
            "of a balancer": {"vpcEndpointType": "GatewayLoadBalancer"},
        },
        absent="pass",
    ),
    "security-group-closed": ResourceCase(
        SECURITY_GROUP,
        good={"ingress": [{"cidrBlocks": ["10.0.0.0/16"], "fromPort": 443}]},
        bad={
            "all of IPv4": {"ingress": [{"cidrBlocks": ["10.0.0.0/16"]}, {"cidrBlocks": ["0.0.0.0/0"]}]},
            "all of IPv6": {"ingress": [{"ipv6CidrBlocks": ["::/0"]}]},
            "all of IPv4 in halves": {"ingress": [{"cidrBlocks": ["0.0.0.0/1", "128.0.0.0/1"]}]},
            "by a rule": Subject(SECURITY_GROUP_RULE, {"type": "ingress", "cidrBlocks": ["0.0.0.0/0"]}),
            "by a newer rule": Subject(INGRESS_RULE, {"cidrIpv4": "0.0.0.0/0"}),
        },
        absent="pass",
        also_good={"out": Subject(SECURITY_GROUP_RULE, {"type": "egress", "cidrBlocks": ["0.0.0.0/0"]})},
    ),
}
