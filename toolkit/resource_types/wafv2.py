"""Resource types of AWS WAF."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_REFERENCE, HOLDS_NOTHING, ResourceType

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
WEB_ACL_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"

_WEB_ACLS = (
    "arn:aws:wafv2:us-east-1:{account}:global/webacl/*",
    "arn:aws:wafv2:us-east-1:{account}:global/managedruleset/*",
)


def _web_acl(new: NewResource) -> PreviewOutputs:
    name, identity = new.named(), new.uuid()
    return PreviewOutputs(identity, {"name": name, "arn": new.arn("wafv2", f"global/webacl/{name}/{identity}")})


def _web_acl_logging(new: NewResource) -> PreviewOutputs:
    return PreviewOutputs(str(new.inputs["resourceArn"]))


TYPES = (
    ResourceType("aws:wafv2/ipSet:IpSet", free="part of the web ACL", no_rule="only lists addresses for a web ACL"),
    ResourceType("aws:wafv2/regexPatternSet:RegexPatternSet", free="part of the web ACL"),
    ResourceType(
        WEB_ACL,
        name=NameForm(128, pattern=r"[\w-]+", accepted="letters, digits, _ and -"),
        replaced_by=("name", "namePrefix", "scope"),
        data=HOLDS_NOTHING,
        preview=_web_acl,
        permissions=Permissions(
            on=_WEB_ACLS,
            create="CreateWebACL TagResource",
            update="UpdateWebACL UntagResource",
            delete="DeleteWebACL",
            read="GetWebACL ListTagsForResource",
        ),
    ),
    ResourceType(WEB_ACL_ASSOCIATION, data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType(
        WEB_ACL_LOGGING,
        replaced_by=("logDestinationConfigs", "resourceArn"),
        data=HOLDS_NOTHING,
        preview=_web_acl_logging,
        permissions=Permissions(
            on=_WEB_ACLS,
            create="PutLoggingConfiguration",
            update="PutLoggingConfiguration",
            delete="DeleteLoggingConfiguration",
            read="GetLoggingConfiguration",
            change_anywhere="logs:CreateLogDelivery logs:PutResourcePolicy",
            delete_anywhere="logs:DeleteLogDelivery",
            read_anywhere="logs:DescribeResourcePolicies logs:DescribeLogGroups",
        ),
        free="what it writes is priced at the log group",
    ),
)
