"""Rules between functions and what invokes them."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.bounds import bounds_of
from policies.rules.iam.roles import services_of, trust
from toolkit.policy.rule import Levels, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION
from toolkit.resource_types.cloudwatch import EVENT_TARGET
from toolkit.resource_types.codedeploy import DEPLOYMENT_GROUP
from toolkit.resource_types.iam import ROLE, ROLE_POLICY
from toolkit.resource_types.lambda_ import ALIAS, EVENT_SOURCE_MAPPING, FUNCTION, PERMISSION
from toolkit.resource_types.s3 import BUCKET_NOTIFICATION
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import known_text, names_of, reference, referred_to


def called_by_api(graph: StackInputs) -> frozenset[str]:
    """Return the URNs of functions that an integration of this stack invokes, by an alias or directly."""
    return frozenset(
        function.urn
        for function in graph.of(FUNCTION)
        if any(invokes(graph, integration, function) for integration in graph.of(INTEGRATION))
    )


def invokes(graph: StackInputs, integration: Inputs, function: Inputs) -> bool:
    """Return whether the integration invokes the function."""
    uri, arn = known_text(integration, "integrationUri"), reference(function, "arn")
    if uri is not None and arn is not None:
        return uri == arn or f"{arn}:" in uri or f"{arn}/" in uri
    sources = integration.depends_on("integrationUri")
    aliases = [alias for alias in graph.of(ALIAS) if alias.urn in sources]
    return function.urn in sources or any(function.urn in alias.depends_on("functionName") for alias in aliases)


@dataclass(frozen=True)
class EventSource:
    """A property by which an event source names what it invokes."""

    part: Inputs
    """The resource, or the part of it that has the property."""
    path: str
    root: str
    """The property of the resource whose dependencies are those of the name."""

    @property
    def value(self) -> str | None:
        """Return the name or the ARN of what it invokes; None while it is not known."""
        return known_text(self.part, self.path)

    @property
    def is_asynchronous(self) -> bool:
        """Return whether Lambda queues the event; an event source mapping waits for the function."""
        return self.part.resource.type != EVENT_SOURCE_MAPPING


@dataclass(frozen=True)
class Invocation:
    """A function of this stack that an event source invokes, and the alias or version; empty for none."""

    source: EventSource
    function: Inputs
    qualifier: str


def event_sources(graph: StackInputs) -> Iterator[EventSource]:
    """Yield the event sources that may invoke functions: mappings, schedules, subscriptions and notifications."""
    for mapping in graph.of(EVENT_SOURCE_MAPPING):
        yield EventSource(mapping, "functionName", "functionName")
    for schedule in graph.of(SCHEDULE):
        yield EventSource(schedule, "target.arn", "target")
    for target in graph.of(EVENT_TARGET):
        yield EventSource(target, "arn", "arn")
    for subscription in graph.of(TOPIC_SUBSCRIPTION):
        if subscription.text("protocol") == "lambda":
            yield EventSource(subscription, "endpoint", "endpoint")
    for notification in graph.of(BUCKET_NOTIFICATION):
        for part in notification.parts("lambdaFunctions"):
            yield EventSource(part, "lambdaFunctionArn", "lambdaFunctions")


def invocations(graph: StackInputs) -> Iterator[Invocation]:
    """Yield what each event source invokes; a function of another stack is left out."""
    for source in event_sources(graph):
        for function in graph.of(FUNCTION):
            if (qualifier := qualifier_of(graph, source.part, source.root, source.value, function)) is not None:
                yield Invocation(source, function, qualifier)


def qualifier_of(graph: StackInputs, user: Inputs, root: str, value: str | None, function: Inputs) -> str | None:
    """Return the alias or the version by which a property names the function; None where it does not name it."""
    names = names_of(function, "name", "arn")
    if value and names:
        whole = value.rpartition(":function:")[2]
        name, _, qualifier = whole.partition(":")
        return qualifier if {name, value.removesuffix(f":{qualifier}")} & names else None
    urns = user.depends_on(root)
    for alias in graph.of(ALIAS):
        by_alias = referred_to(alias, "functionName", known_text(alias, "functionName"), (function,), "name", "arn")
        if alias.urn in urns and by_alias:
            return reference(alias, "name") or alias.resource.name
    return "" if function.urn in urns else None


def invoked_by_events_only(graph: StackInputs) -> frozenset[str]:
    """Return the URNs of functions that event sources of this stack invoke, and no API."""
    return frozenset(one.function.urn for one in invocations(graph)) - called_by_api(graph)


@for_each(FUNCTION)
def _has_own_role(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    roles = graph.behind(function, "role", ROLE)
    return len(roles) == 1 and graph.using(roles[0], FUNCTION, by="role") == (function,)


@for_each(FUNCTION)
def _only_lambda_assumes_role(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    roles = graph.behind(function, "role", ROLE)
    services = {name for role in roles for each in trust(role) if each.allows for name in services_of(each)}
    return services <= {"lambda.amazonaws.com", "edgelambda.amazonaws.com"}


@for_each(FUNCTION)
def _role_names_its_resources(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    granted = [
        policy for role in graph.behind(function, "role", ROLE) for policy in graph.using(role, ROLE_POLICY, by="role")
    ]
    return bool(granted) and all(policy.depends_on("policy") for policy in granted)


@for_each(PERMISSION)
def _source_is_api_of_stack(permission: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    by_api = permission.text("principal") == "apigateway.amazonaws.com"
    return not by_api or bool(graph.behind(permission, "sourceArn", API))


@for_each(INTEGRATION)
def _invokes_alias(integration: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    invokes = integration.text("integrationType") == "AWS_PROXY"
    return not invokes or bool(graph.behind(integration, "integrationUri", ALIAS))


_LONGEST_INTEGRATION_MS = 30_000
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, read on 2026-11-30."""
_UPDATED_IN_PLACE = {"functionVersion", "routingConfig", "description"}
"""On a change of any of them, the provider's UpdateAlias sends the version in the state."""


