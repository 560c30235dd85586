"""The documentation pages and the OpenAPI document: where they are public, their assets, sign-in and errors."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from api.openapi import committed
from tests.support.responses import Answer

Call = Callable[..., Answer]
PAGES = ["/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"]


def test_committed_openapi_document_is_current(root: Path) -> None:
    assert (root / "docs" / "openapi.json").read_text() == committed(), "run: ./stack generate docs/openapi.json"


def test_item_identifier_is_documented_equally_on_every_route() -> None:
    paths = json.loads(committed())["paths"]
    about = [
        json.dumps(parameter, sort_keys=True)
        for path, operations in paths.items()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "item_id"
    ]
    assert len(about) == sum(len(operations) for path, operations in paths.items() if "{item_id}" in path)
    assert len(set(about)) == 1


@pytest.mark.parametrize("value", ["false", None])
def test_documentation_is_404_unless_enabled(start: Callable[..., Call], value: str | None) -> None:
    call = start(DOCS_ENABLED=value)
    assert [call("GET", page).status for page in PAGES] == [404] * 4
    assert set(call("GET", "/").json["links"]) == {"health", "items", "me"}


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_documentation_page_with_own_assets_loads_from_no_other_host(start: Callable[..., Call], page: str) -> None:
    local = {"SIGN_IN_URL": "http://127.0.0.1:8000/_local/sign-in", "DOCS_ASSETS_URL": "/_local/docs"}
    answer = start(ENVIRONMENT="local", **local)("GET", page)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.body)
    assert loaded
    assert all(address.startswith("/_local/docs/") for address in loaded)
    allowed = answer.headers["content-security-policy"].replace("http://127.0.0.1:8000", "")
    assert "http" not in allowed


@pytest.mark.parametrize("page", PAGES[:3])
def test_content_security_policy_allows_only_scripts_of_page(call: Call, page: str) -> None:
    answer = call("GET", page)
    policy = answer.headers["content-security-policy"]
    script_policy = next(part for part in policy.split("; ") if part.startswith("script-src"))
    for script in re.findall(r"<script>(.*?)</script>", answer.body, re.DOTALL):
        assert b64encode(sha256(script.encode()).digest()).decode() in script_policy
    assert "unsafe" not in script_policy
    for address in re.findall(r'<script src="(https://[^/]+)', answer.body):
        assert address in script_policy


def test_swagger_ui_has_sign_in_url_and_client_id(call: Call, environment: dict[str, str]) -> None:
    page = call("GET", "/docs")
    assert environment["WEB_CLIENT_ID"] in page.body
    assert '"usePkceWithAuthorizationCodeGrant": true' in page.body
    assert "connect-src 'self' https://sign-in.example.com" in page.headers["content-security-policy"]
    flows = call("GET", "/openapi.json").json["components"]["securitySchemes"]["sign-in"]["flows"]
    assert flows["authorizationCode"]["authorizationUrl"] == "https://sign-in.example.com/oauth2/authorize"
    assert flows["authorizationCode"]["tokenUrl"] == "https://sign-in.example.com/oauth2/token"


def test_every_operation_documents_its_errors_and_scopes() -> None:
    for path, operations in json.loads(committed())["paths"].items():
        for method, operation in operations.items():
            guarded = path.startswith("/api/v1/")
            assert ("401" in operation["responses"]) == ("security" in operation) == guarded, (method, path)
            changes = "/items" in path and method != "get"
            assert ("409" in operation["responses"]) == changes, (method, path)
            assert ("503" in operation["responses"]) == (guarded or path == "/health/ready"), (method, path)
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (method, path, status)


def test_route_with_identifier_documents_undecodable_path() -> None:
    paths = json.loads(committed())["paths"]
    identified = [each for path, operations in paths.items() if "{" in path for each in operations.values()]
    assert [each["operationId"] for each in identified if "400" not in each["responses"]] == []
