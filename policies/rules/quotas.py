"""Rules on quotas of AWS: what exceeds one fails when it is created."""

import json
from collections import Counter
from collections.abc import Callable

from toolkit.policy.iam.role_policies import ATTACHMENTS, policies_of
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackCheck, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types import quotas
from toolkit.resource_types.apigatewayv2 import API, AUTHORIZER, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cognito import RESOURCE_SERVER, USER_POOL_CLIENT
from toolkit.resource_types.iam import POLICY, ROLE, ROLE_POLICY
from toolkit.resource_types.kms import KEY, KEY_POLICY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.s3 import BUCKET, BUCKET_POLICY
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every

_VARIABLES = "environment.variables"
_POLICY_BYTES = {
    QUEUE: quotas.QUEUE_POLICY_BYTES,
    QUEUE_POLICY: quotas.QUEUE_POLICY_BYTES,
    BUCKET: quotas.BUCKET_POLICY_BYTES,
    BUCKET_POLICY: quotas.BUCKET_POLICY_BYTES,
    KEY: quotas.KEY_POLICY_BYTES,
    KEY_POLICY: quotas.KEY_POLICY_BYTES,
}


def _each_variable(holds: Callable[[str], bool]) -> Callable[[Inputs, Stack], bool | Violations]:
    def check(function: Inputs, _stack: Stack) -> bool | Violations:
        broken = [name for name in function.keys(_VARIABLES) if not holds(name)]
        return Violations(function.leaf(_VARIABLES, name) for name in broken) or True

    return check


lambda_quotas = ResourceRule(
    name="lambda-quotas",
    description="Lambda functions stay within the quotas of environment variables and layers",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(FUNCTION,),
    checks={
        "environment.variables have more than 4 KB; keep long values in SSM or Secrets Manager": lambda function, _: (
            quotas.environment_bytes(function.part(_VARIABLES).properties) <= quotas.ENVIRONMENT_BYTES
        ),
        "Lambda itself sets this environment variable; choose another name": _each_variable(
            lambda name: name not in quotas.RESERVED_VARIABLES
        ),
        "an environment variable has a name that is not a letter with letters, digits and _ after it; rename it": (
            _each_variable(
                lambda name: name in quotas.RESERVED_VARIABLES or quotas.VARIABLE_NAME.fullmatch(name) is not None
            )
        ),
        "the function has more than 5 layers; put several into one": lambda function, _: (
            len(function.entries("layers")) <= quotas.LAYERS
        ),
    },
)


def _text(holder: Inputs, path: str) -> str:
    """Return a document as text, without white space where it is a map."""
    document = holder.json(path).properties
    return json.dumps(dict(document), separators=(",", ":"), default=str)


def _inline_policies_fit(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def fits(role: Inputs) -> bool:
        inline = (each for each in policies_of(role, graph).documents if each.resource.type == ROLE_POLICY)
        return sum(quotas.policy_bytes(_text(each, "policy")) for each in inline) <= quotas.INLINE_POLICIES_BYTES

    return every(graph.of(ROLE), fits)


def _few_attachments(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def fits(role: Inputs) -> bool:
        attached = (each for each in graph.of(*ATTACHMENTS) if role.urn in each.depends_on("role"))
        return len(list(attached)) <= quotas.MANAGED_POLICIES

    return every(graph.of(ROLE), fits)


iam_quotas = StackRule(
    name="iam-quotas",
    description="IAM policies stay within the quotas of their size",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "the inline policies of the role have more than 10,240 characters; move statements to a managed policy": (
            _inline_policies_fit
        ),
        "the role has more than 10 managed policies; merge some, or ask AWS for a higher quota": _few_attachments,
        "the managed policy has more than 6,144 characters; split it": lambda graph, _: every(
            graph.of(POLICY),
            lambda policy: quotas.policy_bytes(_text(policy, "policy")) <= quotas.MANAGED_POLICY_BYTES,
        ),
        "assumeRolePolicy has more than 2,048 characters; shorten it, or ask AWS for a higher quota": lambda graph, _: (
            every(
                graph.of(ROLE),
                lambda role: quotas.policy_bytes(_text(role, "assumeRolePolicy")) <= quotas.TRUST_POLICY_BYTES,
            )
        ),
    },
)

resource_policy_quotas = ResourceRule(
    name="resource-policy-quotas",
    description="Resource-based policies stay within the quotas of their size",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=tuple(_POLICY_BYTES),
    message="policy is longer than AWS accepts: 8 KB for a queue, 20 KB for a bucket, 32 KB for a key; name resources "
    "by a pattern",
    check=lambda holder, _: (
        not holder.has("policy") or len(_text(holder, "policy").encode()) <= _POLICY_BYTES[holder.resource.type]
    ),
)


def _at_most(limit: int, part: str) -> StackCheck:
    """Return the check that no HTTP API has more than some number of parts of a type."""

    def check(graph: StackInputs, _stack: Stack) -> bool | Violations:
        counts = Counter(urn for each in graph.of(part) for urn in each.depends_on("apiId"))
        return every(graph.of(API), lambda api: counts[api.urn] <= limit)

    return check


apigw_quotas = StackRule(
    name="apigw-quotas",
    description="HTTP APIs stay within the quotas of API Gateway",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "the API has more than 300 routes; merge some, or ask AWS for a higher quota": _at_most(quotas.ROUTES, ROUTE),
        "the API has more than 300 integrations; let routes share one": _at_most(quotas.INTEGRATIONS, INTEGRATION),
        "the API has more than 10 authorizers; let routes share one": _at_most(quotas.AUTHORIZERS, AUTHORIZER),
        "the API has more than 10 stages; remove some, or ask AWS for a higher quota": _at_most(quotas.STAGES, STAGE),
        "authorizationScopes has more than 10 scopes; merge scopes": lambda graph, _: every(
            graph.of(ROUTE), lambda route: len(route.entries("authorizationScopes")) <= quotas.SCOPES_OF_A_ROUTE
        ),
        "jwtConfiguration.audiences has more than 50 clients; let callers share one": lambda graph, _: every(
            graph.of(AUTHORIZER),
            lambda authorizer: len(authorizer.part("jwtConfiguration").entries("audiences")) <= quotas.AUDIENCES,
        ),
        "accessLogSettings.format has more than 3 KB; log fewer fields": lambda graph, _: every(
            graph.of(STAGE),
            lambda stage: len(stage.text("accessLogSettings.format").encode()) <= quotas.ACCESS_LOG_FORMAT_BYTES,
        ),
    },
)


cognito_quotas = ResourceRule(
    name="cognito-quotas",
    description="App clients and resource servers stay within the quotas of Amazon Cognito",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(USER_POOL_CLIENT, RESOURCE_SERVER),
    checks={
        "callbackUrls or logoutUrls has more than 100 URLs; create another client": lambda client, _: all(
            len(client.entries(path)) <= quotas.CALLBACK_URLS for path in ("callbackUrls", "logoutUrls")
        ),
        "allowedOauthScopes has more than 50 scopes; create another client": lambda client, _: (
            len(client.entries("allowedOauthScopes")) <= quotas.SCOPES_OF_A_CLIENT
        ),
        "scopes has more than 100 scopes; create another resource server": lambda server, _: (
            len(server.entries("scopes")) <= quotas.SCOPES_OF_A_SERVER
        ),
    },
)