def _codedeploy_moves_alias(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """The program moves the alias of a function that only events invoke: CodeDeploy shifts no share of their calls."""
    groups, by_events = graph.of(DEPLOYMENT_GROUP), invoked_by_events_only(graph)

    def delivered(alias: Inputs) -> bool:
        name = known_text(alias, "functionName")
        functions = referred_to(alias, "functionName", name, graph.of(FUNCTION), "name", "arn")
        if functions and all(function.urn in by_events for function in functions):
            return True
        names = {group.text("deploymentGroupName") for group in groups}
        return alias.text("name") in names and set(alias.resource.ignore_changes) >= _UPDATED_IN_PLACE

    return every(graph.of(ALIAS), delivered)


@for_each(FUNCTION)
def _timeout_fits_integration(function: Inputs, graph: StackInputs, stack: Stack) -> bool:
    """Return whether a function behind an API ends before its integration and before the longest time of the API."""
    waits = [
        integration.number("timeoutMilliseconds", _LONGEST_INTEGRATION_MS)
        for integration in graph.of(INTEGRATION)
        if invokes(graph, integration, function)
    ]
    timeout = function.number("timeout", 3)
    return not waits or (timeout <= bounds_of(stack).timeout_seconds and 1000 * timeout <= min(waits))


function_timeout_fits = StackRule(
    name="function-timeout-fits",
    description="The timeout of a function behind an API is within the integration timeout",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="timeout is above {bounds.timeout_seconds} seconds or timeoutMilliseconds, so the function "
    "continues and is billed after callers got 503; lower it",
    check=_timeout_fits_integration,
)

lambda_least_privilege = StackRule(
    name="lambda-least-privilege",
    description="Every function has its own role, limited to resources of the stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("NAG_SERVERLESS: LambdaStarPermissions"),
    checks={
        "the function has no role of this stack, or shares it with another function; create a role for it": (
            _has_own_role
        ),
        "a service other than Lambda may assume the function's role; create a role for that service": (
            _only_lambda_assumes_role
        ),
        "the function's role has no policy that names resources of this stack; add one": (_role_names_its_resources),
    },
)

api_permission_scoped = StackRule(
    name="api-permission-scoped",
    description="Lambda permissions for API Gateway name an API of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_364"),
    message="sourceArn comes from no API of this stack; set it to the API's execution ARN with the stage and routes",
    check=_source_is_api_of_stack,
)

function_called_by_alias = StackRule(
    name="function-called-by-alias",
    description="API integrations invoke a function by its alias",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="integrationUri names no alias of this stack; set it to an alias's invoke ARN",
    check=_invokes_alias,
)

canary_wired = StackRule(
    name="canary-wired",
    description="CodeDeploy alone moves the alias of a function behind an API",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS_WHERE_KEPT,
    message="no deployment group has the alias's name, or the program moves the alias itself; add a CodeDeploy "
    "deployment group of that name, and functionVersion, routingConfig and description to the alias's ignore_changes",
    check=_codedeploy_moves_alias,
)
