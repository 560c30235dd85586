"""What the provider does for every type: names, tags, the account, and errors of AWS."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.support.aws import ACCOUNT, shared_aws, unique
from tests.support.examples.parents import Parents
from toolkit.localcloud.provider import AwsProvider, ProviderError
from toolkit.localcloud.provider.provider import Changes
from toolkit.localcloud.provider.registry import entry_of
from toolkit.resource_types.automatic_names import AutomaticNames, NamePattern

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TABLE = "aws:dynamodb/table:Table"
FUNCTION = "aws:lambda/function:Function"
ALIAS = "aws:lambda/alias:Alias"


@pytest.fixture
def provider(tmp_path: Path) -> AwsProvider:
    return AwsProvider(shared_aws().connection, ACCOUNT, tmp_path)


@pytest.mark.parametrize(
    ("type", "inputs", "pattern"),
    [
        (LOG_GROUP, {}, "logs-[0-9a-f]{7}"),
        (LOG_GROUP, {"namePrefix": "/items/"}, "/items/[0-9a-f]{7}"),
        ("aws:s3/bucket:Bucket", {}, "logs-[0-9a-f]{7}"),
        ("aws:kms/alias:Alias", {}, "alias/logs-[0-9a-f]{7}"),
    ],
)
def test_resource_without_name_gets_its_logical_name_and_seven_digits(
    provider: AwsProvider, type: str, inputs: dict[str, Any], pattern: str
) -> None:
    if "kms" in type:
        inputs = {"targetKeyId": provider.create("aws:kms/key:Key", "key", {}).id}
    assert re.fullmatch(pattern, provider.create(type, "logs", inputs).id)


@pytest.mark.parametrize(
    ("type", "pattern", "name"),
    [
        (LOG_GROUP, "sample-dev-${name}-${hex(7)}", "sample-dev-logs-[0-9a-f]{7}"),
        ("aws:s3/bucket:Bucket", "Sample-${name}-${num(9)}", r"sample-logs-\d{9}"),
        ("aws:kms/alias:Alias", "sample-${name}-${num(9)}", r"alias/sample-logs-\d{9}"),
    ],
)
def test_resource_is_created_with_the_name_of_the_pattern(
    provider: AwsProvider, type: str, pattern: str, name: str
) -> None:
    inputs = {"targetKeyId": provider.create("aws:kms/key:Key", "key", {}).id} if "kms" in type else {}
    assert re.fullmatch(name, provider.create(type, "logs", inputs, AutomaticNames(NamePattern(pattern))).id)


def test_default_tags_are_overridden_by_the_resource(provider: AwsProvider) -> None:
    provider.create("pulumi:providers:aws", "aws", {"defaultTags": '{"tags": {"team": "a", "stack": "local"}}'})
    group = provider.create(LOG_GROUP, "logs", {"tags": {"team": "b"}})
    assert group.outputs["tagsAll"] == {"team": "b", "stack": "local"}
    assert group.outputs["tags"] == {"team": "b"}
    tagged = shared_aws().connection.client("logs").list_tags_for_resource(resourceArn=group.outputs["arn"])
    assert tagged["tags"] == {"team": "b", "stack": "local"}


def test_account_outside_allowed_account_ids_is_rejected(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=f"account {ACCOUNT} is not among allowedAccountIds 999999999999"):
        provider.create("pulumi:providers:aws", "aws", {"allowedAccountIds": '["999999999999"]'})


def test_unknown_type_is_rejected_by_name(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=r"^aws:ec2/vpc:Vpc net: the local provider has no entry for this type"):
        provider.create("aws:ec2/vpc:Vpc", "net", {})


def test_function_url_is_rejected_with_the_reason(provider: AwsProvider) -> None:
    inputs = {"functionName": "api", "authorizationType": "NONE"}
    with pytest.raises(ProviderError, match=r"^aws:lambda/functionUrl:FunctionUrl url: a function URL passes by the"):
        provider.create("aws:lambda/functionUrl:FunctionUrl", "url", inputs)


def test_unknown_nested_property_is_rejected_with_its_path(provider: AwsProvider) -> None:
    inputs = {"protocolType": "HTTP", "corsConfiguration": {"allowOrigin": ["*"]}}
    with pytest.raises(ProviderError, match=r"no property corsConfiguration\.allowOrigin; did you mean allowOrigins\?"):
        provider.create("aws:apigatewayv2/api:Api", "http", inputs)


def test_nested_property_that_is_not_supported_locally_is_rejected_with_its_path(provider: AwsProvider) -> None:
    inputs = {**Parents(provider).function_inputs(), "snapStart": {"applyOn": "None", "optimizationStatus": "On"}}
    with pytest.raises(ProviderError, match=r"no support for snapStart\.optimizationStatus; known: "):
        provider.create(FUNCTION, "api", inputs)


def test_nested_property_that_the_embedded_aws_drops_is_rejected_and_nothing_stays(provider: AwsProvider) -> None:
    inputs = {
        "name": "dropped",
        "billingMode": "PAY_PER_REQUEST",
        "hashKey": "id",
        "attributes": [{"name": "id", "type": "S"}],
        "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 7},
    }
    with pytest.raises(ProviderError, match=r"no support for pointInTimeRecovery\.recoveryPeriodInDays: the embedded"):
        provider.create(TABLE, "records", inputs)
    assert provider.read(TABLE, "dropped") is None


def test_error_of_aws_is_in_the_message(provider: AwsProvider) -> None:
    name = provider.create(LOG_GROUP, "logs", {}).id
    with pytest.raises(
        ProviderError, match=f"^{LOG_GROUP} again: CreateLogGroup failed: ResourceAlreadyExistsException: "
    ):
        provider.create(LOG_GROUP, "again", {"name": name})


def test_value_of_wrong_type_is_rejected_by_the_client(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=r"thing: Parameter validation failed:.*retentionInDays"):
        provider.create(LOG_GROUP, "thing", {"retentionInDays": "long"})


def test_update_of_deleted_resource_is_rejected_and_second_delete_is_a_noop(provider: AwsProvider) -> None:
    group = provider.create(LOG_GROUP, "logs", {})
    provider.delete(LOG_GROUP, group.id, group.outputs)
    provider.delete(LOG_GROUP, group.id, group.outputs)
    with pytest.raises(ProviderError, match="it does not exist"):
        provider.update(LOG_GROUP, group.id, {}, {"retentionInDays": 7})


def test_table_with_deletion_protection_is_not_deleted(provider: AwsProvider) -> None:
    attributes = [{"name": "owner", "type": "S"}]
    inputs = {"hashKey": "owner", "attributes": attributes, "billingMode": "PAY_PER_REQUEST"}
    table = provider.create(TABLE, "items", {**inputs, "deletionProtectionEnabled": True})
    with pytest.raises(ProviderError, match="DeletionProtectionEnabled"):
        provider.delete(TABLE, table.id, table.outputs)
    assert provider.read(TABLE, table.id) is not None


def test_invokes_return_account_and_region(provider: AwsProvider) -> None:
    assert provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["accountId"] == ACCOUNT
    assert provider.invoke("aws:index/getRegion:getRegion", {})["name"] == "us-east-1"
    with pytest.raises(ProviderError, match=r"no function aws:ec2/getVpc:getVpc; it has aws:index/getCallerIdentity"):
        provider.invoke("aws:ec2/getVpc:getVpc", {})


def test_new_code_is_published_as_a_version_for_the_alias(provider: AwsProvider, tmp_path: Path) -> None:
    package = tmp_path / "function.zip"

    def built(content: bytes) -> dict[str, Any]:
        package.write_bytes(content)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return {
            **Parents(provider).function_inputs(),
            "code": pulumi.FileArchive("function.zip"),
            "sourceCodeHash": digest,
        }

    first = built(b"PK one")
    function = provider.create(FUNCTION, unique("api"), first)
    assert function.outputs["version"] == "1"
    assert function.outputs["qualifiedArn"] == f"{function.outputs['arn']}:1"
    target = {"functionName": function.id, "functionVersion": "1", "name": "live"}
    alias = provider.create(ALIAS, "live", target)

    second = {**built(b"PK two"), "role": first["role"]}
    outputs = provider.update(FUNCTION, function.id, first, second)
    assert outputs["version"] == "2"
    provider.update(ALIAS, alias.id, target, {**target, "functionVersion": "2"})
    client = shared_aws().connection.client("lambda")
    served = client.get_function(FunctionName=function.id, Qualifier="live")["Configuration"]
    assert (served["Version"], served["CodeSha256"]) == ("2", second["sourceCodeHash"])


def test_unchanged_function_keeps_its_version(provider: AwsProvider) -> None:
    inputs = Parents(provider).function_inputs()
    function = provider.create(FUNCTION, unique("api"), inputs)
    assert provider.update(FUNCTION, function.id, inputs, dict(inputs))["version"] == "1"


def test_reserved_concurrency_changes_without_a_new_version(provider: AwsProvider) -> None:
    inputs = Parents(provider).function_inputs()
    function = provider.create(FUNCTION, unique("api"), inputs)
    outputs = provider.update(FUNCTION, function.id, inputs, {**inputs, "reservedConcurrentExecutions": 3})
    assert (outputs["version"], outputs["reservedConcurrentExecutions"]) == ("1", 3)


def test_compare_reports_changes_without_applying_them(provider: AwsProvider) -> None:
    before = {"retentionInDays": 7}
    group = provider.create(LOG_GROUP, "logs", before)
    known = (LOG_GROUP, group.id, group.outputs, before)
    changes = provider.compare(*known, {"retentionInDays": 14, "tags": {"a": "b"}})
    assert changes == Changes(frozenset({"retentionInDays"}), frozenset(), tags=True)
    changes = provider.compare(*known, {**before, "name": "another"})
    assert changes == Changes(frozenset({"name"}), frozenset({"name"}), tags=False)
    state = provider.read(LOG_GROUP, group.id, group.outputs)
    assert state is not None
    assert state["retentionInDays"] == 7


def test_only_versioned_properties_renew_the_version() -> None:
    changed_outputs = entry_of(FUNCTION).changed_outputs
    assert "version" in changed_outputs(frozenset({"memorySize"}))
    assert changed_outputs(frozenset({"reservedConcurrentExecutions"})) == frozenset()


def test_missing_package_is_rejected_with_its_path(provider: AwsProvider) -> None:
    inputs = {**Parents(provider).function_inputs(), "code": pulumi.FileArchive("build/function.zip")}
    with pytest.raises(ProviderError, match=r"api: the package build/function\.zip does not exist .*; build it first"):
        provider.create(FUNCTION, "api", inputs)


def test_equal_assets_give_equal_packages(provider: AwsProvider, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.py").write_text("x = 1")
    folder = pulumi.FileArchive("code")
    assets = pulumi.AssetArchive({"main.py": pulumi.StringAsset("x = 1")})
    inputs = Parents(provider).function_inputs()
    digests = {
        provider.create(FUNCTION, unique("api"), {**inputs, "code": code}).outputs["codeSha256"]
        for code in (folder, assets)
    }
    assert len(digests) == 1
