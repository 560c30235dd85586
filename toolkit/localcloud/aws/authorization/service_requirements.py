"""The authorization requirements of calls, by service; the resource is `*` where AWS defines none.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends

from toolkit.localcloud.aws.authorization.callers import PARTITION
from toolkit.localcloud.aws.authorization.dynamodb_requirements import dynamodb_requirements
from toolkit.localcloud.aws.authorization.requirements import Requirement, arn, parameters, tags_in

Params = Mapping[str, Any]
_PREFIXES = {"monitoring": "cloudwatch"}
_KMS_KEY_ID_BYTES = 36  # with which moto begins each ciphertext
_ARN_PARAMETERS = ("ResourceArn", "ResourceARN", "resourceArn", "ResourceID", "Resource", "resource-arn")
_INVOKES = {"Invoke": "InvokeFunction", "InvokeAsync": "InvokeFunction"}
_PASSED = {  # service and action: the parameter with the role, and the service that gets it
    ("lambda", "CreateFunction"): ("Role", "lambda"),
    ("lambda", "UpdateFunctionConfiguration"): ("Role", "lambda"),
    ("codedeploy", "CreateDeploymentGroup"): ("serviceRoleArn", "codedeploy"),
    ("codedeploy", "UpdateDeploymentGroup"): ("serviceRoleArn", "codedeploy"),
    ("cloudtrail", "CreateTrail"): ("CloudWatchLogsRoleArn", "cloudtrail"),
    ("cloudtrail", "UpdateTrail"): ("CloudWatchLogsRoleArn", "cloudtrail"),
}


def requirements_of(service: str, action: str, handler: Any) -> list[Requirement]:
    """Return the requirements of a call; the actions have the service's prefix."""
    params = parameters(handler)
    find = _RESOLVERS.get(service)
    found = find(action, params, handler) if find is not None else [Requirement(action, _named(params))]
    tags = tags_in(params)
    keys: dict[str, str | tuple[str, ...]] = {f"aws:requesttag/{name.lower()}": value for name, value in tags.items()}
    keys["aws:tagkeys"] = tuple(tags) or tuple(_tag_keys(params))
    prefix = _PREFIXES.get(service, service)
    requirements = [Requirement(f"{prefix}:{each.action}", each.resource, {**keys, **each.keys}) for each in found]
    return [*requirements, *_passed_roles(service, action, params)]


def _tag_keys(params: Params) -> list[str]:
    keys = params.get("TagKeys") or params.get("tagKeys")
    return [str(key) for key in keys] if isinstance(keys, list) else []


def _named(params: Params) -> str:
    """Return the ARN in one of the usual parameters of a call, or `*`."""
    found = next((str(params[name]) for name in _ARN_PARAMETERS if params.get(name)), "*")
    return found if found.startswith("arn:") else "*"


def _secretsmanager(action: str, params: Params, handler: Any) -> list[Requirement]:
    if action == "CreateSecret":  # whose ARN ends with six characters that are not yet known
        return [Requirement(action, arn(handler, "secretsmanager", f"secret:{params.get('Name')}-xxxxxx"))]
    named = str(params.get("SecretId") or "")
    if not named:
        return [Requirement(action)]
    keys: dict[str, str | tuple[str, ...]] = {"secretsmanager:secretid": named}
    if "VersionStage" in params:
        keys["secretsmanager:versionstage"] = str(params["VersionStage"])
    secrets = secretsmanager_backends[handler.current_account][handler.region].secrets
    known = secrets.get(named)
    if known is not None:
        return [Requirement(action, str(known.arn), keys)]
    return [
        Requirement(
            action, named if named.startswith("arn:") else arn(handler, "secretsmanager", f"secret:{named}"), keys
        )
    ]


def _logs(action: str, params: Params, handler: Any) -> list[Requirement]:
    group = params.get("logGroupName")
    if action == "DescribeLogGroups":
        return [Requirement(action, arn(handler, "logs", "log-group::log-stream:"))]
    stream = params.get("logStreamName") if action == "PutLogEvents" else ""
    return [
        Requirement(action, arn(handler, "logs", f"log-group:{group}:log-stream:{stream}") if group else _named(params))
    ]


