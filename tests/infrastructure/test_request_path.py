"""The components a request meets: sign-in, front door and function, each with no more rights than it needs."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infrastructure.components.api_function import ApiFunction, ApiFunctionArgs
from infrastructure.components.function_role import Reach
from infrastructure.components.http_api import HttpApi, HttpApiArgs
from infrastructure.components.sign_in import SignIn, SignInArgs
from infrastructure.package import Package
from infrastructure.settings.groups import ApiSettings, FunctionSettings, SignInSettings
from stackgraph import ResourceGraph
from tests.support.programs import registered


def made(graph: ResourceGraph) -> Counter[str]:
    """How many of each type, the stack left out."""
    return Counter(resource.type.split(":")[-1] for resource in graph.resources[1:])


def inputs(graph: ResourceGraph, name: str) -> Any:
    """The inputs of the resource of this name."""
    return next(resource.inputs for resource in graph.resources if resource.name == name)


def function(root: Path, **settings: object) -> ResourceGraph:
    def build() -> None:
        args = ApiFunctionArgs(
            settings=FunctionSettings.model_validate({"runtime": "python3.13", "architecture": "arm64", **settings}),
            package=Package(pulumi.AssetArchive({}), "ab" * 32, "python3.13", "arm64"),
            environment={"ITEM_TABLE": "items"},
            log_group_name="/items-api/dev/function",
            log_key=None,
            reach=Reach(
                item_table=pulumi.Output.from_input("items-arn"),
                session_table=pulumi.Output.from_input("sessions-arn"),
                bucket=pulumi.Output.from_input("bucket-arn"),
                secret=pulumi.Output.from_input("secret-arn"),
                log_group="log-group-arn",
            ),
            delivered=False,
        )
        ApiFunction("api", args)

    return registered(root, build)


def test_the_function_runs_published_versions_behind_an_alias(tmp_path: Path) -> None:
    graph = function(tmp_path)

    assert made(graph) == {"ApiFunction": 1, "Role": 1, "RolePolicy": 1, "LogGroup": 1, "Function": 1, "Alias": 1}
    lambda_ = inputs(graph, "api-function")
    assert (lambda_["publish"], lambda_["timeout"], lambda_["memorySize"]) == (True, 10, 512)
    assert (lambda_["reservedConcurrentExecutions"], lambda_["tracingConfig"]) == (10, {"mode": "Active"})
    assert lambda_["handler"] == "api.lambda_handler.handler"
    assert lambda_["loggingConfig"]["logFormat"] == "JSON"
    assert lambda_["loggingConfig"]["logGroup"] == inputs(graph, "api-logs")["name"] == "/items-api/dev/function"
    assert inputs(graph, "api-logs")["retentionInDays"] == 30
    assert inputs(graph, "api-live")["functionVersion"] == "1"
    assert "snapStart" not in lambda_


def test_the_role_may_do_what_the_code_calls_and_nothing_else(tmp_path: Path) -> None:
    graph = function(tmp_path)
    statements = json.loads(inputs(graph, "api-permissions")["policy"])["Statement"]

    assert {
        (action, json.dumps(statement["Resource"])) for statement in statements for action in statement["Action"]
    } == {
        *((f"dynamodb:{verb}", '"items-arn"') for verb in ("GetItem", "Query", "UpdateItem", "PutItem", "DeleteItem")),
        *((f"dynamodb:{verb}", '"sessions-arn"') for verb in ("GetItem", "Query", "UpdateItem")),
        *((f"s3:{verb}Object", '"bucket-arn/attachments/*"') for verb in ("Get", "Put", "Delete")),
        ("secretsmanager:GetSecretValue", '"secret-arn"'),
        ("logs:CreateLogStream", '"log-group-arn:*"'),
        ("logs:PutLogEvents", '"log-group-arn:*"'),
        ("xray:PutTraceSegments", '"*"'),
        ("xray:PutTelemetryRecords", '"*"'),
    }
    (trust,) = json.loads(inputs(graph, "api-role")["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_function_waits_for_its_permissions(tmp_path: Path) -> None:
    graph = function(tmp_path)
    (lambda_,) = graph.of_type("aws:lambda/function:Function")

    assert any(urn.endswith("RolePolicy::api-permissions") for urn in lambda_.depends_on)


def test_snapstart_is_of_published_versions(tmp_path: Path) -> None:
    graph = function(tmp_path, **{"start-mode": "snapstart"})

    assert inputs(graph, "api-function")["snapStart"] == {"applyOn": "PublishedVersions"}
    assert "ProvisionedConcurrencyConfig" not in made(graph)


def test_provisioned_concurrency_is_of_the_alias(tmp_path: Path) -> None:
    graph = function(tmp_path, **{"start-mode": "provisioned", "provisioned-concurrency": 2})

    provisioned = inputs(graph, "api-provisioned")
    assert (provisioned["qualifier"], provisioned["provisionedConcurrentExecutions"]) == ("live", 2)
    assert "snapStart" not in inputs(graph, "api-function")


def http_api(root: Path, settings: dict[str, object] | None = None, *, docs: bool = False) -> ResourceGraph:
    args = HttpApiArgs(
        settings=ApiSettings.model_validate_json(json.dumps(settings or {})),
        docs=docs,
        own_name=False,
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

    assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 50, "throttlingBurstLimit": 100}
    assert (stage["name"], stage["autoDeploy"]) == ("$default", True)


def test_the_access_log_is_json_with_what_an_incident_needs(tmp_path: Path) -> None:
    stage = inputs(http_api(tmp_path), "http-stage")
    line = json.loads(stage["accessLogSettings"]["format"])

    assert {"requestId", "ip", "routeKey", "status", "latency", "authorizerError", "integrationError"} <= line.keys()
    assert "authorization" not in stage["accessLogSettings"]["format"].lower().replace("authorizer", "")


def test_only_this_api_may_invoke_only_the_alias(tmp_path: Path) -> None:
    graph = http_api(tmp_path)
    permission = inputs(graph, "http-may-invoke")

    (api,) = graph.of_type("aws:apigatewayv2/api:Api")
    assert permission["sourceArn"] == f"{api.outputs['executionArn']}/*/*"
    assert (permission["principal"], permission["qualifier"]) == ("apigateway.amazonaws.com", "live")


def test_tokens_are_verified_against_the_pool_and_both_clients(tmp_path: Path) -> None:
    authorizer = inputs(http_api(tmp_path), "http-authorizer")

    assert authorizer["jwtConfiguration"] == {"issuer": "https://issuer.example", "audiences": ["web", "machine"]}
    assert authorizer["identitySources"] == ["$request.header.Authorization"]


def test_cors_names_the_origins_and_never_sends_credentials(tmp_path: Path) -> None:
    api = inputs(http_api(tmp_path, {"cors-origins": ["https://app.example"]}), "http-api")

    assert api["corsConfiguration"]["allowOrigins"] == ["https://app.example"]
    assert "allowCredentials" not in api["corsConfiguration"]


def test_without_origins_there_is_no_cors(tmp_path: Path) -> None:
    assert "corsConfiguration" not in inputs(http_api(tmp_path), "http-api")


def test_an_upstream_is_proxied_with_its_path_behind_a_token(tmp_path: Path) -> None:
    graph = http_api(tmp_path, {"upstreams": {"users": "https://users.example/v1/"}})

    integration = inputs(graph, "http-upstream-users")
    assert integration["integrationType"] == "HTTP_PROXY"
    assert integration["integrationUri"] == "https://users.example/v1/{proxy}"
    assert inputs(graph, "http-any-upstreams-users-proxy")["authorizationType"] == "JWT"
    assert made(graph)["Integration"] == 2


@pytest.mark.parametrize(("docs", "routes"), [(False, 19), (True, 23)])
def test_the_front_door_is_exactly_this(tmp_path: Path, docs: bool, routes: int) -> None:
    assert made(http_api(tmp_path, docs=docs)) == Counter(
        HttpApi=1, Api=1, Authorizer=1, Integration=1, Stage=1, Route=routes, LogGroup=1, Permission=1
    )


def sign_in(root: Path, **settings: object) -> ResourceGraph:
    written = {"callback-urls": ["https://app.example/in"], **settings}
    args = SignInArgs(
        settings=SignInSettings.model_validate_json(json.dumps(written)),
        domain_prefix="items",
        region="eu-west-1",
        deletion_protection=True,
        protect=True,
    )
    return registered(root, lambda: SignIn("sign-in", args))


def test_the_pool_asks_for_long_passwords_and_a_second_factor(tmp_path: Path) -> None:
    graph = sign_in(tmp_path)
    pool = inputs(graph, "sign-in-pool")

    assert made(graph) == Counter(
        SignIn=1, UserPool=1, UserPoolClient=2, ResourceServer=1, UserGroup=1, UserPoolDomain=1
    )
    policy = pool["passwordPolicy"]
    assert policy["minimumLength"] == 14
    assert all(policy[f"require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert (pool["mfaConfiguration"], pool["softwareTokenMfaConfiguration"]) == ("ON", {"enabled": True})
    assert pool["deletionProtection"] == "ACTIVE"
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}


def test_a_stack_without_second_factor_says_so_to_cognito(tmp_path: Path) -> None:
    pool = inputs(sign_in(tmp_path, mfa="none"), "sign-in-pool")

    assert pool["mfaConfiguration"] == "OFF"
    assert "softwareTokenMfaConfiguration" not in pool


def test_the_web_client_signs_in_by_code_and_its_tokens_can_be_revoked(tmp_path: Path) -> None:
    web = inputs(sign_in(tmp_path), "sign-in-web-client")

    assert (web["allowedOauthFlows"], web["generateSecret"]) == (["code"], False)
    assert (web["enableTokenRevocation"], web["preventUserExistenceErrors"]) == (True, "ENABLED")
    assert web["explicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert web["tokenValidityUnits"] == {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "days"}


def test_passwords_are_traded_for_tokens_only_where_the_stack_says_so(tmp_path: Path) -> None:
    web = inputs(sign_in(tmp_path, **{"password-flow": True}), "sign-in-web-client")

    assert "ALLOW_ADMIN_USER_PASSWORD_AUTH" in web["explicitAuthFlows"]


def test_the_machine_client_has_the_scopes_and_nothing_of_users(tmp_path: Path) -> None:
    machine = inputs(sign_in(tmp_path), "sign-in-machine-client")

    assert (machine["allowedOauthFlows"], machine["generateSecret"]) == (["client_credentials"], True)
    assert machine["allowedOauthScopes"] == ["items/read", "items/write"]
    assert machine["explicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]


def test_pages_are_registered_to_the_letter(tmp_path: Path) -> None:
    pages = ["https://app.example/", "https://app.example/in/"]
    web = inputs(sign_in(tmp_path, **{"callback-urls": pages, "logout-urls": pages}), "sign-in-web-client")

    assert (web["callbackUrls"], web["logoutUrls"]) == (pages, pages)


@pytest.mark.parametrize(("tier", "mode"), [("LITE", None), ("ESSENTIALS", None), ("PLUS", "ENFORCED")])
def test_threats_are_blocked_where_the_tier_pays_for_it(tmp_path: Path, tier: str, mode: str | None) -> None:
    pool = inputs(sign_in(tmp_path, tier=tier), "sign-in-pool")

    assert pool["userPoolTier"] == tier
    assert pool.get("userPoolAddOns", {}).get("advancedSecurityMode") == mode


@pytest.mark.parametrize(
    ("base_url", "url"),
    [(None, "https://items.auth.eu-west-1.amazoncognito.com"), ("http://127.0.0.1/in", "http://127.0.0.1/in")],
)
def test_the_sign_in_pages_are_cognitos_unless_the_stack_has_its_own(
    tmp_path: Path, base_url: str | None, url: str
) -> None:
    settings = {"base-url": base_url} if base_url else {}
    (component,) = sign_in(tmp_path, **settings).of_type("items-api:identity:SignIn")
    assert component.outputs["url"] == url
