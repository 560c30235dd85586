"""Rules on what the routes, mappings and logs of an HTTP API lead to."""

from toolkit.policy.rule import Levels, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, API_MAPPING, DOMAIN_NAME, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.lambda_ import ALIAS
from toolkit.resource_types.other_services import DELIVERY_STREAM
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import comes_from, known_text, referred_to


def _invokes(integration: Inputs) -> bool:
    return integration.text("integrationType") == "AWS_PROXY" and not integration.has("integrationSubtype")


def _names_function(uri: str, arn: str) -> bool:
    """Return whether the URI invokes exactly this ARN: of an alias, or of a function without a qualifier."""
    return uri == arn or f"/{arn}/" in uri


def _invoked(graph: StackInputs, integration: Inputs, *types: str) -> tuple[Inputs, ...]:
    uri = known_text(integration, "integrationUri")
    outputs = ("arn", "invokeArn")
    return referred_to(integration, "integrationUri", uri, graph.of(*types), *outputs, fits=_names_function)


@for_each(ROUTE)
def _target_is_integration_of_stack(route: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    target = known_text(route, "target")
    identifier = target.rpartition("/")[2] if target else None
    return bool(referred_to(route, "target", identifier, graph.of(INTEGRATION)))


@for_each(STAGE)
def _logs_to_resource_of_stack(stage: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    path = "accessLogSettings.destinationArn"
    return not stage.has(path) or comes_from(graph, stage, path, LOG_GROUP, DELIVERY_STREAM, outputs=("arn",))


@for_each(STAGE)
def _settings_name_routes_of_api(stage: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    routes = [one for one in graph.of(ROUTE) if set(one.depends_on("apiId")) & set(stage.depends_on("apiId"))]
    keys = {one.text("routeKey") for one in routes}
    return not keys or all(one.text("routeKey") in keys for one in stage.parts("routeSettings"))


def _routes_share_authorization(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Return whether a function that reads the claims of tokens gets no requests that were authorized otherwise."""
    with_tokens = {
        target
        for route in graph.of(ROUTE)
        if route.text("authorizationType", "NONE") == "JWT"
        for target in route.depends_on("target")
    }

    def alike(route: Inputs) -> bool:
        same = route.text("authorizationType", "NONE") in {"NONE", "JWT"}
        return same or not with_tokens & set(route.depends_on("target"))

    return every(graph.of(ROUTE), alike)


api_invokes_own_function = StackRule(
    name="api-invokes-own-function",
    description="Lambda integrations invoke an alias of a function in the same stack",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    checks={
        "integrationUri is not the invoke ARN of an alias of this stack (another function, an unqualified ARN, $LATEST "
        "or a stage variable); take it from the alias": for_each(INTEGRATION)(
            lambda integration, graph, _: not _invokes(integration) or bool(_invoked(graph, integration, ALIAS))
        ),
        "target is no integration of this stack; set it to integrations/ and the id of one": (
            _target_is_integration_of_stack
        ),
    },
)

api_one_authorization_per_function = StackRule(
    name="api-one-authorization",
    description="All routes of a function with a JWT authorizer use that authorizer or are public",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    message="authorizationType is neither JWT nor NONE, while other routes of the integration have a JWT authorizer; "
    "set it to JWT with the same authorizerId",
    check=_routes_share_authorization,
)

api_mapping_own = StackRule(
    name="api-mapping-own",
    description="API mappings lead to an API, stage and domain name of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "apiId is no API of this stack; take it from the API": for_each(API_MAPPING)(
            lambda one, graph, _: comes_from(graph, one, "apiId", API)
        ),
        "stage is no stage of this stack; take it from the stage": for_each(API_MAPPING)(
            lambda one, graph, _: comes_from(graph, one, "stage", STAGE, outputs=("name",))
        ),
        "domainName is no DomainName of this stack; take it from one": for_each(API_MAPPING)(
            lambda one, graph, _: comes_from(graph, one, "domainName", DOMAIN_NAME, outputs=("domainName",))
        ),
    },
)

apigw_logs_own = StackRule(
    name="apigw-logs-own",
    description="Access logs are written to a log group or delivery stream of the same stack",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="accessLogSettings.destinationArn is no log group or delivery stream of this stack, whose retention and "
    "key rules can check; take it from one",
    check=_logs_to_resource_of_stack,
)

apigw_throttles_own_routes = StackRule(
    name="apigw-throttles-own-routes",
    description="Route settings name existing routes",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="routeSettings has a routeKey that no route of the API has, which API Gateway rejects, so the route that "
    "was meant has the stage's default; write the key of a route",
    check=_settings_name_routes_of_api,
)
