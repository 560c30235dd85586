"""What docs/operations.md tells to do, done: each runbook ends where it says."""

import json
from collections.abc import Callable

import pytest

from tests.engine.engine import Engine

NEW_KEY = "another-cursor-key-that-nobody-may-see"


@pytest.fixture(scope="module")
def dev(engine_of: Callable[[str], Engine]) -> Engine:
    engine = engine_of("dev")
    engine.done("up")
    return engine


def output(engine: Engine, name: str) -> str:
    """An output of the stack, a secret one in plain text."""
    shown = engine.done("stack", "output", "--json", "--show-secrets").output.partition("\nwarning:")[0]
    value: str = json.loads(shown)[name]
    return value


def test_another_cursor_key_replaces_the_value_of_the_secret_alone(dev: Engine) -> None:
    dev.done("config", "set", "--secret", "cursor-key", NEW_KEY)
    assert dev.done("up").named_operations == {"cursor-key-value": "replace"}
    client = dev.aws.connection.client("secretsmanager")
    (secret,) = client.list_secrets()["SecretList"]
    assert client.get_secret_value(SecretId=secret["ARN"])["SecretString"] == NEW_KEY


def test_another_machine_client_is_one_that_the_api_takes(dev: Engine) -> None:
    before = output(dev, "machine_client_id"), output(dev, "machine_client_secret")
    (urn,) = (each["urn"] for each in dev.state if each["urn"].endswith("sign-in-machine-client"))
    changed = dev.done("up", "--replace", urn).named_operations
    assert changed == {"sign-in-machine-client": "replace", "http-authorizer": "update"}
    after = output(dev, "machine_client_id"), output(dev, "machine_client_secret")
    assert not set(before) & set(after)
    (id,) = (each["id"] for each in dev.state if each["urn"].endswith("http-authorizer"))
    gateway = dev.aws.connection.client("apigatewayv2")
    authorizer = gateway.get_authorizer(ApiId=output(dev, "api_id"), AuthorizerId=id)
    assert set(authorizer["JwtConfiguration"]["Audience"]) == {output(dev, "web_client_id"), after[0]}


def test_an_alias_that_was_moved_back_stays_there_until_a_refresh(dev: Engine) -> None:
    dev.set("memory-mb: 512", "memory-mb: 768")
    dev.done("up")
    client, function = dev.aws.connection.client("lambda"), output(dev, "function_name")
    client.update_alias(FunctionName=function, Name="live", FunctionVersion="1")
    assert dev.done("preview").operations == {}
    assert dev.done("preview", "--refresh").named_operations == {"api-live": "update"}
    dev.done("up", "--refresh")
    assert client.get_alias(FunctionName=function, Name="live")["FunctionVersion"] == "2"


def test_the_program_takes_a_restored_table_and_puts_the_rest_right(dev: Engine) -> None:
    table, function = output(dev, "items_table"), output(dev, "function_name")
    dynamodb, functions = dev.aws.connection.client("dynamodb"), dev.aws.connection.client("lambda")
    functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    dynamodb.put_item(TableName=table, Item={"owner": {"S": "ana"}, "record": {"S": "hammer"}})
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName="items-api-dev-items-table-restored", UseLatestRestorableTime=True
    )
    file = dev.folder / "state.json"
    dev.done("stack", "export", "--file", str(file))
    state = json.loads(file.read_text())
    resources = state["deployment"]["resources"]
    (place,) = (place for place, each in enumerate(resources) if each["urn"].endswith("::items-table"))
    resources[place] = json.loads(json.dumps(resources[place]).replace(table, "items-api-dev-items-table-restored"))
    file.write_text(json.dumps(state))
    dev.done("stack", "import", "--file", str(file))

    changed = dev.done("up", "--refresh").named_operations
    assert set(changed.values()) == {"update"}
    assert {"items-table", "api-permissions", "api-function", "api-live"} <= changed.keys()
    assert dev.done("up", "--refresh", "--expect-no-changes").operations == {}
    restored = output(dev, "items_table")
    assert restored == "items-api-dev-items-table-restored"
    assert dynamodb.get_item(TableName=restored, Key={"owner": {"S": "ana"}, "record": {"S": "hammer"}})["Item"]
    backups = dynamodb.describe_continuous_backups(TableName=restored)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert dynamodb.describe_time_to_live(TableName=restored)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    assert functions.get_function_concurrency(FunctionName=function)["ReservedConcurrentExecutions"] == 28
    dynamodb.delete_table(TableName=table)


def test_a_stack_with_attachments_goes_once_they_are_gone(dev: Engine) -> None:
    bucket, s3 = output(dev, "attachments_bucket"), dev.aws.connection.client("s3")
    s3.put_object(Bucket=bucket, Key="plan.txt", Body=b"plan")
    refused = dev.run("destroy")
    assert refused.code != 0
    assert "BucketNotEmpty" in refused.output
    assert "attachments-bucket" in {each["urn"].rpartition("::")[2] for each in dev.state}
    for version in s3.list_object_versions(Bucket=bucket)["Versions"]:
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    dev.done("destroy")
    assert dev.state == []


def test_a_state_in_a_bucket_with_its_secrets_under_a_key_of_aws(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("dev")
    kms = engine.aws.connection.client("kms")
    kms.create_alias(AliasName="alias/secrets", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    engine.aws.connection.client("s3").create_bucket(
        Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    file = str(engine.folder / "state.json")
    engine.done("stack", "export", "--file", file)
    there = {"PULUMI_BACKEND_URL": "s3://state?region=eu-central-1&s3ForcePathStyle=true", "AWS_REGION": "eu-central-1"}
    made = engine.run("stack", "init", "dev", **there)
    assert made.code == 0, made.output
    taken = engine.run("stack", "import", "--file", file, **there)
    assert taken.code == 0, taken.output
    provider = "awskms://alias/secrets?region=eu-central-1&context_stack=dev"
    changed = engine.run("stack", "change-secrets-provider", provider, **there)
    assert changed.code == 0, changed.output
    shown = engine.run("preview", **there, PULUMI_CONFIG_PASSPHRASE="not needed any more")
    assert shown.code == 0, shown.output
    assert provider in (engine.root / "Pulumi.dev.yaml").read_text()
