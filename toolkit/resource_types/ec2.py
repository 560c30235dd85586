"""Resource types of Amazon EC2 and VPC."""

from toolkit.resource_types.data_loss.checks import stays
from toolkit.resource_types.data_loss.stored_data import PROTECTION, StoredData
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, HOLDS_NOTHING, ResourceType

INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


TYPES = (
    ResourceType("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", free=FREE_PERMISSION),
    ResourceType("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", free=FREE_REFERENCE),
    ResourceType(
        "aws:ec2/instance:Instance",
        data=StoredData(
            "the disks that end with the instance",
            checks=(
                stays("disableApiTermination", what="sets disableApiTermination to false", lost=PROTECTION),
                stays(
                    "rootBlockDevice",
                    "deleteOnTermination",
                    on=(False,),
                    what="would be deleted with its disk",
                    lost=PROTECTION,
                ),
            ),
        ),
    ),
    ResourceType("aws:ec2/internetGateway:InternetGateway", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType(NAT_GATEWAY, data=HOLDS_NOTHING),
    ResourceType("aws:ec2/networkAcl:NetworkAcl", free=FREE_PERMISSION),
    ResourceType("aws:ec2/networkAclRule:NetworkAclRule", free=FREE_PERMISSION),
    ResourceType("aws:ec2/route:Route", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType("aws:ec2/routeTable:RouteTable", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType("aws:ec2/routeTableAssociation:RouteTableAssociation", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType(SECURITY_GROUP, data=HOLDS_NOTHING, free=FREE_PERMISSION),
    ResourceType(SECURITY_GROUP_RULE, free=FREE_PERMISSION),
    ResourceType("aws:ec2/subnet:Subnet", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType("aws:ec2/vpc:Vpc", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType(VPC_ENDPOINT, data=HOLDS_NOTHING),
    ResourceType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", data=HOLDS_NOTHING, free=FREE_PERMISSION),
    ResourceType(INGRESS_RULE, data=HOLDS_NOTHING, free=FREE_PERMISSION),
)
