"""The calls that a permissions boundary must deny, by their effect."""

from collections.abc import Iterable, Iterator

from toolkit.policy.iam.evaluation import Call
from toolkit.policy.iam.role_policies import arn_of, name_of
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.iam import POLICY, ROLE
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.s3 import BUCKET, BUCKET_LOGGING
from toolkit.resource_types.sns import TOPIC
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import default_tags, provider_region

_BOUNDARY = "iam:permissionsboundary"
_ON_IDENTITIES = {
    "user/x": (
        *("CreateUser", "DeleteUser", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "PutUserPolicy"),
        *("AttachUserPolicy", "AddUserToGroup", "DeleteUserPermissionsBoundary"),
    ),
    "group/x": ("CreateGroup", "PutGroupPolicy", "AttachGroupPolicy"),
    "policy/x": (
        "CreatePolicy",
        "CreatePolicyVersion",
        "DeletePolicy",
        "DeletePolicyVersion",
        "SetDefaultPolicyVersion",
    ),
    "oidc-provider/x": (
        *("CreateOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint", "DeleteOpenIDConnectProvider"),
        "AddClientIDToOpenIDConnectProvider",
    ),
    "saml-provider/x": ("CreateSAMLProvider", "UpdateSAMLProvider"),
    "instance-profile/x": ("AddRoleToInstanceProfile",),
}
_WITH_BOUNDARY = ("CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary")
_ON_ACCOUNT = ("organizations:LeaveOrganization", "account:CloseAccount", "iam:UpdateAccountPasswordPolicy")
_ON_KEYS = ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateGrant")
_ON_BUCKETS = ("s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration")
_ON_TRAILS = ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail")


def on_identities(account: str) -> Iterator[Call]:
    """Return calls that create or change users, groups, policies and identity providers, or remove a boundary."""
    for resource, actions in _ON_IDENTITIES.items():
        yield from (Call(f"iam:{action}", _iam(account, resource)) for action in actions)
    yield Call("iam:DeleteRolePermissionsBoundary", _iam(account, "role/x"))
    yield from (Call(action, "*") for action in _ON_ACCOUNT)
    role = _iam(account, "role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot")
    yield Call("iam:CreateServiceLinkedRole", role, {"iam:awsservicename": "spot.amazonaws.com"})


def on_roles(account: str, boundaries: Iterable[str]) -> Iterator[Call]:
    """Return calls that create or change a role without the boundary; `boundaries` are other ARNs."""
    contexts = ({}, *({_BOUNDARY: arn} for arn in (_iam(account, "policy/x"), *boundaries)))
    yield from (
        Call(f"iam:{action}", _iam(account, "role/x"), context) for action in _WITH_BOUNDARY for context in contexts
    )


def on_bootstrap(graph: StackInputs, account: str, boundary: str) -> Iterator[Call]:
    """Return calls that change the bootstrap resources, or read the files of the trail."""
    for role in graph.of(ROLE):
        for action in ("UpdateAssumeRolePolicy", "PutRolePolicy", "DeleteRole", "PassRole"):
            if role.has("name"):
                yield Call(f"iam:{action}", _iam(account, f"role/{role.text('name')}"), {_BOUNDARY: boundary})
    yield from _on_data(graph)
    for bucket in graph.of(BUCKET):
        yield from (Call(action, _bucket(bucket)) for action in _ON_BUCKETS)
    for key in graph.of(KEY):
        yield from (Call(action, _arn(key, account, "kms", "key/x"), _tags(key)) for action in _ON_KEYS)
    for group in graph.of(LOG_GROUP):
        yield Call("logs:DeleteLogGroup", _arn(group, account, "logs", f"log-group:{name_of(group)}"))
    for topic in graph.of(TOPIC):
        yield Call("sns:DeleteTopic", _arn(topic, account, "sns", f"{topic.resource.name}-x"))
    for trail in graph.of(TRAIL):
        arn = _arn(trail, account, "cloudtrail", f"trail/{name_of(trail)}")
        yield from (Call(action, arn) for action in _ON_TRAILS)


def on_bootstrap_data(graph: StackInputs, account: str) -> Iterator[Call]:
    """Return calls of a running service that read the buckets of the stack, or use its keys."""
    for bucket in graph.of(BUCKET):
        yield from (Call(action, f"{_bucket(bucket)}/x") for action in ("s3:GetObject", "s3:PutObject"))
    for key in graph.of(KEY):
        context = {
            **_tags(key),
            "kms:viaservice": f"secretsmanager.{provider_region(key)}.amazonaws.com",
            "kms:calleraccount": account,
        }
        yield Call("kms:Decrypt", _arn(key, account, "kms", "key/x"), context)


def is_tagged_as_boundary(policy: Inputs) -> bool:
    """Return whether a managed policy has the tag of those that are used only as a permissions boundary."""
    return policy.text("tags.use") == "boundary"


def permitted_boundaries(graph: StackInputs, account: str) -> tuple[str, ...]:
    """Return the ARNs of the boundaries of the stack, also before they are created."""
    return tuple(
        arn_of(policy) or _iam(account, f"policy/{policy.text('name')}")
        for policy in graph.of(POLICY)
        if is_tagged_as_boundary(policy)
    )


def _on_data(graph: StackInputs) -> Iterator[Call]:
    """Return the objects in the buckets of trail and access logs."""
    kept = {
        bucket
        for user, path in ((TRAIL, "s3BucketName"), (BUCKET_LOGGING, "targetBucket"))
        for each in graph.of(user)
        for bucket in graph.behind(each, path, BUCKET)
    }
    for bucket in sorted(kept, key=lambda each: each.urn):
        yield from (Call(action, f"{_bucket(bucket)}/x") for action in ("s3:GetObject", "s3:DeleteObject"))


def _iam(account: str, resource: str) -> str:
    return f"arn:aws:iam::{account}:{resource}"


def _bucket(bucket: Inputs) -> str:
    return f"arn:aws:s3:::{bucket.text('bucket')}"


def _arn(inputs: Inputs, account: str, service: str, resource: str) -> str:
    """Return the ARN, or the form of the ARN of a resource that is not created yet."""
    return arn_of(inputs) or f"arn:aws:{service}:{provider_region(inputs)}:{account}:{resource}"


def _tags(inputs: Inputs) -> dict[str, str]:
    tags = {**default_tags(inputs).properties, **inputs.part("tags").properties}
    return {f"aws:resourcetag/{key.lower()}": value for key, value in tags.items() if isinstance(value, str)}
