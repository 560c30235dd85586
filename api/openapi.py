"""The OpenAPI document: FastAPI's, with the security scheme and the errors of every route.

`./stack generate` writes it to docs/openapi.json.
"""

import json
from operator import attrgetter
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.aws import AwsClients
from api.definition import AUTHENTICATED, FEATURES, READ, SCOPES, WRITE
from api.entity_tags import TAG_LIST
from api.problems import MEDIA_TYPE
from api.schemas import GatewayError, Problem
from api.settings import Settings, resource_variables

_SCHEMA = "#/components/schemas/{model}"
_DESCRIPTION = """A caller has access to their own records only.

- **Requests**: every response has an `X-Request-Id` header.
- **Errors** are problem documents (`application/problem+json`, RFC 9457) with the same request id. API Gateway itself
  responds with `{"message": "…"}` (`application/json`): to a missing or invalid token, an unknown path, a path that it
  cannot decode, a body or headers that are too large, a request above the throttle of a route, and if the function
  fails or is busy. Without a problem document there is no `X-Request-Id`; send the `Apigw-Requestid` to support.
- **Lists** have pages: send `next_cursor` as `cursor`. A page of large records has fewer than `limit`.
- **Changes** need the `ETag` of the version that they are based on, as `If-Match`. `PATCH` takes a merge patch, as
  `application/merge-patch+json` or `application/json`.
- **Query parameters** that a route does not have are rejected with 422.
- **Rate limit**: where a limit is set, responses have `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
  (seconds). A response with status 429 has `Retry-After`."""
_ALWAYS = {
    "422": "Invalid values, or an unknown query parameter",
    "429": "Too many requests",
    "500": "Internal error",
    "503": "Service unavailable; a change may be applied or not",
}
_AUTHENTICATED_ERRORS = {"401": "No valid access token, or its session was revoked", "403": "Forbidden"}
_GATEWAY_STATUSES = frozenset({"400", "401", "403", "404", "413", "429", "500", "503"})
"""What API Gateway responds by itself, with `{"message": "…"}`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html (read 2026-11-30).
"""
_GATEWAY_ONLY = frozenset({"413"})
HEADERS = {
    "ETag": "The version of the resource, for If-Match and If-None-Match",
    "Location": "The path of the new resource",
    "RateLimit-Limit": "Requests per minute, where a limit is set",
    "RateLimit-Remaining": "Requests that remain",
    "RateLimit-Reset": "Seconds until the limit is reset",
    "Retry-After": "Seconds to wait before the next attempt",
    "WWW-Authenticate": "Bearer: an access token is required",
}
_HEADERS_BY_STATUS = {
    "201": ["Location"],
    "304": ["ETag"],
    "412": ["ETag"],
    "401": ["WWW-Authenticate"],
    "429": ["Retry-After"],
    "503": ["Retry-After"],
}


def document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """Return the OpenAPI document of the application, built once."""
    if app.openapi_schema is None:
        routes = sorted(app.routes, key=attrgetter("path"))  # the application's own order is the order of matching
        made = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=routes)
        components = made["components"]
        for replaced in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(replaced, None)
        for error in (Problem, GatewayError):
            schema = error.model_json_schema(ref_template=_SCHEMA)
            components["schemas"] |= {**schema.pop("$defs", {}), error.__name__: schema}
        components["securitySchemes"] = {"sign-in": _sign_in(settings.sign_in_url)}
        components["headers"] = {
            name: {"description": description, "schema": {"type": "string"}} for name, description in HEADERS.items()
        }
        made |= {"servers": [{"url": "/", "description": "This deployment"}], "tags": _tags(app)}
        for path, operations in made["paths"].items():
            for operation in operations.values():
                _complete(operation, authenticated=path.startswith(AUTHENTICATED))
                _add_headers(operation, authenticated=path.startswith(AUTHENTICATED))
                _share_errors(operation, components.setdefault("responses", {}))
        app.openapi_schema = made
    return app.openapi_schema


