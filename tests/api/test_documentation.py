"""The documentation pages and the OpenAPI document: where they are public, their assets, sign-in and errors."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.definition import FEATURES
from api.openapi import committed
from tests.support.responses import Answer
from toolkit.localcloud.gateway.authorizer import unauthorized
from toolkit.localcloud.gateway.response import (
    BAD_REQUEST,
    FORBIDDEN,
    INTERNAL_ERROR,
    NOT_FOUND,
    TOO_LARGE,
    TOO_MANY,
    UNAVAILABLE,
    Response,
)

Call = Callable[..., Answer]
DOCUMENT = json.loads(committed())
PAGES = ["/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"]


def operations() -> Iterator[tuple[str, str, Any]]:
    """Yield method and path, path, and operation."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", path, operation


def resolved(response: Any) -> Any:
    """The response, or the shared one to which it refers."""
    name = response.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["responses"][name] if name else response


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
    for where, path, operation in operations():
        responses = operation["responses"]
        guarded = path.startswith("/api/v1/")
        assert ("401" in responses) == ("security" in operation) == guarded, where
        assert ("409" in responses) == ("/items" in path and "bulk" not in path and not where.startswith("get")), where
        assert {"422", "429", "500", "503"} <= set(responses), where
        for status, response in responses.items():
            if int(status) >= 400 and status != "413":
                assert "application/problem+json" in resolved(response)["content"], (where, status)


GATEWAY = (BAD_REQUEST, FORBIDDEN, INTERNAL_ERROR, NOT_FOUND, TOO_LARGE, TOO_MANY, UNAVAILABLE, unauthorized().response)


@pytest.mark.parametrize("error", GATEWAY, ids=lambda each: str(each.status))
def test_errors_of_api_gateway_are_documented(error: Response) -> None:
    documented = 0
    for where, _, operation in operations():
        response = resolved(operation["responses"].get(str(error.status), {}))
        if response:
            schema = response["content"][dict(error.headers)["content-type"]]["schema"]
            jsonschema.validate(json.loads(error.body), {**schema, "components": DOCUMENT["components"]})
            documented += 1
            assert next(iter(response["content"])) == "application/json", (where, "generated clients use the first one")
    assert documented


def test_operation_ids_are_a_verb_and_a_noun() -> None:
    verbs = {"check", "create", "delete", "list", "read", "replace", "revoke", "update"}
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert [each for each in ids if each.partition("_")[0] not in verbs or not each.partition("_")[2]] == []
    assert len(set(ids)) == len(ids)


def test_tags_are_features_in_order_of_use_with_descriptions() -> None:
    assert [tag["name"] for tag in DOCUMENT["tags"]] == ["items", "attachments", "sessions", "information"]
    assert all(tag["description"] for tag in DOCUMENT["tags"])
    assert {tag for _, _, operation in operations() for tag in operation["tags"]} == {
        feature.name for feature in FEATURES
    }
    assert DOCUMENT["servers"][0]["url"] == "/"


def test_every_schema_has_valid_examples() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert schema["examples"], name
        for example in schema["examples"]:
            jsonschema.validate(example, {**schema, "components": DOCUMENT["components"]})


def test_if_match_is_required_where_the_service_requires_it() -> None:
    required = {
        where
        for where, _, operation in operations()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "If-Match" and parameter["required"]
    }
    assert required == {f"{method} /api/v1/items/{{item_id}}" for method in ("put", "patch", "delete")}
    assert required == {where for where, _, operation in operations() if "428" in operation["responses"]}


def test_route_with_identifier_documents_undecodable_path() -> None:
    paths = json.loads(committed())["paths"]
    identified = [each for path, operations in paths.items() if "{" in path for each in operations.values()]
    assert [each["operationId"] for each in identified if "400" not in each["responses"]] == []
