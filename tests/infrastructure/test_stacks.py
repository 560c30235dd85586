"""The resources of each stack: their number, tags, protection and settings."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infrastructure.routes import function_routes
from toolkit.stacks import ResourceGraph, Secret, evaluate, load_stack_config

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("local", "dev", "staging", "prod")
ON_EVERY_STACK = {
    "pulumi:pulumi:Stack": 1,
    "pulumi:providers:aws": 1,
    "items-api:data:Table": 2,
    "items-api:data:AttachmentBucket": 1,
    "items-api:data:CursorKey": 1,
    "items-api:identity:SignIn": 1,
    "items-api:compute:ApiFunction": 1,
    "items-api:network:HttpApi": 1,
    "items-api:operations:AlertTopic": 1,
    "items-api:operations:Alarms": 1,
    "items-api:operations:Dashboard": 1,
    "items-api:operations:MonthlyBudget": 1,
    "aws:dynamodb/table:Table": 2,
    "aws:s3/bucket:Bucket": 1,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": 1,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
    "aws:s3/bucketPolicy:BucketPolicy": 1,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
    "aws:s3/bucketVersioning:BucketVersioning": 1,
    "aws:secretsmanager/secret:Secret": 1,
    "aws:secretsmanager/secretVersion:SecretVersion": 1,
    "aws:cognito/resourceServer:ResourceServer": 1,
    "aws:cognito/userGroup:UserGroup": 1,
    "aws:cognito/userPool:UserPool": 1,
    "aws:cognito/userPoolClient:UserPoolClient": 2,
    "aws:cognito/userPoolDomain:UserPoolDomain": 1,
    "aws:iam/role:Role": 1,
    "aws:iam/rolePolicy:RolePolicy": 1,
    "aws:lambda/alias:Alias": 1,
    "aws:lambda/function:Function": 1,
    "aws:lambda/permission:Permission": 1,
    "aws:apigatewayv2/api:Api": 1,
    "aws:apigatewayv2/authorizer:Authorizer": 1,
    "aws:apigatewayv2/stage:Stage": 1,
    "aws:cloudwatch/dashboard:Dashboard": 1,
    "aws:cloudwatch/logGroup:LogGroup": 2,
    "aws:cloudwatch/metricAlarm:MetricAlarm": 7,
    "aws:kms/alias:Alias": 1,
    "aws:kms/key:Key": 1,
    "aws:sns/topic:Topic": 1,
    "aws:sns/topicPolicy:TopicPolicy": 1,
    "aws:sns/topicSubscription:TopicSubscription": 1,
    "aws:budgets/budget:Budget": 1,
}
DELIVERY = {
    "items-api:operations:Delivery": 1,
    "aws:codedeploy/application:Application": 1,
    "aws:codedeploy/deploymentGroup:DeploymentGroup": 1,
    "aws:iam/role:Role": 1,
    "aws:iam/rolePolicy:RolePolicy": 1,
    "aws:cloudwatch/metricAlarm:MetricAlarm": 1,
}
NOTICES = {
    "aws:sns/topic:Topic": 1,
    "aws:sns/topicPolicy:TopicPolicy": 1,
    "aws:sns/topicSubscription:TopicSubscription": 1,
}
LOG_KEY = {"items-api:operations:LogKey": 1, "aws:kms/key:Key": 1, "aws:kms/alias:Alias": 1}
ROUTES, INTEGRATIONS = "aws:apigatewayv2/route:Route", "aws:apigatewayv2/integration:Integration"
HOLDS_DATA = {
    "items-table",
    "sessions-table",
    "attachments-bucket",
    "cursor-key-secret",
    "sign-in-pool",
    "alerts-key",
    "logs-key",
}


@cache
def graph(stack: str) -> ResourceGraph:
    return evaluate(stack, root=ROOT)


@pytest.mark.parametrize(
    ("stack", "routes", "integrations"), [("local", 31, 2), ("dev", 25, 1), ("staging", 21, 1), ("prod", 21, 1)]
)
def test_stack_has_expected_number_of_each_type(stack: str, routes: int, integrations: int) -> None:
    counts = Counter(resource.type for resource in graph(stack).resources)

    delivery = DELIVERY if stack in {"staging", "prod"} else {}
    notices = NOTICES if stack in {"staging", "prod"} else {}
    log_key = LOG_KEY if stack != "dev" else {}
    everywhere = Counter({**ON_EVERY_STACK, ROUTES: routes, INTEGRATIONS: integrations})
    assert counts == everywhere + Counter(delivery) + Counter(notices) + Counter(log_key)


@pytest.mark.parametrize("stack", STACKS)
def test_every_aws_resource_uses_provider_with_default_tags(stack: str) -> None:
    provider = graph(stack).of_type("pulumi:providers:aws")[0]
    tags = json.loads(provider.inputs["defaultTags"])["tags"]

    assert tags.keys() == {"project", "stack", "owner", "cost-center"}
    assert (tags["project"], tags["stack"]) == ("items-api", stack)
    for resource in graph(stack).resources:
        if resource.type.startswith("aws:"):
            assert resource.provider == f"{provider.urn}::{provider.id}", resource.name


def test_provider_allows_only_account_of_stack() -> None:
    accounts = [graph(stack).of_type("pulumi:providers:aws")[0].inputs["allowedAccountIds"] for stack in STACKS]

    assert accounts == ['["123456789012"]', '["111111111111"]', '["222222222222"]', '["333333333333"]']


@pytest.mark.parametrize(
    ("stack", "protected"), [("local", set()), ("dev", set()), ("staging", HOLDS_DATA), ("prod", HOLDS_DATA)]
)
def test_resources_with_data_are_protected_in_staging_and_prod(stack: str, protected: set[str]) -> None:
    assert {resource.name for resource in graph(stack).resources if resource.protect} == protected


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_belongs_to_a_component(stack: str) -> None:
    orphans = [
        resource.name
        for resource in graph(stack).resources
        if resource.type.startswith("aws:") and graph(stack)[str(resource.parent)].custom
    ]
    assert orphans == []


@pytest.mark.parametrize("stack", STACKS)
def test_outputs_of_stack_are_complete(stack: str) -> None:
    outputs = graph(stack).outputs

    assert outputs.keys() == {
        *("api_url", "api_id", "user_pool_id", "web_client_id", "machine_client_id", "machine_client_secret"),
        *("sign_in_url", "function_name", "function_alias", "items_table", "sessions_table", "attachments_bucket"),
        *("function_version", "dashboard_url"),
        *(("delivery_application", "delivery_group") if stack in {"staging", "prod"} else ()),
    }
    assert {name for name, value in outputs.items() if isinstance(value, Secret)} == {"machine_client_secret"}


@pytest.mark.parametrize("stack", STACKS)
def test_every_route_requires_token_unless_public(stack: str) -> None:
    found = {
        route.inputs["routeKey"]: route.inputs["authorizationType"]
        for route in graph(stack).of_type(ROUTES)
        if "/upstreams/" not in route.inputs["routeKey"]
    }
    docs = stack in {"local", "dev"}

    assert found == {route.key: "NONE" if route.public else "JWT" for route in function_routes(docs=docs)}


@pytest.mark.parametrize("stack", STACKS)
def test_function_has_every_environment_variable_of_service(stack: str) -> None:
    variables = graph(stack).of_type("aws:lambda/function:Function")[0].inputs["environment"]["variables"]

    assert variables.keys() - {"DOCS_ASSETS_URL"} == {
        *("ENVIRONMENT", "SERVICE_VERSION", "ITEMS_TABLE", "SESSIONS_TABLE", "ATTACHMENTS_BUCKET"),
        *("CURSOR_KEY_SECRET_ARN", "RATE_LIMIT_PER_MINUTE", "SIGN_IN_URL", "WEB_CLIENT_ID"),
        *("DOCS_ENABLED", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"),
    }
    assert ("DOCS_ASSETS_URL" in variables) == (stack == "local")
    assert variables["DOCS_ENABLED"] == ("true" if stack in {"local", "dev"} else "false")
    assert all(isinstance(value, str) for value in variables.values())


def function_variables(stack: str, changes: dict[str, bool]) -> dict[str, str]:
    config: Any = load_stack_config(stack, ROOT)["items-api:settings"]
    for path, value in changes.items():
        group, _, name = path.partition(".")
        config = {**config, group: {**config[group], name: value}}
    function = evaluate(stack, root=ROOT, config={"items-api:settings": json.dumps(config)}).of_type(
        "aws:lambda/function:Function"
    )[0]
    variables: dict[str, str] = function.inputs["environment"]["variables"]
    return variables


@pytest.mark.parametrize("enabled", [True, False])
def test_setting_turns_cold_start_patches_off(enabled: bool) -> None:
    variables = function_variables("dev", {"function.cold-start-patches": enabled})

    assert variables.get("COLD_START_PATCHES") == (None if enabled else "off")


def test_docs_can_be_disabled_in_dev() -> None:
    assert function_variables("dev", {"api.docs-enabled": False})["DOCS_ENABLED"] == "false"


@pytest.mark.parametrize("stack", STACKS)
def test_alias_ignores_version_if_codedeploy_moves_it(stack: str) -> None:
    (alias,) = graph(stack).of_type("aws:lambda/alias:Alias")
    group = graph(stack).of_type("aws:codedeploy/deploymentGroup:DeploymentGroup")

    assert alias.ignore_changes == (("functionVersion", "routingConfig", "description") if group else ())
    assert alias.inputs["functionVersion"] == "1"  # where it starts


@pytest.mark.parametrize("stack", STACKS)
def test_secret_value_is_only_in_secrets_manager(stack: str) -> None:
    version = graph(stack).of_type("aws:secretsmanager/secretVersion:SecretVersion")[0]
    key = version.inputs["secretString"]

    assert isinstance(key, Secret)
    everything = [str(resource.inputs) + str(resource.outputs) for resource in graph(stack).resources]
    assert not any(key.reveal() in text for text in everything)