def _complete(operation: dict[str, Any], *, authenticated: bool) -> None:
    """Add what FastAPI does not know: the security scheme, and the problem document of every error."""
    errors = _ALWAYS | (_AUTHENTICATED_ERRORS if authenticated else {})
    if "requestBody" in operation:
        errors |= {"413": "The body is too large", "415": "Unsupported media type"}
    parameters = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    identified = any(parameter["in"] == "path" for parameter in operation.get("parameters", ()))
    if "requestBody" in operation or identified or parameters & {"cursor", "if-match", "if-none-match"}:
        errors |= {"400": "Malformed body, header, cursor or path"}
    if identified:
        errors |= {"404": "Not found"}
    if "if-match" in parameters:
        errors |= {"412": "The resource has changed", "428": "If-Match is required"}
        _require_if_match(operation)
    operation["responses"].pop("422", None)  # FastAPI's own
    declared = operation["responses"].items()
    errors |= {status: response["description"] for status, response in declared if status >= "400"}
    problems = {status: _error(status, description) for status, description in errors.items()}
    operation["responses"] = dict(sorted((operation["responses"] | problems).items()))
    if authenticated:
        operation["security"] = [{"sign-in": []}]


def _require_if_match(operation: dict[str, Any]) -> None:
    """Document the header as required: the service responds with 428 without it, which FastAPI does not know."""
    for parameter in operation["parameters"]:
        if parameter["name"].lower() == "if-match":
            parameter |= {"required": True, "schema": {"type": "string", "pattern": TAG_LIST}}


def _error(status: str, description: str) -> dict[str, Any]:
    """Return an error response, with each content in which it may arrive.

    Clients that are generated use the first content of a status for all of its responses: it has both schemas.
    """
    problem, message = ({"$ref": _SCHEMA.format(model=model)} for model in ("Problem", "GatewayError"))
    content: dict[str, Any] = {}
    if status in _GATEWAY_ONLY:
        content["application/json"] = {"schema": message}
    elif status in _GATEWAY_STATUSES:
        content["application/json"] = {"schema": {"title": "Error", "anyOf": [problem, message]}}
    if status not in _GATEWAY_ONLY:
        content[MEDIA_TYPE] = {"schema": problem}
    return {"description": description, "content": content}


def _tags(app: FastAPI) -> list[dict[str, str]]:
    """Return the tags in the order of the routes: the busiest feature is first."""
    descriptions = {feature.name: feature.description for feature in FEATURES if feature.description}
    used = dict.fromkeys(tag for route in app.routes if isinstance(route, APIRoute) for tag in route.tags)
    return [
        {"name": str(tag)} | ({"description": descriptions[str(tag)]} if tag in descriptions else {}) for tag in used
    ]


def _add_headers(operation: dict[str, Any], *, authenticated: bool) -> None:
    """Add the headers of single responses; those of every response are in the description."""
    for status, response in operation["responses"].items():
        names = [*_HEADERS_BY_STATUS.get(status, ()), *response.get("headers", ())]
        if status == "429" or (authenticated and status < "400"):
            names += [name for name in HEADERS if name.startswith("RateLimit")]
        if names:
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _share_errors(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """Replace each error by a reference to the first one with its status, if they are equal."""
    for status, response in operation["responses"].items():
        if status >= "400" and shared.setdefault(f"Error{status}", response) == response:
            operation["responses"][status] = {"$ref": f"#/components/responses/Error{status}"}


def _sign_in(base_url: str) -> dict[str, Any]:
    authorize, token = f"{base_url.rstrip('/')}/oauth2/authorize", f"{base_url.rstrip('/')}/oauth2/token"
    user = {"openid": "Your identity", "profile": "Your name"}
    machine = dict(zip((READ, WRITE), SCOPES.values(), strict=True))
    flows = {
        "authorizationCode": {"authorizationUrl": authorize, "tokenUrl": token, "scopes": user},
        "clientCredentials": {"tokenUrl": token, "scopes": machine},
    }
    return {
        "type": "oauth2",
        "description": "Users: authorization code with PKCE. Machines: client credentials with scopes.",
        "flows": flows,
    }


def committed() -> str:
    """Return the document for docs/openapi.json, with example values for what a deployment sets."""
    from api.main import create_app

    settings = Settings.read(
        {
            "ENVIRONMENT": "dev",
            "DOCS_ENABLED": "true",
            "SERVICE_VERSION": "1",
            **dict.fromkeys(resource_variables(), "example"),
            "RATE_LIMIT_PER_MINUTE": "60",
            "SIGN_IN_URL": "https://sign-in.example.com",
            "WEB_CLIENT_ID": "web",
        }
    )
    app = create_app(settings, AwsClients("us-east-1"))  # no request is made
    return json.dumps(document(app, settings), indent=2, ensure_ascii=False) + "\n"
