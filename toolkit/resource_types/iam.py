"""Resource types of AWS IAM."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id, id_is_arn, id_is_name
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, HOLDS_NOTHING, ResourceType

ACCESS_KEY = "aws:iam/accessKey:AccessKey"
EXCLUSIVE_ATTACHMENTS = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy"
OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
USER = "aws:iam/user:User"
USER_POLICY = "aws:iam/userPolicy:UserPolicy"

_ROLES = ("arn:aws:iam::{account}:role/{name}",)


def _oidc_provider(new: NewResource) -> PreviewOutputs:
    arn = new.arn("iam", f"oidc-provider/{str(new.inputs['url']).removeprefix('https://')}", region=False)
    return PreviewOutputs(arn, {"arn": arn})


def _role(new: NewResource) -> PreviewOutputs:
    name = new.named()
    arn = new.arn("iam", f"role/{name}", region=False)
    return PreviewOutputs(name, {"name": name, "arn": arn, "uniqueId": f"AROA{new.token(17).upper()}"})


def _role_policy(new: NewResource) -> PreviewOutputs:
    name = new.named()
    return PreviewOutputs(f"{new.inputs['role']}:{name}", {"name": name})


def _names(longest: int) -> NameForm:
    return NameForm(longest, pattern=r"[\w+=,.@-]+", accepted="letters, digits and _+=,.@-")


TYPES = (
    ResourceType(ACCESS_KEY, free=FREE_PERMISSION),
    ResourceType("aws:iam/accountAlias:AccountAlias", free=FREE_REFERENCE),
    ResourceType("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", free=FREE_PERMISSION),
    ResourceType(
        "aws:iam/group:Group", name=_names(128), preview=id_is_name("iam", "group/", region=False), free=FREE_PERMISSION
    ),
    ResourceType("aws:iam/groupMembership:GroupMembership", free=FREE_PERMISSION),
    ResourceType(GROUP_POLICY, free=FREE_PERMISSION),
    ResourceType("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", free=FREE_PERMISSION),
    ResourceType(
        "aws:iam/instanceProfile:InstanceProfile",
        name=_names(128),
        data=HOLDS_NOTHING,
        preview=id_is_name("iam", "instance-profile/", region=False),
        free=FREE_PERMISSION,
    ),
    ResourceType(
        OIDC_PROVIDER,
        # The provider adds and removes clients in place: iam/openid_connect_provider.go (read 2026-11-30).
        replaced_by=("url",),
        data=HOLDS_NOTHING,
        preview=_oidc_provider,
        free=FREE_PERMISSION,
    ),
    ResourceType(
        POLICY,
        name=_names(128),
        replaced_by=("description", "name", "namePrefix", "path"),
        data=HOLDS_NOTHING,
        preview=id_is_arn("iam", "policy/", region=False),
        free=FREE_PERMISSION,
    ),
    ResourceType("aws:iam/policyAttachment:PolicyAttachment", free=FREE_PERMISSION),
    ResourceType(
        ROLE,
        name=_names(64),
        replaced_by=("name", "namePrefix", "path"),
        data=HOLDS_NOTHING,
        preview=_role,
        permissions=Permissions(
            on=_ROLES,
            create="CreateRole TagRole PutRolePermissionsBoundary",
            update="UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy UntagRole",
            delete="DeleteRole",
            read="GetRole ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole ListRoleTags",
        ),
        free=FREE_PERMISSION,
    ),
    ResourceType(
        ROLE_POLICY,
        name=_names(128),
        replaced_by=("name", "namePrefix", "role"),
        data=HOLDS_NOTHING,
        preview=_role_policy,
        permissions=Permissions(
            on=_ROLES,
            create="PutRolePolicy",
            update="PutRolePolicy",
            delete="DeleteRolePolicy",
            read="GetRolePolicy",
        ),
        free=FREE_PERMISSION,
    ),
    ResourceType(
        ROLE_ATTACHMENT,
        replaced_by=("policyArn", "role"),
        data=HOLDS_NOTHING,
        preview=generated_id,
        free=FREE_PERMISSION,
    ),
    ResourceType("aws:iam/samlProvider:SamlProvider", free=FREE_PERMISSION),
    ResourceType("aws:iam/serviceLinkedRole:ServiceLinkedRole", free=FREE_PERMISSION),
    ResourceType(USER, name=_names(64), preview=id_is_name("iam", "user/", region=False), free=FREE_PERMISSION),
    ResourceType(USER_POLICY, free=FREE_PERMISSION),
    ResourceType("aws:iam/userPolicyAttachment:UserPolicyAttachment", free=FREE_PERMISSION),
)
