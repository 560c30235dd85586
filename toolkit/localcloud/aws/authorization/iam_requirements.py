"""The authorization requirements of calls to IAM, and iam:PassRole of calls that pass a role to a service."""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.iam.models import iam_backends

from toolkit.localcloud.aws.authorization.callers import PARTITION
from toolkit.localcloud.aws.authorization.requirements import Requirement

_PASSED = {  # service and action: the parameter with the role, and the service that gets it
    ("lambda", "CreateFunction"): ("Role", "lambda"),
    ("lambda", "UpdateFunctionConfiguration"): ("Role", "lambda"),
    ("codedeploy", "CreateDeploymentGroup"): ("serviceRoleArn", "codedeploy"),
    ("codedeploy", "UpdateDeploymentGroup"): ("serviceRoleArn", "codedeploy"),
    ("cloudtrail", "CreateTrail"): ("CloudWatchLogsRoleArn", "cloudtrail"),
    ("cloudtrail", "UpdateTrail"): ("CloudWatchLogsRoleArn", "cloudtrail"),
}


def iam_requirements(action: str, given: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirement of a call to IAM, which has no region in its ARNs."""
    keys: dict[str, str | tuple[str, ...]] = {}
    if given.get("PermissionsBoundary"):
        keys["iam:permissionsboundary"] = str(given["PermissionsBoundary"])
    if given.get("PolicyArn"):
        keys["iam:policyarn"] = str(given["PolicyArn"])
    if given.get("AWSServiceName"):
        keys["iam:awsservicename"] = str(given["AWSServiceName"])
    iam = iam_backends[handler.current_account][PARTITION]
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "RoleName": ("role", {role.name: role for role in list(iam.roles.values())}),
        "UserName": ("user", {user.name: user for user in list(iam.users.values())}),
        "GroupName": ("group", dict(iam.groups)),
        "InstanceProfileName": ("instance-profile", {}),
    }
    for parameter, (kind, known) in found.items():
        name = given.get(parameter)
        if not name:
            continue
        held = known.get(name)
        if held is None:
            path = str(given.get("Path") or "/")
            return [Requirement(action, f"arn:aws:iam::{handler.current_account}:{kind}{path}{name}", keys)]
        boundary = getattr(held, "permissions_boundary_arn", None)
        return [
            Requirement(action, str(held.arn), {**({"iam:permissionsboundary": boundary} if boundary else {}), **keys})
        ]
    named = given.get("PolicyArn") or given.get("OpenIDConnectProviderArn") or given.get("ResourceArn")
    if named is None and action == "CreatePolicy":
        path = str(given.get("Path") or "/")
        named = f"arn:aws:iam::{handler.current_account}:policy{path}{given.get('PolicyName')}"
    return [Requirement(action, str(named or "*"), keys)]


def passed_roles(service: str, action: str, given: Mapping[str, Any]) -> Iterator[Requirement]:
    """Yield iam:PassRole for the role that a call passes to a service."""
    parameter, receiver = _PASSED.get((service, action), ("", ""))
    role = given.get(parameter)
    if role:
        yield Requirement("iam:PassRole", str(role), {"iam:passedtoservice": f"{receiver}.amazonaws.com"})
