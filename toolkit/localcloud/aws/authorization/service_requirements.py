"""The authorization requirements of calls, by service; the resource is `*` where AWS defines none.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from moto.awslambda.models import lambda_backends
from moto.codedeploy.models import codedeploy_backends
from moto.iam.models import iam_backends
from moto.secretsmanager.models import secretsmanager_backends

from toolkit.localcloud.aws.authorization.actions_without_resources import ACTIONS_WITHOUT_RESOURCES
from toolkit.localcloud.aws.authorization.callers import PARTITION
from toolkit.localcloud.aws.authorization.dynamodb_requirements import dynamodb_requirements
from toolkit.localcloud.aws.authorization.event_requirements import (
    eventbridge_requirements,
    scheduler_requirements,
    sns_requirements,
    sqs_requirements,
    ssm_requirements,
)
from toolkit.localcloud.aws.authorization.kms_requirements import key_requirements, kms_requirements
from toolkit.localcloud.aws.authorization.passed_roles import passed_roles
from toolkit.localcloud.aws.authorization.requirements import Requirement, arn, named_arn, parameters, tags_in
from toolkit.policy.iam.wildcards import Context

Params = Mapping[str, Any]
_PREFIXES = {"monitoring": "cloudwatch"}
_ON_LOG_STREAMS = {"CreateLogStream", "DeleteLogStream", "GetLogEvents", "PutLogEvents"}
_ALARM_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_INVOKES = {"Invoke": "InvokeFunction", "InvokeAsync": "InvokeFunction"}


def requirements_of(service: str, action: str, handler: Any) -> list[Requirement]:
    """Return the requirements of a call; the actions have the service's prefix."""
    params = parameters(handler)
    find = _RESOLVERS.get(service)
    found = find(action, params, handler) if find is not None else [Requirement(action, named_arn(params))]
    tags = tags_in(params)
    keys: dict[str, str | tuple[str, ...]] = {f"aws:requesttag/{name.lower()}": value for name, value in tags.items()}
    keys["aws:tagkeys"] = tuple(tags) or tuple(_tag_keys(params))
    prefix = _PREFIXES.get(service, service)
    requirements = [_with_prefix(prefix, each, keys) for each in found]
    return [*requirements, *passed_roles(service, action, params), *key_requirements(service, action, params, handler)]


def _with_prefix(prefix: str, found: Requirement, keys: Context) -> Requirement:
    action = f"{prefix}:{found.action}"
    resource = "*" if action in ACTIONS_WITHOUT_RESOURCES else found.resource
    return Requirement(action, resource, {**keys, **found.keys})


def _tag_keys(params: Params) -> list[str]:
    keys = params.get("TagKeys") or params.get("tagKeys")
    return [str(key) for key in keys] if isinstance(keys, list) else []


def _secretsmanager(action: str, params: Params, handler: Any) -> list[Requirement]:
    if action == "CreateSecret":  # whose ARN ends with six characters that are not yet known
        return [Requirement(action, arn(handler, "secretsmanager", f"secret:{params.get('Name')}-xxxxxx"))]
    if action == "BatchGetSecretValue":
        listed = [
            _secretsmanager("GetSecretValue", {"SecretId": each}, handler) for each in params.get("SecretIdList") or ()
        ]
        return [Requirement(action), *(each for found in listed for each in found)]
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
    """Return the requirements of a call to CloudWatch Logs: a group is evaluated as a stream without a name."""
    if action == "DescribeLogGroups":
        return [Requirement(action, arn(handler, "logs", "log-group::log-stream:"))]
    identifier = str(params.get("logGroupIdentifier") or "").removesuffix(":*").rpartition("log-group:")[2]
    groups = params.get("logGroupNames") or [params.get("logGroupName") or identifier]
    stream = params.get("logStreamName", "") if action in _ON_LOG_STREAMS else ""
    if not any(groups):
        return [Requirement(action, named_arn(params))]
    return [Requirement(action, arn(handler, "logs", f"log-group:{group}:log-stream:{stream}")) for group in groups]


def _sts(action: str, params: Params, _handler: Any) -> list[Requirement]:
    keys: dict[str, str | tuple[str, ...]] = {}
    for parameter, key in (("ExternalId", "sts:externalid"), ("RoleSessionName", "sts:rolesessionname")):
        if params.get(parameter):
            keys[key] = str(params[parameter])
    return [Requirement(action, str(params.get("RoleArn") or "*"), keys)]


