"""Resource types of Amazon Cognito."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, unchanged
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, HOLDS_NOTHING, ResourceType

IDENTITY_POOL = "aws:cognito/identityPool:IdentityPool"
IDENTITY_PROVIDER = "aws:cognito/identityProvider:IdentityProvider"
RESOURCE_SERVER = "aws:cognito/resourceServer:ResourceServer"
USER_GROUP = "aws:cognito/userGroup:UserGroup"
USER_POOL = "aws:cognito/userPool:UserPool"
USER_POOL_CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
USER_POOL_DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain"

_POOLS = ("arn:aws:cognito-idp:{region}:{account}:userpool/*",)


def _of_pool(what: str, read: str) -> Permissions:
    return Permissions(
        on=_POOLS,
        create=f"Create{what}",
        update=f"Update{what}",
        delete=f"Delete{what}",
        read=read,
    )


def _resource_server(new: NewResource) -> PreviewOutputs:
    identifier = new.inputs["identifier"]
    scopes = [f"{identifier}/{scope['scopeName']}" for scope in new.inputs.get("scopes", [])]
    return PreviewOutputs(f"{new.inputs['userPoolId']}|{identifier}", {"scopeIdentifiers": scopes})


def _user_pool(new: NewResource) -> PreviewOutputs:
    identity = f"{new.region}_{new.token(9)}"
    endpoint = f"cognito-idp.{new.region}.amazonaws.com/{identity}"
    name = new.named()
    return PreviewOutputs(
        identity, {"name": name, "arn": new.arn("cognito-idp", f"userpool/{identity}"), "endpoint": endpoint}
    )


def _user_pool_client(new: NewResource) -> PreviewOutputs:
    secret = {"clientSecret": new.token(51, "secret")} if new.inputs.get("generateSecret") else {"clientSecret": ""}
    return PreviewOutputs(new.token(26), {"name": new.named(), **secret})


def _user_pool_domain(new: NewResource) -> PreviewOutputs:
    return PreviewOutputs(new.inputs["domain"], {"cloudfrontDistribution": f"{new.token(13)}.cloudfront.net"})


_NAME = r"[\w\s+=,.@-]+"
_ACCEPTED = "letters, digits, spaces and _+=,.@-"


TYPES = (
    ResourceType(
        IDENTITY_POOL,
        data=StoredData("every identity id, to which records may belong"),
        free="identities are free; the calls of their roles are priced at the called service",
    ),
    ResourceType("aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment", free=FREE_PERMISSION),
    ResourceType(IDENTITY_PROVIDER, data=StoredData("the sign-in of every user of the provider")),
    ResourceType(
        "aws:cognito/managedLoginBranding:ManagedLoginBranding",
        free="part of the user pool, which is priced by its users",
    ),
    ResourceType(
        RESOURCE_SERVER,
        name=NameForm(256, pattern=_NAME, accepted=_ACCEPTED),
        replaced_by=("identifier", "name", "userPoolId"),
        data=HOLDS_NOTHING,
        preview=_resource_server,
        permissions=_of_pool("ResourceServer", "DescribeResourceServer"),
        free=FREE_REFERENCE,
        no_rule="only names scopes, which are evaluated with the clients that request them",
    ),
    ResourceType("aws:cognito/user:User", data=StoredData("the user")),
    ResourceType(
        USER_GROUP,
        name=NameForm(128),
        replaced_by=("name", "userPoolId"),
        data=StoredData(missed="the membership of the group"),
        preview=generated_id,
        permissions=_of_pool("Group", "GetGroup"),
        free=FREE_REFERENCE,
        no_rule="only names a group; the API decides what its members may do",
    ),
    ResourceType(
        USER_POOL,
        name=NameForm(128, pattern=_NAME, accepted=_ACCEPTED),
        # The provider adds to `schemas` in place and refuses any other change of it: cognitoidp/user_pool.go (read
        # 2026-11-30).
        replaced_by=("aliasAttributes", "name", "usernameAttributes", "usernameConfiguration"),
        data=StoredData(
            "every user of the pool: passwords, MFA devices and the user ids that records belong to",
            checks=(
                keeps("schemas", by=("name",), what="removes the attribute", lost="its value for every user"),
                unchanged("aliasAttributes", what="changes its sign-in aliases", lost="every user of the pool"),
                unchanged("usernameAttributes", what="changes its username attributes", lost="every user of the pool"),
            ),
        ),
        preview=_user_pool,
        permissions=Permissions(
            on=_POOLS,
            update="UpdateUserPool SetUserPoolMfaConfig AddCustomAttributes TagResource UntagResource",
            delete="DeleteUserPool",
            read="DescribeUserPool GetUserPoolMfaConfig ListTagsForResource",
            change_anywhere="CreateUserPool",
        ),
    ),
    ResourceType(
        USER_POOL_CLIENT,
        name=NameForm(128, pattern=_NAME, accepted=_ACCEPTED),
        replaced_by=("generateSecret", "userPoolId"),
        data=StoredData(missed="the client's id and secret; callers cannot sign in with them any more"),
        preview=_user_pool_client,
        permissions=_of_pool("UserPoolClient", "DescribeUserPoolClient"),
    ),
    ResourceType(
        USER_POOL_DOMAIN,
        name=NameForm(
            63,
            property="domain",
            pattern=r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?",
            accepted="a-z, 0-9 and -, beginning and ending with a letter or digit",
        ),
        replaced_by=("domain", "userPoolId"),
        data=StoredData(missed="the address of the sign-in page"),
        preview=_user_pool_domain,
        permissions=Permissions(
            on=_POOLS,
            create="CreateUserPoolDomain",
            update="UpdateUserPoolDomain",
            delete="DeleteUserPoolDomain",
            read_anywhere="DescribeUserPoolDomain",
        ),
        free="part of the user pool, which is priced by its users",
        no_rule="Cognito serves it over TLS with no other option",
    ),
    ResourceType(
        "aws:cognito/userPoolUICustomization:UserPoolUICustomization",
        free="part of the user pool, which is priced by its users",
    ),
)
