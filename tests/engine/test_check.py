"""What the provider says to the engine of a resource's inputs before anything is done."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from tests.engine.engine import Engine
from toolkit.localcloud.plugins.resource_provider import AwsResourceProvider
from toolkit.stacks import Secret
from toolkit.stacks.wire import decode, encode

BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"
TABLE = "aws:dynamodb/table:Table"
STAGE = "aws:apigatewayv2/stage:Stage"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
ATTRIBUTES = [{"name": "owner", "type": "S"}]


def check(
    type: str, news: Mapping[str, Any], olds: Struct | None = None, seed: bytes = b"one", autonaming: Any = None
) -> Any:
    request = provider_pb2.CheckRequest(
        name="items", type=type, olds=olds, news=encode(news), randomSeed=seed, autonaming=autonaming
    )
    return AwsResourceProvider().Check(request, None)


def test_a_property_that_the_type_does_not_have_is_a_failure() -> None:
    (failure,) = check(TABLE, {"attributes": ATTRIBUTES, "hashKey": "owner", "hashkey": "owner"}).failures
    assert (failure.property, failure.reason) == ("hashkey", f"{TABLE} has no property hashkey")


def test_every_property_that_must_be_given_and_is_not_is_a_failure() -> None:
    assert [failure.property for failure in check(TABLE, {}).failures] == ["attributes", "hashKey"]


def test_a_nested_property_that_the_type_does_not_have_is_a_failure_that_names_the_nearest() -> None:
    (failure,) = check(STAGE, {"apiId": "a", "defaultRouteSettings": {"throttlingRateLimt": 1}}).failures
    assert failure.property == "defaultRouteSettings.throttlingRateLimt"
    assert failure.reason == (
        f"{STAGE}: there is no property defaultRouteSettings.throttlingRateLimt; did you mean throttlingRateLimit?"
    )


def test_a_nested_property_that_is_like_none_is_a_failure_that_names_all() -> None:
    (failure,) = check(
        TABLE, {"attributes": [*ATTRIBUTES, {"name": "id", "type": "S", "x": 1}], "hashKey": "owner"}
    ).failures
    assert failure.reason == f"{TABLE}: there is no property attributes[1].x; it takes name, type"


def test_a_nested_property_that_must_be_given_and_is_not_is_a_failure() -> None:
    (failure,) = check(TABLE, {"attributes": [{"name": "owner"}], "hashKey": "owner"}).failures
    assert (failure.property, failure.reason) == ("attributes[0].type", f"{TABLE}: attributes[0].type must be given")


def test_a_nested_mistake_is_seen_beside_what_is_not_known_yet() -> None:
    settings = {"destinationArn": UNKNOWN, "format": UNKNOWN, "fromat": "x"}
    (failure,) = check(STAGE, {"apiId": UNKNOWN, "accessLogSettings": settings}).failures
    assert failure.property == "accessLogSettings.fromat"


def test_a_nested_mistake_is_seen_in_a_secret() -> None:
    settings = Secret({"throttlingRateLimt": 1})
    (failure,) = check(STAGE, {"apiId": "a", "defaultRouteSettings": settings}).failures
    assert failure.property == "defaultRouteSettings.throttlingRateLimt"


def test_a_property_that_is_not_known_yet_is_given() -> None:
    answer = check(VERSION, {"secretId": UNKNOWN, "secretString": Secret("hidden")})
    assert list(answer.failures) == []
    assert answer.inputs.fields["secretId"].string_value == UNKNOWN


def test_a_secret_input_stays_marked() -> None:
    answer = check(VERSION, {"secretId": "arn", "secretString": Secret("hidden")})
    assert decode(answer.inputs)["secretString"] == Secret("hidden")


def test_a_name_is_given_once_and_kept_until_the_resource_is_made_anew() -> None:
    news = {"attributes": ATTRIBUTES, "hashKey": "owner"}
    first = check(TABLE, news).inputs
    name = first.fields["name"].string_value
    assert name.startswith("items-")
    assert check(TABLE, news, olds=first, seed=b"two").inputs.fields["name"].string_value == name
    assert check(TABLE, news, seed=b"two").inputs.fields["name"].string_value != name


def proposed(name: str, mode: str = "PROPOSE") -> Any:
    return provider_pb2.CheckRequest.AutonamingOptions(
        proposed_name=name, mode=provider_pb2.CheckRequest.AutonamingOptions.Mode.Value(mode)
    )


def test_name_that_the_engine_proposes_is_taken_once_and_kept() -> None:
    news = {"attributes": ATTRIBUTES, "hashKey": "owner"}
    first = check(TABLE, news, autonaming=proposed("sample-dev-items-1")).inputs
    later = check(TABLE, news, olds=first, autonaming=proposed("sample-dev-items-2")).inputs

    assert first.fields["name"].string_value == later.fields["name"].string_value == "sample-dev-items-1"


def test_proposed_bucket_name_is_put_into_lower_case_and_an_enforced_one_refused() -> None:
    assert decode(check(BUCKET, {}, autonaming=proposed("Sample-1")).inputs)["bucket"] == "sample-1"
    (failure,) = check(BUCKET, {}, autonaming=proposed("Sample-1", "ENFORCE")).failures
    assert failure.property == "bucket"
    assert failure.reason.startswith("pulumi:autonaming makes the bucket Sample-1, which AWS does not accept")


def test_proposed_name_that_is_too_long_is_a_failure_with_the_limit() -> None:
    (failure,) = check(ROLE, {"assumeRolePolicy": "{}"}, autonaming=proposed("x" * 65)).failures
    assert (failure.property, "has 65 characters, and AWS accepts 64" in failure.reason) == ("name", True)


def test_disabled_automatic_names_are_a_failure_without_a_name_of_the_program() -> None:
    disabled = proposed("", "DISABLE")
    (failure,) = check(ROLE, {"assumeRolePolicy": "{}"}, autonaming=disabled).failures
    assert failure.reason == "pulumi:autonaming disables automatic names, and the program gives no name"
    assert list(check(ROLE, {"assumeRolePolicy": "{}", "name": "mine"}, autonaming=disabled).failures) == []


def test_a_name_of_the_program_is_taken_as_it_is() -> None:
    answer = check(TABLE, {"attributes": ATTRIBUTES, "hashKey": "owner", "name": "mine"})
    assert decode(answer.inputs)["name"] == "mine"


def test_a_preview_ends_with_the_nested_property_that_is_misspelt(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("dev")
    engine.rewrite(
        "infrastructure/components/http_api.py", '"throttling_rate_limit": args', '"throttling_rate_limt": args'
    )
    shown = engine.run("preview")
    assert shown.code != 0
    assert "no property defaultRouteSettings.throttling_rate_limt; did you mean throttlingRateLimit?" in shown.output
    assert "Traceback" not in shown.output
