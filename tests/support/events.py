"""Events as AWS's HTTP API sends them (payload format 2.0), and the claims of callers."""

import json
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode

CLIENT_ID = "6web0client0id"
MACHINE_ID = "7machine0client0id"
SIGNED_IN_AT = 1_763_600_000


def user_claims(
    name: str = "ada", *, session: str | None = None, groups: str | None = None, **others: str
) -> dict[str, str]:
    """The claims of a user's access token, every value text as the authorizer hands them over."""
    claims = {
        "sub": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
        "username": name,
        "client_id": CLIENT_ID,
        "origin_jti": session or str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin openid profile",
        "auth_time": str(SIGNED_IN_AT),
        "iat": str(SIGNED_IN_AT),
        "exp": str(SIGNED_IN_AT + 3600),
        "jti": str(uuid.uuid4()),
        "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool",
        "version": "2",
    }
    return claims | ({"cognito:groups": groups} if groups else {}) | others


def machine_claims(*scopes: str, client_id: str = MACHINE_ID) -> dict[str, str]:
    """The claims of a client-credentials token: no user, and the client itself as its subject."""
    claims = user_claims() | {"sub": client_id, "client_id": client_id, "scope": " ".join(scopes)}
    for absent in ("username", "origin_jti", "auth_time"):
        del claims[absent]
    return claims


def http_event(
    method: str,
    path: str,
    *,
    claims: dict[str, str] | None = None,
    body: Any = None,
    headers: dict[str, str] | None = None,
    query: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A request; `body` is sent as JSON unless it is text already."""
    path, _, inline = path.partition("?")
    raw_query = "&".join(part for part in (inline, urlencode(query or {}, doseq=True)) if part)
    sent = {"host": "api.example.com", "x-forwarded-proto": "https", "x-forwarded-port": "443", **(headers or {})}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": sent,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "api.example.com",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": "20/Nov/2025:01:33:20 +0000",
            "timeEpoch": SIGNED_IN_AT * 1000,
        },
        "isBase64Encoded": False,
    }
    if raw_query:
        event["queryStringParameters"] = dict(parse_qsl(raw_query, keep_blank_values=True))
    if claims is not None:
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
        sent.setdefault("content-type", "application/json")
        sent["content-length"] = str(len(event["body"].encode()))
    return event
