"""The components of the request path: the HTTP API and the function, with least privilege."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from api.attachments.repository import CONFIRMED, PENDING
from api.definition import BUCKETS, DOCS_ROUTES, PARAMETERS, QUEUES, ROUTES, SECRETS, TABLES, TOPICS
from infrastructure.components.function_role import FunctionResources, api_permissions
from infrastructure.components.http_api import HttpApi, HttpApiArgs
from infrastructure.components.lambda_function import LambdaFunction, LambdaFunctionArgs
from infrastructure.package import Package
from infrastructure.settings.groups import ApiSettings
from tests.support.programs import registered
from toolkit.stacks import ResourceGraph


def made(graph: ResourceGraph) -> Counter[str]:
    """Return the number of resources per type, without the stack."""
    resources = (one for one in graph.resources[1:] if not one.type.startswith("pulumi:providers:"))
    return Counter(resource.type.split(":")[-1] for resource in resources)


def inputs(graph: ResourceGraph, name: str) -> Any:
    """The inputs of the resource of this name."""
    return next(resource.inputs for resource in graph.resources if resource.name == name)


def arns(names: Iterable[str]) -> dict[str, pulumi.Input[str]]:
    return {name: pulumi.Output.from_input(f"{name}-arn") for name in names}


def function(root: Path, **settings: object) -> ResourceGraph:
    def build() -> None:
        resources = FunctionResources(
            tables=arns(table.name for table in TABLES),
            buckets=arns(bucket.name for bucket in BUCKETS),
            secrets=arns(SECRETS),
            queues=arns(queue.name for queue in QUEUES),
            topics=arns(topic.name for topic in TOPICS),
            parameters=arns(parameter.name for parameter in PARAMETERS),
        )
        values: dict[str, Any] = {
            "memory_mb": 512,
            "timeout_seconds": 10,
            "reserved_concurrency": 65,
            "log_level": "INFO",
            **settings,
        }
        args = LambdaFunctionArgs(
            description="Answers the API",
            handler="api.lambda_handler.handler",
            package=Package(pulumi.AssetArchive({}), "ab" * 32, "python3.13", "arm64"),
            environment={"ITEMS_TABLE": "items"},
            log_group_name="/items-api/dev/function",
            log_retention_days=30,
            log_key=None,
            permissions=api_permissions(resources, "log-group-arn"),
            **values,
        )
        LambdaFunction("api", args)

    return registered(root, build)


def test_function_publishes_versions_behind_alias(tmp_path: Path) -> None:
    graph = function(tmp_path)

    assert made(graph) == {"ApiFunction": 1, "Role": 1, "RolePolicy": 1, "LogGroup": 1, "Function": 1, "Alias": 1}
    lambda_ = inputs(graph, "api-function")
    assert (lambda_["publish"], lambda_["timeout"], lambda_["memorySize"]) == (True, 10, 512)
    assert (lambda_["reservedConcurrentExecutions"], lambda_["tracingConfig"]) == (65, {"mode": "Active"})
    assert lambda_["handler"] == "api.lambda_handler.handler"
    assert lambda_["loggingConfig"]["logFormat"] == "JSON"
    assert lambda_["loggingConfig"]["logGroup"] == inputs(graph, "api-logs")["name"] == "/items-api/dev/function"
    assert inputs(graph, "api-logs")["retentionInDays"] == 30
    assert inputs(graph, "api-live")["functionVersion"] == "1"
    assert "snapStart" not in lambda_


@pytest.mark.parametrize(
    ("setting", "level"), [("DEBUG", "DEBUG"), ("INFO", "INFO"), ("WARNING", "INFO"), ("ERROR", "INFO")]
)
def test_application_log_level_is_at_most_info(setting: str, level: str, tmp_path: Path) -> None:
    logging = inputs(function(tmp_path, log_level=setting), "api-function")["loggingConfig"]

    assert logging["applicationLogLevel"] == level


def written(*resources: str) -> str:
    """Return the JSON of the resources of a statement: one of them is text."""
    return json.dumps(resources[0] if len(resources) == 1 else resources)


def test_objects_that_the_role_reaches_are_those_of_the_repository() -> None:
    (bucket,) = (each for each in BUCKETS if each.name == "attachments")

    assert [f"{prefix}/" for prefix in bucket.prefixes] == [CONFIRMED, PENDING]


def test_function_role_allows_exactly_the_required_actions(tmp_path: Path) -> None:
    graph = function(tmp_path)
    statements = json.loads(inputs(graph, "api-permissions")["policy"])["Statement"]

    allowed = {
        (action, json.dumps(statement["Resource"]))
        for statement in statements
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert allowed == {
        *(
            (action, written(f"{table.name}-arn", *(f"{table.name}-arn/index/{index.name}" for index in table.indexes)))
            for table in TABLES
            for action in table.actions
        ),
        *(
            (action, written(*(f"{bucket.name}-arn/{prefix}/*" for prefix in bucket.prefixes)))
            for bucket in BUCKETS
            for action in bucket.actions
        ),
        *(("secretsmanager:GetSecretValue", written(f"{name}-arn")) for name in SECRETS),
        *(("sqs:SendMessage", written(f"{queue.name}-arn")) for queue in QUEUES),
        *(("sns:Publish", written(f"{topic.name}-arn")) for topic in TOPICS),
        *(("ssm:GetParameter", written(f"{parameter.name}-arn")) for parameter in PARAMETERS),
        ("logs:CreateLogStream", '"log-group-arn:*"'),
        ("logs:PutLogEvents", '"log-group-arn:*"'),
        ("xray:PutTraceSegments", '"*"'),
        ("xray:PutTelemetryRecords", '"*"'),
    }
    (trust,) = json.loads(inputs(graph, "api-role")["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_function_depends_on_its_permissions(tmp_path: Path) -> None:
    graph = function(tmp_path)
    (lambda_,) = graph.of_type("aws:lambda/function:Function")

    assert any(urn.endswith("RolePolicy::api-permissions") for urn in lambda_.depends_on)


def test_snapstart_applies_to_published_versions(tmp_path: Path) -> None:
    graph = function(tmp_path, snapstart=True)

    assert inputs(graph, "api-function")["snapStart"] == {"applyOn": "PublishedVersions"}
    assert "ProvisionedConcurrencyConfig" not in made(graph)


def test_provisioned_concurrency_applies_to_alias(tmp_path: Path) -> None:
    graph = function(tmp_path, provisioned_concurrency=2)

    provisioned = inputs(graph, "api-provisioned")
    assert (provisioned["qualifier"], provisioned["provisionedConcurrentExecutions"]) == ("live", 2)
    assert "snapStart" not in inputs(graph, "api-function")


def http_api(root: Path, settings: dict[str, object] | None = None, *, docs: bool = False) -> ResourceGraph:
    args = HttpApiArgs(
        settings=ApiSettings.model_validate_json(json.dumps(settings or {})),
        docs=docs,
        has_custom_domain=False,
        access_log_name="/aws/vendedlogs/access",
        log_key=None,
        issuer="https://issuer.example",
        audiences=("web", "machine"),
        function_name="function",
        function_alias="live",
        function_invoke_arn="invoke-arn",
    )
    return registered(root, lambda: HttpApi("http", args))


def test_both_throttle_numbers_are_always_set(tmp_path: Path) -> None:
    stage = inputs(http_api(tmp_path), "http-stage")

    assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 6, "throttlingBurstLimit": 50}
    assert all(
        one.keys() == {"routeKey", "throttlingRateLimit", "throttlingBurstLimit"} for one in stage["routeSettings"]
    )
    assert (stage["name"], stage["autoDeploy"]) == ("$default", True)


def test_stage_has_throttle_per_route_and_depends_on_routes(tmp_path: Path) -> None:
    graph = http_api(tmp_path, {"upstreams": {"users": "https://users.example"}})
    routes = {route.inputs["routeKey"]: route for route in graph.of_type("aws:apigatewayv2/route:Route")}
    (stage,) = graph.of_type("aws:apigatewayv2/stage:Stage")

    throttled = {settings["routeKey"] for settings in stage.inputs["routeSettings"]}
    assert throttled == {key for key in routes if "/upstreams/" not in key}
    assert {routes[key].urn for key in throttled} <= set(stage.depends_on)


def test_access_log_is_json_with_ids_status_and_errors(tmp_path: Path) -> None:
    stage = inputs(http_api(tmp_path), "http-stage")
    line = json.loads(stage["accessLogSettings"]["format"])

    assert {"requestId", "ip", "routeKey", "status", "latency", "authorizerError", "integrationError"} <= line.keys()
    assert "authorization" not in stage["accessLogSettings"]["format"].lower().replace("authorizer", "")


def test_only_this_api_may_invoke_the_alias(tmp_path: Path) -> None:
    graph = http_api(tmp_path)
    permission = inputs(graph, "http-may-invoke")

    (api,) = graph.of_type("aws:apigatewayv2/api:Api")
    assert permission["sourceArn"] == f"{api.outputs['executionArn']}/*/*"
    assert (permission["principal"], permission["qualifier"]) == ("apigateway.amazonaws.com", "live")


def test_authorizer_verifies_issuer_and_both_clients(tmp_path: Path) -> None:
    authorizer = inputs(http_api(tmp_path), "http-authorizer")

    assert authorizer["jwtConfiguration"] == {"issuer": "https://issuer.example", "audiences": ["web", "machine"]}
    assert authorizer["identitySources"] == ["$request.header.Authorization"]


def test_cors_allows_listed_origins_without_credentials(tmp_path: Path) -> None:
    api = inputs(http_api(tmp_path, {"cors-origins": ["https://app.example"]}), "http-api")

    assert api["corsConfiguration"]["allowOrigins"] == ["https://app.example"]
    assert "allowCredentials" not in api["corsConfiguration"]


def test_api_without_origins_has_no_cors(tmp_path: Path) -> None:
    assert "corsConfiguration" not in inputs(http_api(tmp_path), "http-api")


def test_upstream_is_proxied_with_its_path_and_requires_token(tmp_path: Path) -> None:
    graph = http_api(tmp_path, {"upstreams": {"users": "https://users.example/v1/"}})

    integration = inputs(graph, "http-upstream-users")
    assert integration["integrationType"] == "HTTP_PROXY"
    assert integration["integrationUri"] == "https://users.example/v1/{proxy}"
    assert inputs(graph, "http-patch-upstreams-users-proxy")["authorizationType"] == "JWT"
    assert made(graph)["Integration"] == 2


def test_upstream_gets_no_token_if_token_header_is_set(tmp_path: Path) -> None:
    settings: dict[str, object] = {
        "upstreams": {"users": "https://users.example"},
        "upstream-token-header": "x-access-token",
        "cors-origins": ["https://app.example"],
    }
    graph = http_api(tmp_path, settings)

    assert inputs(graph, "http-upstream-users")["requestParameters"] == {"remove:header.x-access-token": "''"}
    assert inputs(graph, "http-upstream-authorizer")["identitySources"] == ["$request.header.x-access-token"]
    assert inputs(graph, "http-authorizer")["identitySources"] == ["$request.header.Authorization"]
    assert "x-access-token" in inputs(graph, "http-api")["corsConfiguration"]["allowHeaders"]
    assert made(graph)["Authorizer"] == 2


@pytest.mark.parametrize("docs", [False, True])
def test_http_api_has_expected_number_of_each_type(tmp_path: Path, docs: bool) -> None:
    routes = len(ROUTES) + (len(DOCS_ROUTES) if docs else 0)

    assert made(http_api(tmp_path, docs=docs)) == Counter(
        HttpApi=1, Api=1, Authorizer=1, Integration=1, Stage=1, Route=routes, LogGroup=1, Permission=1
    )
