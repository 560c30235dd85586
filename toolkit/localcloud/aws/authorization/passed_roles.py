"""The roles that a call passes to an AWS service: its caller needs iam:PassRole for each.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.localcloud.aws.authorization.requirements import Requirement

_PASSED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("apigateway", "CreateIntegration"): ("credentialsArn", "apigateway"),
    ("apigateway", "UpdateIntegration"): ("credentialsArn", "apigateway"),
    ("cloudtrail", "CreateTrail"): ("CloudWatchLogsRoleArn", "cloudtrail"),
    ("cloudtrail", "UpdateTrail"): ("CloudWatchLogsRoleArn", "cloudtrail"),
    ("codedeploy", "CreateDeploymentGroup"): ("serviceRoleArn", "codedeploy"),
    ("codedeploy", "UpdateDeploymentGroup"): ("serviceRoleArn", "codedeploy"),
    ("events", "PutRule"): ("RoleArn", "events"),
    ("events", "PutTargets"): ("Targets.RoleArn", "events"),
    ("lambda", "CreateFunction"): ("Role", "lambda"),
    ("lambda", "UpdateFunctionConfiguration"): ("Role", "lambda"),
    ("logs", "PutSubscriptionFilter"): ("roleArn", "logs"),
    ("scheduler", "CreateSchedule"): ("Target.RoleArn", "scheduler"),
    ("scheduler", "UpdateSchedule"): ("Target.RoleArn", "scheduler"),
}
"""By service and action, the path of the parameter with the role, and the service that gets it."""


def passed_roles(service: str, action: str, params: Mapping[str, Any]) -> Iterator[Requirement]:
    """Yield iam:PassRole for each role that a call passes to a service."""
    path, receiver = _PASSED.get((service, action), ("", ""))
    holder, _, name = path.rpartition(".")
    found = params.get(holder) if holder else params
    for each in found if isinstance(found, list) else [found or {}]:
        if each.get(name):
            yield Requirement("iam:PassRole", str(each[name]), {"iam:passedtoservice": f"{receiver}.amazonaws.com"})
