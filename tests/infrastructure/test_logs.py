"""Every log group has a retention and is encrypted with a key of the stack."""

import json
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured, settings_errors, stack
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import Resource, ResourceGraph, evaluate

GROUP, KEY, ALIAS = "aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key", "aws:kms/alias:Alias"
ENCRYPTING = ("local", "staging", "prod", "staging behind an edge", "prod behind an edge")
STACKS = (*ENCRYPTING, "dev", "dev behind an edge")
WRITERS: dict[str, tuple[str | int, ...]] = {
    FUNCTION: ("loggingConfig", "logGroup"),
    "aws:apigatewayv2/stage:Stage": ("accessLogSettings", "destinationArn"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ("logDestinationConfigs", 0),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": (
        "deliveryDestinationConfiguration",
        "destinationResourceArn",
    ),
}


@cache
def graph_of(name: str) -> ResourceGraph:
    """Return the graph of a stack, with or without an edge."""
    plain = name.removesuffix(" behind an edge")
    if plain == name:
        return stack(name)
    edge = configured(plain, domain=DOMAIN, edge={})
    return evaluate(plain, root=ROOT, config={**edge, ORIGIN_KEY: "k" * 40})


def log_keys(graph: ResourceGraph) -> list[Resource]:
    return [key for key in graph.of_type(KEY) if "LogKey" in str(key.parent)]


def use(key: Resource) -> Any:
    """The statement by which CloudWatch Logs uses a key: the only one beside the account's."""
    account, found = json.loads(key.inputs["policy"])["Statement"]
    assert account["Principal"] == {"AWS": f"arn:aws:iam::{key.outputs['arn'].split(':')[4]}:root"}
    return found


@pytest.mark.parametrize("name", STACKS)
def test_every_service_logs_into_log_group_of_stack(name: str) -> None:
    graph, logged = graph_of(name), []
    for type, path in WRITERS.items():
        for writer in graph.of_type(type):
            value: Any = writer.inputs
            for step in path:
                value = value[step]
            logged.append(value.rpartition("log-group:")[2])

    assert sorted(logged) == sorted(group.inputs["name"] for group in graph.of_type(GROUP))
    assert len(set(logged)) == len(graph.of_type(FUNCTION)) + (3 if "edge" in name else 1)


@pytest.mark.parametrize("name", STACKS)
def test_every_log_group_has_a_retention(name: str) -> None:
    kept = [group.inputs["retentionInDays"] for group in graph_of(name).of_type(GROUP)]

    assert min(kept) >= (30 if "prod" in name else 7)
    assert max(kept) <= 90


@pytest.mark.parametrize("name", ENCRYPTING)
def test_log_group_is_encrypted_by_key_of_its_region(name: str) -> None:
    graph = graph_of(name)
    groups = graph.of_type(GROUP)

    assert {group.inputs["kmsKeyId"] for group in groups} == {key.outputs["arn"] for key in log_keys(graph)}
    for key in log_keys(graph):
        arn = key.outputs["arn"]
        region = arn.split(":")[3]
        its = [group.outputs["arn"] for group in groups if group.inputs["kmsKeyId"] == arn]
        assert {each.split(":")[3] for each in its} == {region} == {key.inputs["region"]}
        assert use(key)["Principal"] == {"Service": f"logs.{region}.amazonaws.com"}
        (condition,) = use(key)["Condition"].items()
        assert condition[0] == "ArnLike"
        patterns = condition[1].pop("kms:EncryptionContext:aws:logs:arn")
        patterns = [patterns] if isinstance(patterns, str) else patterns
        uncovered = [arn for arn in its if not any(fnmatchcase(arn, pattern) for pattern in patterns)]
        assert not uncovered
        assert all(name.partition(" ")[0] in pattern for pattern in patterns)
        assert condition[1] == {}


@pytest.mark.parametrize("name", ENCRYPTING)
def test_log_key_is_rotated_named_and_retained_with_its_logs(name: str) -> None:
    graph = graph_of(name)

    for key in log_keys(graph):
        assert (key.inputs["enableKeyRotation"], key.inputs["deletionWindowInDays"]) == (True, 30)
        assert key.protect == (name != "local")
        (alias,) = (alias for alias in graph.of_type(ALIAS) if alias.inputs["targetKeyId"] == key.outputs["keyId"])
        assert alias.inputs["region"] == key.inputs["region"]
        assert alias.inputs["name"].startswith(f"alias/items-api-{name.split()[0]}")


@pytest.mark.parametrize("name", ["dev", "dev behind an edge"])
def test_logs_without_log_key_have_encryption_of_aws(name: str) -> None:
    assert log_keys(graph_of(name)) == []
    assert not any("kmsKeyId" in group.inputs for group in graph_of(name).of_type(GROUP))


def test_log_key_is_optional_in_dev_and_required_in_prod() -> None:
    with_key = stack("dev", **{"log-key": True})

    assert [key.name for key in log_keys(with_key)] == ["logs-key"]
    assert all("kmsKeyId" in group.inputs for group in with_key.of_type(GROUP))
    assert settings_errors("prod", **{"log-key": False}) == ["F: prod must keep log-key on."]
