"""The OpenAPI document: FastAPI's, with the ways to sign in and the errors every route can answer.

`python -m api.openapi [FILE]` writes it; the committed one is docs/openapi.json.
"""

import json
import sys
from operator import attrgetter
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.caller import READ, WRITE
from api.gate import GUARDED
from api.problems import MEDIA_TYPE
from api.schemas import Problem
from api.settings import Settings

_SCHEMA = "#/components/schemas/{model}"
_DESCRIPTION = """Items and their attachments, kept per caller.

Every answer has an `X-Request-Id`; errors are problem documents (RFC 9457) that repeat it. Lists come in pages: pass
`next_cursor` back as `cursor`; a page of large items holds fewer than `limit`. Changes need the `ETag` that they are
based on as `If-Match`. Bytes of an attachment that no request has found expire seven days after their upload: read or
list it. Every answer to a caller carries `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds)
where a limit is set, and 429 also `Retry-After`. What API Gateway itself refuses (no valid token, an unknown address or
one that it cannot decode, too large a body, too long headers, its own throttle of each route, public ones too) it
answers as `{"message": "…"}`."""
_ALWAYS = {"500": "Something went wrong on our side"}
_GUARDED = {
    "401": "No valid token, or its session was revoked",
    "403": "Not allowed",
    "429": "Too many requests",
    "503": "Not available now; a change may be applied or not",
}
HEADERS = {
    "ETag": "The item's version, for If-Match and If-None-Match",
    "Location": "The address of what was created",
    "RateLimit-Limit": "How many requests a minute you may send, where a limit is set",
    "RateLimit-Remaining": "How many of them are left",
    "RateLimit-Reset": "Seconds until you have all of them again",
    "Retry-After": "Seconds to wait before the next attempt",
    "WWW-Authenticate": "Bearer: an access token is needed",
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
    """The application's OpenAPI document, made once."""
    if app.openapi_schema is None:
        routes = sorted(app.routes, key=attrgetter("path"))  # the application's order is the one of matching
        made = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=routes)
        components = made["components"]
        for gone in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(gone, None)
        problem = Problem.model_json_schema(ref_template=_SCHEMA)
        components["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
        components["securitySchemes"] = {"sign-in": _sign_in(settings.sign_in_url)}
        components["headers"] = {
            name: {"description": description, "schema": {"type": "string"}} for name, description in HEADERS.items()
        }
        for path, operations in made["paths"].items():
            for operation in operations.values():
                _complete(operation, guarded=path.startswith(GUARDED))
                _add_headers(operation, guarded=path.startswith(GUARDED))
        app.openapi_schema = made
    return app.openapi_schema


def _complete(operation: dict[str, Any], *, guarded: bool) -> None:
    """Add what FastAPI cannot know: the sign-in, and that every error is a problem document."""
    errors = _ALWAYS | (_GUARDED if guarded else {})
    if "requestBody" in operation:
        errors |= {"415": "Not JSON"}
    if operation["responses"].pop("422", None):
        errors |= {"422": "Unacceptable values"}
    parameters = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    identified = parameters & {"item_id", "session_id", "attachment_id"}
    if "requestBody" in operation or identified or parameters & {"cursor", "if-match", "if-none-match"}:
        errors |= {"400": "A body, header, cursor or address that cannot be read"}
    if identified:
        errors |= {"404": "No such thing of yours"}
    if "if-match" in parameters:
        errors |= {"412": "The item has changed", "428": "If-Match is missing"}
    changes = "requestBody" in operation or "204" in operation["responses"]
    if changes and {"item_id", "idempotency-key"} & parameters:
        errors |= {"409": "The state of the item, or of an earlier request, does not allow this"}
    if "ready" in operation["operationId"]:
        errors |= {"503": "Not ready"}
    content = {MEDIA_TYPE: {"schema": {"$ref": _SCHEMA.format(model="Problem")}}}
    for status, description in sorted(errors.items()):
        operation["responses"][status] = {"description": description, "content": content}
    if guarded:
        operation["security"] = [{"sign-in": []}]


def _add_headers(operation: dict[str, Any], *, guarded: bool) -> None:
    """Name the headers by which the answers differ; what every answer carries stands in the description."""
    item = {"$ref": _SCHEMA.format(model="Item")}
    for status, response in operation["responses"].items():
        names = list(_HEADERS_BY_STATUS.get(status, ()))
        if response.get("content", {}).get("application/json", {}).get("schema") == item:
            names.append("ETag")
        if guarded and (status < "400" or status == "429"):
            names += [name for name in HEADERS if name.startswith("RateLimit")]
        if names:
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _sign_in(base_url: str) -> dict[str, Any]:
    authorize, token = f"{base_url.rstrip('/')}/oauth2/authorize", f"{base_url.rstrip('/')}/oauth2/token"
    user = {"openid": "Who you are", "profile": "Your name"}
    machine = {READ: "Read items", WRITE: "Change items"}
    flows = {
        "authorizationCode": {"authorizationUrl": authorize, "tokenUrl": token, "scopes": user},
        "clientCredentials": {"tokenUrl": token, "scopes": machine},
    }
    return {"type": "oauth2", "description": "People sign in (code with PKCE); machines bring scopes.", "flows": flows}


def committed() -> str:
    """The document as it is committed: of an exemplary deployment, nothing of it read from this machine."""
    from api.main import Repositories, create_app

    nothing: Any = None
    settings = Settings.read(
        {
            "ENVIRONMENT": "dev",
            "DOCS_ENABLED": "true",
            "SERVICE_VERSION": "1",
            "ITEM_TABLE": "items",
            "SESSION_TABLE": "sessions",
            "ATTACHMENT_BUCKET": "attachments",
            "CURSOR_KEY_SECRET_ARN": "arn",
            "RATE_LIMIT_PER_MINUTE": "60",
            "SIGN_IN_URL": "https://sign-in.example.com",
            "WEB_CLIENT_ID": "web",
        }
    )
    repositories = Repositories(
        items=nothing, attachments=nothing, files=nothing, sessions=nothing, tables=nothing, cursor_key=nothing
    )
    app = create_app(settings, repositories)
    return json.dumps(document(app, settings), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(committed(), encoding="utf-8")
    else:
        sys.stdout.write(committed())
