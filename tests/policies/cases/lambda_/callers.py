"""Cases of the rules between functions and what invokes them."""

from dataclasses import replace

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION
from toolkit.resource_types.codedeploy import DEPLOYMENT_GROUP
from toolkit.resource_types.iam import ROLE, ROLE_POLICY
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION, PERMISSION
from toolkit.resource_types.scheduler import SCHEDULE


def taken_by(service: str) -> Subject:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return Subject(ROLE, {"assumeRolePolicy": {"Statement": [statement]}}, "role")


ROLE_ONE = taken_by("lambda.amazonaws.com")
TABLE = Subject("aws:dynamodb/table:Table", {}, "table")
GRANT = Subject(ROLE_POLICY, {"policy": "{}"}, "grant", dependencies={"role": ("role",), "policy": ("table",)})
WORKER = Subject(FUNCTION, {"role": "arn"}, "function", dependencies={"role": ("role",)})
FRONT = Subject(API, {}, "api")
GATEWAY = {"principal": "apigateway.amazonaws.com"}
IGNORED = ("functionVersion", "routingConfig", "description")
LIVE = Subject(ALIAS, {"name": "live"}, "alias", ignore_changes=IGNORED)
GROUP = Subject(DEPLOYMENT_GROUP, {"deploymentGroupName": "live"}, "group")
CALLS = Subject(INTEGRATION, {"integrationType": "AWS_PROXY"}, "call", dependencies={"integrationUri": ("alias",)})

ARN = "arn:aws:lambda:eu-central-1:333333333333:function:f"


def behind(seconds: int, **properties: int) -> tuple[Subject, ...]:
    function = Subject(FUNCTION, {"timeout": seconds, "arn": ARN}, "function")
    return function, Subject(INTEGRATION, {"integrationUri": f"{ARN}:live", **properties}, "call")


BY_ALIAS = (
    Subject(FUNCTION, {"timeout": 11}, "function"),
    Subject(ALIAS, {"name": "live"}, "alias", dependencies={"functionName": ("function",)}),
    replace(CALLS, properties={"integrationType": "AWS_PROXY", "timeoutMilliseconds": 10_000}),
)


CASES = {
    "function-timeout-fits": StackCase(
        good=behind(10, timeoutMilliseconds=10_000),
        bad={
            "longer than the API": behind(30),
            "longer than its integration": behind(11, timeoutMilliseconds=10_000),
            "longer than its integration, by an alias whose ARN is not known": BY_ALIAS,
        },
        also_good={"the longest": behind(29), "a worker": (Subject(FUNCTION, {"timeout": 900}, "worker"),)},
    ),
    "lambda-least-privilege": StackCase(
        good=(ROLE_ONE, TABLE, GRANT, WORKER),
        bad={
            "a role that no function uses": (ROLE_ONE, TABLE, GRANT, replace(WORKER, dependencies={})),
            "a role of another service": (taken_by("ec2.amazonaws.com"), TABLE, GRANT, WORKER),
            "a shared role": (ROLE_ONE, TABLE, GRANT, WORKER, replace(WORKER, name="other")),
            "no policy": (ROLE_ONE, WORKER),
            "a policy that names nothing": (ROLE_ONE, TABLE, replace(GRANT, dependencies={"role": ("role",)}), WORKER),
        },
    ),
    "api-permission-scoped": StackCase(
        good=(FRONT, Subject(PERMISSION, GATEWAY, "may", dependencies={"sourceArn": ("api",)})),
        bad={"any API": (FRONT, Subject(PERMISSION, GATEWAY, "may"))},
        also_good={"another caller": (Subject(PERMISSION, {"principal": "s3.amazonaws.com"}, "may"),)},
    ),
    "function-called-by-alias": StackCase(
        good=(LIVE, CALLS),
        bad={"the newest version": (LIVE, replace(CALLS, dependencies={}))},
        also_good={"an upstream": (Subject(INTEGRATION, {"integrationType": "HTTP_PROXY"}, "upstream"),)},
    ),
    "canary-wired": StackCase(
        good=(LIVE, GROUP),
        bad={
            "no group": (LIVE,),
            "a group of another name": (LIVE, replace(GROUP, properties={"deploymentGroupName": "other"})),
            "two who move it": (replace(LIVE, ignore_changes=()), GROUP),
            **{
                f"an update of {name}": (replace(LIVE, ignore_changes=tuple(set(IGNORED) - {name})), GROUP)
                for name in IGNORED
            },
        },
        also_good={
            "a function that only a schedule invokes": (
                Subject(FUNCTION, {}, "function"),
                Subject(ALIAS, {"name": "live"}, "alias", dependencies={"functionName": ("function",)}),
                Subject(SCHEDULE, {}, "schedule", dependencies={"target": ("alias",)}),
            )
        },
    ),
}
