"""Request parameters and stage variables change a request as documented, or the API is rejected."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Pool, ServedApi, serving
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.http_api import HttpApiError, read_http_api
from toolkit.localcloud.gateway.parameter_mapping import MappingError, read_changes
from toolkit.localcloud.provider.apigatewayv2 import ENTRIES
from toolkit.localcloud.provider.entry import Aws
from toolkit.localcloud.provider.errors import ProviderError

ECHO = "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(event)}"
CHANGES = {
    "append:header.x-kept": "more",
    "append:header.x-new": "$context.requestId",
    "overwrite:header.x-mine": "ours",
    "remove:header.x-secret": "''",
    "append:header.x-path": "$request.path.id",
    "append:header.x-text": "${request.path.id}/${request.querystring.q} of ${stageVariables.stage}",
    "append:header.x-raw": "$request.path",
    "append:header.x-copy": "$request.header.X-Secret",
    "append:header.x-absent": "$request.header.x-nothing",
    "append:querystring.q": "2",
    "overwrite:querystring.w": "$stageVariables.stage",
    "remove:querystring.gone": "",
}


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, users: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    function = deploy(cloud, ECHO)
    name = function.name.removeprefix("function-")
    api = ApiBuilder(cloud, stage={"StageVariables": {"stage": "blue", "name": name, "to": "deep"}})
    with serving(cloud, api.id, tmp_path_factory.mktemp("mapping")) as served:
        echo, tokens = f"{served.url}/_local/echo", api.authorizer(users)
        api.route("GET /http/{id}", api.upstream(f"{echo}/items/{{id}}", RequestParameters=CHANGES))
        api.route("GET /lambda/{id}", api.function(function.live, RequestParameters=CHANGES))
        path = {"overwrite:path": "/_local/echo/v2/${request.path.id}"}
        api.route("GET /path/{id}", api.upstream(f"{echo}/v1/x", RequestParameters=path))
        api.route("GET /lambda-path/{id}", api.function(function.live, RequestParameters={"overwrite:path": "/v2"}))
        api.route("GET /variable/{id}", api.upstream(f"{served.url}/_local/echo/${{stageVariables.to}}/{{id}}"))
        named = function.arn.replace(name, "${stageVariables.name}")
        api.route("GET /named", api.function(f"{named}:live", permitted=False))
        context = {"append:header.x-sub": "$context.authorizer.claims.sub", "append:header.x-key": "$context.routeKey"}
        api.route("GET /claims", api.upstream(f"{echo}/x", RequestParameters=context), tokens)
        served.refresh()
        yield served


@pytest.fixture(name="client")
def _client(served: ServedApi) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


@pytest.mark.parametrize("kind", ["http", "lambda"])
def test_request_parameters_change_headers_and_query(client: httpx.Client, kind: str) -> None:
    sent = {"X-Kept": "one", "X-Mine": "theirs", "X-Secret": "s3cret"}
    answer = client.get(f"/{kind}/7?q=1&w=a&gone=x", headers=sent)
    body = answer.json()
    headers = body["headers"]
    query = body["query"] if kind == "http" else body["rawQueryString"]
    assert headers["x-kept"].replace(", ", ",") in ("one,more", "one")  # the echo shows one of two equal names
    assert (headers["x-mine"], headers["x-path"], headers["x-raw"]) == ("ours", "7", f"/{kind}/7")
    assert (headers["x-text"], headers["x-copy"]) == ("7/1 of blue", "s3cret")
    assert headers["x-new"] == answer.headers["apigw-requestid"]
    assert not {"x-secret", "x-absent"} & headers.keys()
    assert query == "q=1&q=2&w=blue"


def test_overwritten_path_keeps_the_integrations_host(client: httpx.Client) -> None:
    assert client.get("/path/a%2520b").json()["path"] == "/v2/a b"
    assert client.get("/path/a%252F..%252Fb").status_code == 400
    assert client.get("/lambda-path/1").json()["rawPath"] == "/v2"


def test_stage_variable_in_an_integration_uri_is_replaced(client: httpx.Client) -> None:
    assert client.get("/variable/7").json()["path"] == "/deep/7"


def test_stage_variables_are_in_the_event(client: httpx.Client) -> None:
    assert client.get("/lambda/7").json()["stageVariables"]["stage"] == "blue"


def test_mapped_claims_are_sent_to_the_upstream_as_headers(client: httpx.Client, users: Pool) -> None:
    token = users.token("demo@example.com")
    headers = client.get("/claims", headers={"Authorization": f"Bearer {token}"}).json()["headers"]
    assert (len(headers["x-sub"]), headers["x-key"]) == (36, "GET /claims")


def test_control_characters_of_a_mapped_path_are_removed_from_the_header(client: httpx.Client) -> None:
    headers = client.get("/lambda/a%250d%250aX-Evil:%25201").json()["headers"]
    assert "x-evil" not in headers
    assert headers["x-path"] == "aX-Evil: 1"


REJECTED = {
    "append:header.authorization": "reserved header",
    "remove:header.Authorization": "reserved header",
    "overwrite:header.x-amzn-trace-id": "reserved header",
    "overwrite:header.X-Forwarded-For": "reserved header",
    "append:header.access-control-allow-origin": "reserved header",
    "append:header.a b": "does not name a valid header",
    "append:path": "is not valid",
    "remove:path": "is not valid",
    "append:body.x": "is not valid",
    "integration.request.header.x": "is not valid",
    "append:header.": "is not valid",
}


@pytest.mark.parametrize(("key", "words"), REJECTED.items())
def test_parameter_that_aws_rejects_is_rejected(key: str, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        read_changes({key: "x"})


@pytest.mark.parametrize("value", ["$request.body", "$request.body.a", "$other.x", "${context.x", "a $ b", "a\r\nb"])
def test_unsupported_mapping_value_is_rejected(value: str) -> None:
    with pytest.raises(MappingError, match="has the value"):
        read_changes({"append:header.x": value})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"RequestParameters": {"remove:header.authorization": "''"}}, "reserved header"),
        (
            {"ResponseParameters": {"200": {"overwrite:statuscode": "403"}}},
            "ResponseParameters: the local cloud",
        ),
        ({"CredentialsArn": "arn:aws:iam::123456789012:role/x"}, "CredentialsArn: the local cloud supports none"),
    ],
)
def test_unsupported_api_is_rejected_in_one_sentence(
    cloud: AwsConnection, settings: Mapping[str, Any], words: str
) -> None:
    api = ApiBuilder(cloud)
    api.route("GET /a", api.upstream("http://127.0.0.1:1/", **settings))
    with pytest.raises(HttpApiError, match=words):
        read_http_api(cloud, api.id, "123456789012")


def test_missing_stage_variable_is_named_in_the_error(cloud: AwsConnection) -> None:
    api = ApiBuilder(cloud)
    api.route("GET /a", api.upstream("http://${stageVariables.host}/"))
    with pytest.raises(HttpApiError, match="needs the stage variable 'host': add it to the stage"):
        read_http_api(cloud, api.id, "123456789012")


@pytest.mark.parametrize(
    "inputs",
    [{"requestParameters": {"remove:header.authorization": "''"}}, {"credentialsArn": "arn:aws:iam::1:role/x"}],
)
def test_provider_rejects_an_invalid_integration_before_it_is_created(
    cloud: AwsConnection, tmp_path: Path, inputs: Mapping[str, Any]
) -> None:
    entry = next(entry for entry in ENTRIES if entry.type.endswith(":Integration"))
    aws, wanted = Aws(cloud, "123456789012", tmp_path), {"apiId": "a", "integrationType": "HTTP_PROXY", **inputs}
    with pytest.raises(ProviderError, match=r"reserved header|credentialsArn is not supported"):
        entry.create(aws, wanted)
    with pytest.raises(ProviderError, match=r"reserved header|credentialsArn is not supported"):
        entry.update(aws, "i", wanted, wanted, frozenset())
