"""Small stacks to be priced, and what they come to."""

from collections.abc import Mapping
from typing import Any

from tests.support.policy_servicer import Subject, urn
from toolkit.cost.estimate import Estimate, estimate
from toolkit.cost.prices import PriceList, list_prices
from toolkit.cost.usage import Usage
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, STAGE
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import Resource
from toolkit.stacks.inputs import Inputs, StackInputs

NOTHING: Mapping[str, Any] = {
    "requests": 0,
    "duration-ms": 0,
    "cold-start-share": 0,
    "response-kb": 0,
    "most-response-kb": 0,
    "log-bytes-per-request": 0,
    "access-log-bytes-per-request": 0,
    "reads-per-request": 0,
    "writes-per-request": 0,
    "alerts": 0,
    "kms-requests": 0,
}
"""A profile in which nothing costs; what a test is about is put on top."""
GB = 1_073_741_824


def used(**values: Any) -> Usage:
    """A profile with these keys and nothing else, underlines for dashes."""
    return Usage.model_validate({**NOTHING, **{key.replace("_", "-"): value for key, value in values.items()}})


def graph(*subjects: Subject, region: str = "us-east-1") -> StackInputs:
    """The inputs of these resources."""
    urns = {subject.name: urn(subject.type, subject.name) for subject in subjects}
    return StackInputs(tuple(_inputs(subject, urns, region) for subject in subjects))


def priced(*subjects: Subject, region: str = "us-east-1", prices: PriceList | None = None, **usage: Any) -> Estimate:
    """What the resources cost with this use."""
    return estimate(graph(*subjects, region=region), used(**usage), prices or list_prices())


def expected(one: Estimate, item: str) -> float:
    """The expected sum of one thing on the price list."""
    return sum(line.expected for line in one.lines if line.item == item)


def worst(one: Estimate, *items: str) -> float:
    """The worst sum of some things, each of which something bounds."""
    lines = [line for line in one.lines if line.item in items]
    assert {line.item for line in lines} == set(items)
    return sum(line.worst for line in lines if line.worst is not None)


def service(rate: float | None = None, function: Mapping[str, Any] | None = None) -> tuple[Subject, ...]:
    """An HTTP API with a function behind it and the function's log group."""
    throttle = (
        {} if rate is None else {"defaultRouteSettings": {"throttlingRateLimit": rate, "throttlingBurstLimit": 0}}
    )
    return (
        Subject(API, {}, "api"),
        Subject(STAGE, throttle, "stage", dependencies={"apiId": ("api",)}),
        Subject(INTEGRATION, {}, "integration", dependencies={"apiId": ("api",), "integrationUri": ("function",)}),
        Subject(FUNCTION, function or {}, "function", dependencies={"loggingConfig": ("logs",)}),
        Subject(LOG_GROUP, {"retentionInDays": 30}, "logs"),
    )


def rest_service(function: Mapping[str, Any]) -> tuple[Subject, ...]:
    """A REST API with a function behind it and the function's log group."""
    api = "aws:apigateway/restApi:RestApi"
    return (
        Subject(api, {}, "api"),
        Subject("aws:apigateway/stage:Stage", {}, "stage", dependencies={"restApi": ("api",)}),
        Subject(
            "aws:apigateway/integration:Integration",
            {},
            "integration",
            dependencies={"restApi": ("api",), "uri": ("function",)},
        ),
        Subject(FUNCTION, function, "function", dependencies={"loggingConfig": ("logs",)}),
        Subject(LOG_GROUP, {"retentionInDays": 30}, "logs"),
    )


def _inputs(subject: Subject, urns: Mapping[str, str], region: str) -> Inputs:
    resource = Resource(
        urn=urn(subject.type, subject.name),
        type=subject.type,
        name=subject.name,
        custom=True,
        id="",
        parent=None,
        inputs={},
        outputs={},
        depends_on=tuple(urns[name] for name in subject.after if name in urns),
        property_dependencies={
            name: tuple(urns[other] for other in others) for name, others in subject.dependencies.items()
        },
    )
    return Inputs(resource, subject.properties, {"region": region})
