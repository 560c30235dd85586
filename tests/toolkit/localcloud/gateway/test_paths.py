"""Paths reach the function as an HTTP API decodes them."""

import http.client
import json
from collections.abc import Iterator

import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, ServedApi, serving
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.request import PathError, decoded, routed_path

RECORDED = {  # sent to an HTTP API in July 2026: hotsock/voker, vokerhttp/testdata/ingress-paths.json
    "/capture/plain": "/capture/plain",
    "/capture/space%20value": "/capture/space value",
    "/capture/question%3Fvalue": "/capture/question",
    "/capture/percent%25done": None,
    "/capture/hash%23value": "/capture/hash#value",
    "/capture/slash%2Fvalue": "/capture/slash/value",
    "/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C": "/capture/unicode-\u03bb-\u4e16\u754c",
    "/capture/literal%252Fvalue": "/capture/literal/value",
    "/capture/literal%253Fvalue": "/capture/literal?value",
    "/capture/literal%2525value": "/capture/literal%value",
}
DERIVED = {  # what the same two steps make of other paths
    "/capture/%25": None,
    "/capture/%2525": "/capture/%",
    "/capture/%": None,
    "/capture/a%2": None,
    "/capture/%zz": None,
    "/capture/%2541": "/capture/A",
    "/capture/%ff": "/capture/\ufffd",
    "/capture/a+b": "/capture/a+b",
    "/capture/a%2Bb": "/capture/a+b",
    "/capture/a;b=1": "/capture/a;b=1",
    "/capture//a/": "/capture//a/",
    "/capture/./a/../b": "/capture/./a/../b",
    "/capture/%2e%2e/a": "/capture/../a",
    "/capture/a%3fb%2fc?x=1": "/capture/a",
}


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    api = ApiBuilder(cloud)
    source = "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(event)}"
    api.route("$default", api.function(deploy(cloud, source).live))
    with serving(cloud, api.id, tmp_path_factory.mktemp("paths")) as served:
        yield served


@pytest.mark.parametrize(("sent", "received"), [*RECORDED.items(), *DERIVED.items()])
def test_path_in_the_event_is_decoded_as_on_aws(served: ServedApi, sent: str, received: str | None) -> None:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"))
    connection.request("GET", sent)  # as written: other clients normalize the path
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    if received is None:
        assert (answer.status, body) == (400, {"message": "Bad Request"})
    else:
        assert (body["rawPath"], body["requestContext"]["http"]["path"]) == (received, received)


@pytest.mark.parametrize(
    ("raw", "value"), [("a%252Fb", "a/b"), ("a%2520b", "a b"), ("a%253Fb", "a?b"), ("a%2525b", "a%b"), ("a+b", "a+b")]
)
def test_path_variable_is_decoded_twice(raw: str, value: str) -> None:
    assert decoded(routed_path(raw)) == value


@pytest.mark.parametrize("raw", ["%25", "a%25", "a%25zz", "%", "%252"])
def test_percent_without_two_digits_after_decoding_is_rejected(raw: str) -> None:
    with pytest.raises(PathError):
        decoded(routed_path(raw))
