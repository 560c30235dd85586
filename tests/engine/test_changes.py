"""What the engine makes of a change: to the settings, to the program, and behind its back."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.engine.engine import CURSOR_KEY, Engine
from tests.support.whole_program import write_package


@pytest.fixture(scope="module")
def dev(engine_of: Callable[[str], Engine]) -> Engine:
    engine = engine_of("dev")
    engine.done("up")
    return engine


@pytest.fixture
def settled(dev: Engine) -> Iterator[Engine]:
    """The stack as its file says, before the test and after it."""
    program = [*dev.root.glob("Pulumi.*.yaml"), *dev.root.glob("infrastructure/**/*.py")]
    before = {path: path.read_text() for path in program}
    yield dev
    for path, text in before.items():
        path.write_text(text)
    dev.done("up", "--refresh")


def test_changed_settings_are_updated_in_place(settled: Engine) -> None:
    settled.set("memory-mb: 512", "memory-mb: 768")
    settled.set("      burst-requests: 16", "      burst-requests: 17")
    settled.set("reserved-concurrency: 28", "reserved-concurrency: 29")
    changed = {"api-function": "update", "api-live": "update", "http-stage": "update"}
    assert settled.done("preview").named_operations == changed
    assert settled.done("up").named_operations == changed
    client = settled.aws.connection.client("lambda")
    function = settled.done("stack", "output", "function_name").output.split()[0]
    assert client.get_function_configuration(FunctionName=function, Qualifier="live")["MemorySize"] == 768
    assert settled.done("up", "--expect-no-changes").operations == {}


def test_a_log_key_is_put_on_the_log_groups_and_taken_away_in_place(settled: Engine) -> None:
    logs = settled.aws.connection.client("logs")
    settled.set("owner: items-team", "owner: items-team\n    log-key: true")
    added = {"logs": "create", "logs-key": "create", "logs-key-alias": "create"}
    assert settled.done("up").named_operations == {**added, "api-logs": "update", "http-access-logs": "update"}
    groups = logs.describe_log_groups()["logGroups"]
    assert len({group["kmsKeyId"] for group in groups}) == 1
    settled.set("log-key: true", "log-key: false")
    settled.done("up")
    assert not any("kmsKeyId" in group for group in logs.describe_log_groups()["logGroups"])
    assert settled.done("up", "--expect-no-changes").operations == {}


def test_a_new_tag_reaches_everything_that_has_tags_and_replaces_nothing(settled: Engine) -> None:
    settled.set("owner: items-team", "owner: another-team")
    outcome = settled.done("up")
    assert set(outcome.counts) == {"update"}
    table = settled.done("stack", "output", "sessions_table").output.split()[0]
    dynamodb = settled.aws.connection.client("dynamodb")
    arn = dynamodb.describe_table(TableName=table)["Table"]["TableArn"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]
    assert "another-team" in {tag["Value"] for tag in tags}
    assert settled.done("up", "--expect-no-changes").operations == {}


def test_new_code_moves_the_alias_to_a_new_version(settled: Engine) -> None:
    write_package(settled.root, "dev", "def handler(event, context): return 'new'")
    moved = {"api-function": "update", "api-live": "update"}
    assert settled.done("preview").named_operations == moved
    assert settled.done("up").named_operations == moved
    client = settled.aws.connection.client("lambda")
    function = settled.done("stack", "output", "function_name").output.split()[0]
    alias = client.get_alias(FunctionName=function, Name="live")
    newest = client.list_versions_by_function(FunctionName=function)["Versions"][-1]
    assert alias["FunctionVersion"] == newest["Version"] != "1"


def test_a_change_that_aws_cannot_make_in_place_is_shown_as_a_replacement(settled: Engine) -> None:
    settled.set("mfa: optional", "mfa: optional\n      domain-prefix: another-prefix")
    assert settled.done("preview").named_operations["sign-in-domain"] == "replace"
    assert settled.done("up").named_operations["sign-in-domain"] == "replace"
    found = settled.aws.connection.client("cognito-idp").describe_user_pool_domain(Domain="another-prefix")
    assert found["DomainDescription"]["UserPoolId"]


def test_what_changed_behind_its_back_is_found_by_a_refresh_and_put_right(settled: Engine) -> None:
    logs = settled.aws.connection.client("logs")
    group = "/items-api/dev/function"
    logs.put_retention_policy(logGroupName=group, retentionInDays=3)
    settled.aws.connection.client("cloudwatch").delete_dashboards(DashboardNames=["items-api-dev"])
    assert settled.done("preview", "--expect-no-changes").operations == {}

    found = settled.done("refresh").named_operations
    assert found == {"api-logs": "update", "service-dashboard": "delete"}
    assert settled.done("up").named_operations == {"api-logs": "update", "service-dashboard": "create"}
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 14
    assert settled.done("refresh", "--expect-no-changes").operations == {}


def test_a_renamed_component_with_an_alias_moves_nothing(settled: Engine) -> None:
    alias = 'pulumi.ResourceOptions(aliases=[pulumi.Alias(name="service")])'
    settled.rewrite(
        "infrastructure/components/dashboard.py",
        "name, None, opts)",
        f"name, None, pulumi.ResourceOptions.merge(opts, {alias}))",
    )
    settled.rewrite("infrastructure/service.py", '"service",\n', '"overview",\n')
    assert settled.done("preview").operations == {}
    assert settled.done("up").operations == {}
    assert "overview-dashboard" in {resource["urn"].rpartition("::")[2] for resource in settled.state}
    assert "service-dashboard" not in {resource["urn"].rpartition("::")[2] for resource in settled.state}
    settled.rewrite("infrastructure/service.py", '"overview",\n', '"service",\n')
    settled.rewrite("infrastructure/components/dashboard.py", 'name="service"', 'name="overview"')
    assert settled.done("up").operations == {}


def test_an_error_of_the_provider_stops_the_update_and_the_next_one_ends_it(settled: Engine) -> None:
    settled.set("memory-mb: 512", "memory-mb: 640")
    settled.set("timeout-seconds: 10", "timeout-seconds: 20")
    settled.rewrite("infrastructure/components/dashboard.py", "dashboard_body=", "dashboard_body='not json' or ")
    failed = settled.run("up")
    assert failed.code != 0
    assert "PutDashboard failed" in failed.output
    assert "Traceback" not in failed.output
    settled.rewrite("infrastructure/components/dashboard.py", "'not json' or ", "")
    settled.done("up")
    assert settled.done("up", "--expect-no-changes").operations == {}


def test_a_property_that_a_type_does_not_have_stops_the_preview(settled: Engine) -> None:
    misspelt = {"dashboardName": "odd", "dashbordBody": "{}"}
    settled.rewrite(
        "infrastructure/__main__.py",
        "for name, value",
        f"pulumi.CustomResource('aws:cloudwatch/dashboard:Dashboard', 'odd', {misspelt})\nfor name, value",
    )
    refused = settled.run("preview")
    assert refused.code != 0
    assert "aws:cloudwatch/dashboard:Dashboard has no property dashbordBody" in refused.output
    assert "dashboardBody must be given" in refused.output
    assert "Traceback" not in refused.output


def test_secrets_are_encrypted_in_the_state_and_shown_nowhere(dev: Engine) -> None:
    secret = json.loads(dev.done("stack", "output", "--json", "--show-secrets").output)["machine_client_secret"]
    shown = [
        dev.done("preview", "--diff"),
        dev.done("refresh", "--diff"),
        dev.done("stack", "output"),
        dev.done("stack", "export"),
        dev.done("config"),
    ]
    texts = [dev.state_text, *(outcome.output + json.dumps(outcome.events) for outcome in shown)]
    texts.append((dev.root / "Pulumi.dev.yaml").read_text())
    for text in texts:
        assert CURSOR_KEY not in text
        assert secret not in text


def test_a_new_description_leaves_an_alias_alone_that_codedeploy_moves(settled: Engine) -> None:
    settled.configure(delivery="canary")
    settled.done("up")
    function = settled.done("stack", "output", "function_name").output.split()[0]
    client = settled.aws.connection.client("lambda")
    write_package(settled.root, "dev", "def handler(event, context): return 'newer'")
    settled.done("up")
    newest = str(len(client.list_versions_by_function(FunctionName=function)["Versions"]) - 1)
    client.update_alias(FunctionName=function, Name="live", FunctionVersion=newest)

    settled.rewrite("infrastructure/components/lambda_function.py", "The version that callers reach", "Another text")
    assert settled.done("preview").operations == {}
    settled.done("up")
    assert client.get_alias(FunctionName=function, Name="live")["FunctionVersion"] == newest