def _lambda(action: str, params: Params, handler: Any) -> list[Requirement]:
    named = params.get("FunctionName")
    action = _INVOKES.get(action, action)
    if action.endswith("EventSourceMapping"):
        return [_event_source_mapping(action, params, handler)]
    if params.get("LayerName"):
        version = f":{params['VersionNumber']}" if params.get("VersionNumber") else ""
        return [Requirement(action, arn(handler, "lambda", f"layer:{params['LayerName']}{version}"))]
    if not named:
        resource = params.get("Resource") or params.get("ResourceArn")
        return [Requirement(action, unquote(str(resource)) if resource else "*")]
    qualifier = (handler.querystring.get("Qualifier") or [params.get("Qualifier")])[0]
    name = _function_name(named)
    if qualifier and ":" not in name:
        name = f"{name}:{qualifier}"
    resource = arn(handler, "lambda", f"function:{name}")
    keys: dict[str, str | tuple[str, ...]] = {"lambda:functionarn": resource}
    if params.get("Principal"):
        keys["lambda:principal"] = str(params["Principal"])
    return [Requirement(action, resource, keys)]


def _function_name(named: Any) -> str:
    """Return the name of a function, with the qualifier if it has one, from its name or its ARN."""
    name = unquote(str(named))
    return name.partition(":function:")[2] or name.rpartition("function:")[2]


def _event_source_mapping(action: str, params: Params, handler: Any) -> Requirement:
    """Return the requirement, whose only key of a new mapping is the function's ARN without its qualifier."""
    mapping = lambda_backends[handler.current_account][handler.region].get_event_source_mapping(str(params.get("UUID")))
    named = params.get("FunctionName") or getattr(mapping, "function_arn", "")
    function = arn(handler, "lambda", f"function:{_function_name(named).partition(':')[0]}")
    resource = arn(handler, "lambda", f"event-source-mapping:{params.get('UUID')}")
    return Requirement(action, resource, {"lambda:functionarn": function} if named else {})


def _cognito(action: str, params: Params, handler: Any) -> list[Requirement]:
    pool = params.get("UserPoolId")
    return [Requirement(action, arn(handler, "cognito-idp", f"userpool/{pool}") if pool else named_arn(params))]


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
        return [Requirement(action, named_arn(params))]
    names = params.get("AlarmNames") or [params.get("AlarmName") or "*"]
    actions = tuple(str(each) for key in _ALARM_ACTIONS for each in params.get(key) or ())
    keys: dict[str, str | tuple[str, ...]] = {"cloudwatch:alarmactions": actions} if actions else {}
    return [Requirement(action, arn(handler, "cloudwatch", f"alarm:{name}"), keys) for name in names]


def _budgets(action: str, params: Params, handler: Any) -> list[Requirement]:
    """Return the requirement of a call to AWS Budgets, which has one action to read and one to change budgets."""
    budget = params.get("Budget") or {}
    name = params.get("BudgetName") or budget.get("BudgetName")
    if "Action" in action or "Resource" in action:
        return [Requirement(action, named_arn(params))]
    action = "ViewBudget" if action.startswith("Describe") else "ModifyBudget"
    return [Requirement(action, f"arn:aws:budgets::{handler.current_account}:budget/{name or '*'}")]


def _codedeploy(action: str, params: Params, handler: Any) -> list[Requirement]:
    application, group = params.get("applicationName"), params.get("deploymentGroupName")
    deployments = codedeploy_backends[handler.current_account][handler.region].deployments
    known = [deployments[each] for each in _deployment_ids(params) if each in deployments]
    if known:
        groups = dict.fromkeys(f"{each.application_name}/{each.deployment_group_name}" for each in known)
        return [Requirement(action, arn(handler, "codedeploy", f"deploymentgroup:{each}")) for each in groups]
    if application and (group or action in {"CreateDeployment", "ListDeployments"}):
        return [Requirement(action, arn(handler, "codedeploy", f"deploymentgroup:{application}/{group or '*'}"))]
    if params.get("deploymentConfigName"):
        return [Requirement(action, arn(handler, "codedeploy", f"deploymentconfig:{params['deploymentConfigName']}"))]
    return [
        Requirement(
            action, arn(handler, "codedeploy", f"application:{application}") if application else named_arn(params)
        )
    ]


def _deployment_ids(params: Params) -> list[str]:
    return [str(each) for each in params.get("deploymentIds") or [params.get("deploymentId")]]


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


_RESOLVERS: Mapping[str, Callable[[str, Params, Any], list[Requirement]]] = {
    "apigateway": _apigateway,
    "budgets": _budgets,
    "codedeploy": _codedeploy,
    "cognito-idp": _cognito,
    "dynamodb": dynamodb_requirements,
    "events": eventbridge_requirements,
    "iam": _iam,
    "kms": kms_requirements,
    "lambda": _lambda,
    "logs": _logs,
    "monitoring": _cloudwatch,
    "scheduler": scheduler_requirements,
    "secretsmanager": _secretsmanager,
    "sns": sns_requirements,
    "sqs": sqs_requirements,
    "ssm": ssm_requirements,
    "sts": _sts,
}
