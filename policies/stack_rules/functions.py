"""Rules on what belongs to a function: its role, and the way its callers take."""

from policies.facts import Broken, Facts, GraphFacts, every
from policies.rule import BLOCKS, BLOCKS_WHERE_KEPT, Severity, StackRule, controls
from policies.rules.apigateway_access import API, INTEGRATION
from policies.rules.iam_policy import ROLE_POLICY
from policies.rules.iam_role import ROLE
from policies.rules.lambda_access import ALIAS, PERMISSION
from policies.rules.lambda_function import FUNCTION
from policies.stack import Stack

DEPLOYMENT_GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup"


def _has_a_role_of_its_own(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    def alone(function: Facts) -> bool:
        roles = graph.behind(function, "role", ROLE)
        return len(roles) == 1 and graph.using(roles[0], FUNCTION, by="role") == (function,)

    return every(graph.of(FUNCTION), alone)


def _role_names_its_resources(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    def named(function: Facts) -> bool:
        granted = [
            policy
            for role in graph.behind(function, "role", ROLE)
            for policy in graph.using(role, ROLE_POLICY, by="role")
        ]
        return bool(granted) and all(policy.depends_on("policy") for policy in granted)

    return every(graph.of(FUNCTION), named)


def _called_for_one_api(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    def for_api(permission: Facts) -> bool:
        by_api = permission.text("principal") == "apigateway.amazonaws.com"
        return not by_api or bool(graph.behind(permission, "sourceArn", API))

    return every(graph.of(PERMISSION), for_api)


def _called_by_alias(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    def by_alias(integration: Facts) -> bool:
        invokes = integration.text("integrationType") == "AWS_PROXY"
        return not invokes or bool(graph.behind(integration, "integrationUri", ALIAS))

    return every(graph.of(INTEGRATION), by_alias)


_UPDATED_IN_PLACE = {"functionVersion", "routingConfig", "description"}
"""Whichever of them changes, the provider's UpdateAlias sends the version that the state knows."""


def _delivered_gradually(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    groups = graph.of(DEPLOYMENT_GROUP)

    def delivered(alias: Facts) -> bool:
        names = {group.text("deploymentGroupName") for group in groups}
        return alias.text("name") in names and set(alias.resource.ignore_changes) >= _UPDATED_IN_PLACE

    return every(graph.of(ALIAS), delivered)


lambda_least_privilege = StackRule(
    name="lambda-least-privilege",
    says="A function has a role of its own, which names what it may touch.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    controls=controls("NAG_SERVERLESS: LambdaStarPermissions"),
    checks={
        "the function has no role of this stack, or shares it with another function; give it one of its own": (
            _has_a_role_of_its_own
        ),
        "the function's role has no policy that names resources of this stack; grant it just those": (
            _role_names_its_resources
        ),
    },
)

api_permission_scoped = StackRule(
    name="api-permission-scoped",
    says="API Gateway may call a function for an API of this stack only.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_364"),
    checks={
        "sourceArn comes from no API of this stack; set it to the API's execution ARN with the stage and routes": (
            _called_for_one_api
        )
    },
)

function_called_by_alias = StackRule(
    name="function-called-by-alias",
    says="An API calls a function by its alias, so that a version can be put back without the API.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    checks={"integrationUri names no alias of this stack; set it to an alias's invoke ARN": _called_by_alias},
)

canary_wired = StackRule(
    name="canary-wired",
    says="A new version gets a few calls before it gets all, and CodeDeploy alone moves the alias.",
    severity=Severity.MEDIUM,
    levels=BLOCKS_WHERE_KEPT,
    checks={
        "no deployment group has the alias's name, or the program would move the alias itself; add a CodeDeploy group"
        " of that name, and functionVersion, routingConfig and description to the alias's ignore_changes": (
            _delivered_gradually
        )
    },
)

RULES = (lambda_least_privilege, api_permission_scoped, function_called_by_alias, canary_wired)
