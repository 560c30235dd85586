"""The resources of each stack: their number, tags, protection and settings."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from api.definition import MACHINE_CLIENTS
from api.settings import Settings, resource_variables
from infrastructure.routes import function_routes
from tests.support.stacks import only
from toolkit.stacks import ResourceGraph, Secret, evaluate, load_stack_config, snapshot

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("local", "dev", "staging", "prod")
ROUTES = "aws:apigatewayv2/route:Route"
HOLDS_DATA = (
    "aws:dynamodb/table:Table",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:cognito/userPool:UserPool",
    "aws:kms/key:Key",
    "aws:sqs/queue:Queue",
)


@cache
def graph(stack: str) -> ResourceGraph:
    return evaluate(stack, root=ROOT)


def test_committed_snapshot_of_stacks_is_current() -> None:
    assert (ROOT / snapshot.FILE).read_text(encoding="utf-8") == snapshot.rendered(ROOT), "run: ./stack generate"


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


@pytest.mark.parametrize(("stack", "protects"), [("local", False), ("dev", False), ("staging", True), ("prod", True)])
def test_resources_with_data_are_protected_in_staging_and_prod(stack: str, protects: bool) -> None:
    holding = {resource.name for resource in graph(stack).resources if resource.type in HOLDS_DATA}

    assert {resource.name for resource in graph(stack).resources if resource.protect} == (
        holding if protects else set()
    )


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_belongs_to_a_component(stack: str) -> None:
    orphans = [
        resource.name
        for resource in graph(stack).resources
        if resource.type.startswith("aws:") and graph(stack)[str(resource.parent)].custom
    ]
    assert orphans == []


@pytest.mark.parametrize("stack", STACKS)
def test_only_secrets_of_machine_clients_are_secret_outputs(stack: str) -> None:
    secrets = {name for name, value in graph(stack).outputs.items() if isinstance(value, Secret)}

    assert secrets == {client.secret_output for client in MACHINE_CLIENTS}


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
    variables = only(graph(stack), "api-function")["environment"]["variables"]

    expected = {field.alias for field in Settings.model_fields.values() if field.is_required() and field.alias}
    of_powertools = {f"POWERTOOLS_{name}" for name in ("SERVICE_NAME", "METRICS_NAMESPACE", "LOG_LEVEL")}
    expected |= {"DOCS_ENABLED", *resource_variables(), *of_powertools}
    assert variables.keys() - {"DOCS_ASSETS_URL"} == expected
    assert ("DOCS_ASSETS_URL" in variables) == (stack == "local")
    assert variables["DOCS_ENABLED"] == ("true" if stack in {"local", "dev"} else "false")
    assert all(isinstance(value, str) for value in variables.values())


def function_variables(stack: str, changes: dict[str, bool]) -> dict[str, str]:
    config: Any = load_stack_config(stack, ROOT)["items-api:settings"]
    for path, value in changes.items():
        group, _, name = path.partition(".")
        config = {**config, group: {**config[group], name: value}}
    graph = evaluate(stack, root=ROOT, config={"items-api:settings": json.dumps(config)})
    variables: dict[str, str] = only(graph, "api-function")["environment"]["variables"]
    return variables


@pytest.mark.parametrize("enabled", [True, False])
def test_setting_turns_cold_start_patches_off(enabled: bool) -> None:
    variables = function_variables("dev", {"function.cold-start-patches": enabled})

    assert variables.get("COLD_START_PATCHES") == (None if enabled else "off")


def test_docs_can_be_disabled_in_dev() -> None:
    assert function_variables("dev", {"api.docs-enabled": False})["DOCS_ENABLED"] == "false"


@pytest.mark.parametrize("stack", STACKS)
def test_alias_ignores_version_if_codedeploy_moves_it(stack: str) -> None:
    alias = next(each for each in graph(stack).of_type("aws:lambda/alias:Alias") if each.name == "api-live")
    group = graph(stack).of_type("aws:codedeploy/deploymentGroup:DeploymentGroup")

    assert alias.ignore_changes == (("functionVersion", "routingConfig", "description") if group else ())
    assert alias.inputs["functionVersion"] == "1"  # where it starts


@pytest.mark.parametrize("stack", STACKS)
def test_secret_value_is_only_in_secrets_manager(stack: str) -> None:
    versions = graph(stack).of_type("aws:secretsmanager/secretVersion:SecretVersion")
    everything = [str(resource.inputs) + str(resource.outputs) for resource in graph(stack).resources]

    assert versions
    for key in (version.inputs["secretString"] for version in versions):
        assert isinstance(key, Secret)
        assert not any(key.reveal() in text for text in everything)
