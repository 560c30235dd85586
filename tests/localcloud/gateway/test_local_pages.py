"""Only this machine is served, and beside the API only what stands under /_local/."""

import http.client

import httpx
import pytest

from tests.support.http_apis import Front


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "localhost.evil"])
def test_a_name_that_is_not_this_machines_is_forbidden(client: httpx.Client, host: str) -> None:
    answer = client.get("/public", headers={"Host": host})
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "127.0.0.1", "[::1]:8000"])
def test_this_machines_names_are_served(client: httpx.Client, host: str) -> None:
    assert client.get("/public", headers={"Host": host}).status_code == 201


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png"])
def test_the_docs_pages_need_no_internet(client: httpx.Client, name: str) -> None:
    assert client.get(f"/_local/docs/{name}").status_code == 200


@pytest.mark.parametrize("path", ["/_local/", "/_local/docs/../../core.py", "/_local/docs/%2e%2e/core.py", "/_local/x"])
def test_nothing_else_is_served_locally(front: Front, path: str) -> None:
    connection = http.client.HTTPConnection(front.url.removeprefix("http://"))
    connection.request("GET", path)  # as written: a friendlier client would tidy the path up
    assert connection.getresponse().status == 404
    connection.close()