def _sts(action: str, params: Params, _handler: Any) -> list[Requirement]:
    keys: dict[str, str | tuple[str, ...]] = {}
    for parameter, key in (("ExternalId", "sts:externalid"), ("RoleSessionName", "sts:rolesessionname")):
        if params.get(parameter):
            keys[key] = str(params[parameter])
    return [Requirement(action, str(params.get("RoleArn") or "*"), keys)]


def _kms(action: str, params: Params, handler: Any) -> list[Requirement]:
    context = {str(key): str(value) for key, value in (params.get("EncryptionContext") or {}).items()}
    keys: dict[str, str | tuple[str, ...]] = {
        f"kms:encryptioncontext:{key.lower()}": value for key, value in context.items()
    }
    keys["kms:calleraccount"] = str(handler.current_account)
    if context:
        keys["kms:encryptioncontextkeys"] = tuple(context)
    named = str(params.get("KeyId") or params.get("TargetKeyId") or _key_of(params.get("CiphertextBlob")) or "")
    if not named:
        return [Requirement(action, keys=keys)]
    if "alias/" in named:
        keys["kms:requestalias"] = f"alias/{named.partition('alias/')[2]}"
    backend = kms_backends[handler.current_account][handler.region]
    key_id = backend.any_id_to_key_id(named) or named
    key = backend.keys.get(key_id)
    resource = str(key.arn) if key is not None else arn(handler, "kms", f"key/{key_id}")
    return [Requirement(action, named if key is None and named.startswith("arn:") else resource, keys)]


def _key_of(ciphertext: Any) -> str | None:
    """Return the key of a ciphertext of the embedded KMS."""
    try:
        return base64.b64decode(str(ciphertext or ""), validate=True)[:_KMS_KEY_ID_BYTES].decode() or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _lambda(action: str, params: Params, handler: Any) -> list[Requirement]:
    named = params.get("FunctionName")
    action = _INVOKES.get(action, action)
    if not named:
        resource = params.get("Resource") or params.get("ResourceArn")
        return [Requirement(action, unquote(str(resource)) if resource else "*")]
    name = unquote(str(named))
    name = name.partition(":function:")[2] or name.rpartition("function:")[2]
    qualifier = (handler.querystring.get("Qualifier") or [params.get("Qualifier")])[0]
    if qualifier and ":" not in name:
        name = f"{name}:{qualifier}"
    resource = arn(handler, "lambda", f"function:{name}")
    return [Requirement(action, resource, {"lambda:functionarn": resource})]


def _sns(action: str, params: Params, handler: Any) -> list[Requirement]:
    keys: dict[str, str | tuple[str, ...]] = {
        f"sns:{name.lower()}": str(params[name]) for name in ("Protocol", "Endpoint") if params.get(name)
    }
    if action == "CreateTopic":
        return [Requirement(action, arn(handler, "sns", str(params.get("Name"))))]
    if params.get("SubscriptionArn"):
        return [Requirement(action, str(params["SubscriptionArn"]).rpartition(":")[0])]
    named = params.get("TopicArn") or params.get("TargetArn")
    return [Requirement(action, str(named) if named else _named(params), keys)]


def _sqs(action: str, params: Params, handler: Any) -> list[Requirement]:
    name = str(params.get("QueueUrl") or params.get("QueueName") or "").rpartition("/")[2]
    action = action.removesuffix("Batch")  # IAM has no action for a batch
    return [Requirement(action, arn(handler, "sqs", name) if name else "*")]


def _cognito(action: str, params: Params, handler: Any) -> list[Requirement]:
    pool = params.get("UserPoolId")
    return [Requirement(action, arn(handler, "cognito-idp", f"userpool/{pool}") if pool else _named(params))]


def _apigateway(_action: str, _given: Params, handler: Any) -> list[Requirement]:
    """Return the HTTP method, which is API Gateway's action."""
    path = unquote(handler.parsed_url.path).removeprefix("/v2")
    return [Requirement(str(handler.method), f"arn:aws:apigateway:{handler.region}::{path}")]


