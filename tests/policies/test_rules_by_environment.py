"""What one environment takes and another refuses."""

from datetime import date
from typing import Any

import pytest

from policies.rules import RESOURCE_RULES
from tests.support.policy_servicer import TODAY, a_stack, urn
from toolkit.policy.evaluation import Outcome, evaluate_resource
from toolkit.resource_types.apigatewayv2 import API, ROUTE
from toolkit.resource_types.cognito import USER_POOL, USER_POOL_CLIENT
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION, PROVISIONED_CONCURRENCY
from toolkit.stacks import Resource
from toolkit.stacks.inputs import Inputs
from toolkit.stacks.settings import Environment

RULES = {rule.name: rule for rule in RESOURCE_RULES}
READS = {"maxReadRequestUnits": 101, "maxWriteRequestUnits": 100}

ONLY_IN_PROD: dict[str, tuple[str, dict[str, Any]]] = {
    "provisioned-concurrency-prod-only": (PROVISIONED_CONCURRENCY, {"provisionedConcurrentExecutions": 1}),
    "lambda-memory-cap": (FUNCTION, {"memorySize": 1024}),
    "lambda-reserved-concurrency": (FUNCTION, {"reservedConcurrentExecutions": 81}),
    "dynamodb-max-throughput": (TABLE, {"billingMode": "PAY_PER_REQUEST", "onDemandThroughput": READS}),
}
ONLY_IN_DEV: dict[str, tuple[str, dict[str, Any]]] = {
    "apigw-route-authorized": (ROUTE, {"routeKey": "GET /docs"}),
    "apigw-cors-https": (API, {"corsConfiguration": {"allowOrigins": ["http://localhost:3000"]}}),
    "cognito-client-callbacks-https": (USER_POOL_CLIENT, {"callbackUrls": ["http://127.0.0.1:8000/docs"]}),
    "cognito-password": (
        USER_POOL,
        {
            "passwordPolicy": {
                "minimumLength": 12,
                "requireLowercase": True,
                "requireUppercase": True,
                "requireNumbers": True,
                "requireSymbols": True,
            }
        },
    ),
}


def outcome(
    name: str, type_: str, properties: dict[str, Any], environment: Environment, today: date = TODAY
) -> Outcome:
    subject = Resource(
        urn=urn(type_), type=type_, name="subject", custom=True, id="", parent=None, inputs={}, outputs={}
    )
    return evaluate_resource(RULES[name], Inputs(subject, properties), a_stack(environment, today=today)).outcome


@pytest.mark.parametrize("name", ONLY_IN_PROD)
def test_costly_properties_are_for_prod_only(name: str) -> None:
    assert outcome(name, *ONLY_IN_PROD[name], "prod") is Outcome.PASS
    assert outcome(name, *ONLY_IN_PROD[name], "dev") is Outcome.FAIL


@pytest.mark.parametrize("name", ONLY_IN_DEV)
def test_developer_settings_fail_in_prod(name: str) -> None:
    assert outcome(name, *ONLY_IN_DEV[name], "dev") is Outcome.PASS
    assert outcome(name, *ONLY_IN_DEV[name], "prod") is Outcome.FAIL


def test_runtime_passes_until_aws_stops_patching_it() -> None:
    python = (FUNCTION, {"runtime": "python3.12"})
    assert outcome("lambda-runtime-supported", *python, "prod", date(2028, 10, 30)) is Outcome.PASS
    assert outcome("lambda-runtime-supported", *python, "prod", date(2028, 10, 31)) is Outcome.FAIL