def _cloudwatch(action: str, params: Params, handler: Any) -> list[Requirement]:
    if "Dashboard" in action:
        names = params.get("DashboardNames") or [params.get("DashboardName") or "*"]
        return [
            Requirement(action, f"arn:aws:cloudwatch::{handler.current_account}:dashboard/{name}") for name in names
        ]
    if action == "PutMetricData":
        return [Requirement(action, keys={"cloudwatch:namespace": str(params.get("Namespace", ""))})]
    if "Alarm" not in action:
        return [Requirement(action, _named(params))]
    names = params.get("AlarmNames") or [params.get("AlarmName") or "*"]
    return [Requirement(action, arn(handler, "cloudwatch", f"alarm:{name}")) for name in names]


def _codedeploy(action: str, params: Params, handler: Any) -> list[Requirement]:
    application, group = params.get("applicationName"), params.get("deploymentGroupName")
    if application and (group or action in {"CreateDeployment", "ListDeploymentGroups", "ListDeployments"}):
        return [Requirement(action, arn(handler, "codedeploy", f"deploymentgroup:{application}/{group or '*'}"))]
    if params.get("deploymentConfigName"):
        return [Requirement(action, arn(handler, "codedeploy", f"deploymentconfig:{params['deploymentConfigName']}"))]
    return [
        Requirement(action, arn(handler, "codedeploy", f"application:{application}") if application else _named(params))
    ]


def _iam(action: str, params: Params, handler: Any) -> list[Requirement]:
    """Return the requirement of a call to IAM, which has no region in its ARNs."""
    keys: dict[str, str | tuple[str, ...]] = {}
    if params.get("PermissionsBoundary"):
        keys["iam:permissionsboundary"] = str(params["PermissionsBoundary"])
    if params.get("PolicyArn"):
        keys["iam:policyarn"] = str(params["PolicyArn"])
    if params.get("AWSServiceName"):
        keys["iam:awsservicename"] = str(params["AWSServiceName"])
    iam = iam_backends[handler.current_account][PARTITION]
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "RoleName": ("role", {role.name: role for role in list(iam.roles.values())}),
        "UserName": ("user", {user.name: user for user in list(iam.users.values())}),
        "GroupName": ("group", dict(iam.groups)),
        "InstanceProfileName": ("instance-profile", {}),
    }
    for parameter, (kind, known) in found.items():
        name = params.get(parameter)
        if not name:
            continue
        held = known.get(name)
        if held is None:
            path = str(params.get("Path") or "/")
            return [Requirement(action, f"arn:aws:iam::{handler.current_account}:{kind}{path}{name}", keys)]
        boundary = getattr(held, "permissions_boundary_arn", None)
        return [
            Requirement(action, str(held.arn), {**({"iam:permissionsboundary": boundary} if boundary else {}), **keys})
        ]
    named = params.get("PolicyArn") or params.get("OpenIDConnectProviderArn") or params.get("ResourceArn")
    if named is None and action == "CreatePolicy":
        path = str(params.get("Path") or "/")
        named = f"arn:aws:iam::{handler.current_account}:policy{path}{params.get('PolicyName')}"
    return [Requirement(action, str(named or "*"), keys)]


def _passed_roles(service: str, action: str, params: Params) -> Iterator[Requirement]:
    """Yield iam:PassRole for the role that a call passes to a service."""
    parameter, receiver = _PASSED.get((service, action), ("", ""))
    role = params.get(parameter)
    if role:
        yield Requirement("iam:PassRole", str(role), {"iam:passedtoservice": f"{receiver}.amazonaws.com"})


_RESOLVERS: Mapping[str, Callable[[str, Params, Any], list[Requirement]]] = {
    "apigateway": _apigateway,
    "codedeploy": _codedeploy,
    "cognito-idp": _cognito,
    "dynamodb": dynamodb_requirements,
    "iam": _iam,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "monitoring": _cloudwatch,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
    "sqs": _sqs,
    "sts": _sts,
}
