"""S3's CORS: the rules of the bucket apply, where moto allows every origin."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from moto.s3.models import s3_backends
from werkzeug.wrappers import Response

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
CORS_REJECTION = (
    "<Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed. This is usually "
    "because the evaluation of Origin, request method / Access-Control-Request-Method or "
    "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.</Message></Error>"
)


def cross_origin(application: Application, account_id: str) -> Application:
    """Return the application with CORS for the paths of buckets."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN")
        bucket = _bucket(environ, account_id) if origin else None
        if origin is None or bucket is None:
            return application(environ, start_response)
        requested_method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        if environ["REQUEST_METHOD"] == "OPTIONS" and requested_method:
            rule = _rule(bucket, origin, requested_method, environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""))
            preflight = Response("", 200, _headers(rule, origin)) if rule else Response(CORS_REJECTION, 403)
            return preflight(environ, start_response)
        rule = _rule(bucket, origin, environ["REQUEST_METHOD"], "")
        allowed = _headers(rule, origin) if rule else []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            own = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
            return start_response(status, [*own, *allowed], *rest)

        return application(environ, start)

    return answer


def _bucket(environ: dict[str, Any], account_id: str) -> Any:
    name = environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
    return s3_backends[account_id]["aws"].buckets.get(name)


def _rule(bucket: Any, origin: str, method: str, headers: str) -> Any:
    wanted = [name.strip().lower() for name in headers.split(",") if name.strip()]
    for rule in bucket.cors:
        named = rule.allowed_headers or []
        if (
            method in rule.allowed_methods
            and any(_matches(pattern, origin) for pattern in rule.allowed_origins)
            and all(any(_matches(pattern.lower(), name) for pattern in named) for name in wanted)
        ):
            return rule
    return None


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None


def _headers(rule: Any, origin: str) -> list[tuple[str, str]]:
    any_origin = rule.allowed_origins == ["*"]
    headers = [
        ("Access-Control-Allow-Origin", "*" if any_origin else origin),
        ("Access-Control-Allow-Methods", ", ".join(rule.allowed_methods)),
        ("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"),
    ]
    if rule.allowed_headers:
        headers.append(("Access-Control-Allow-Headers", ", ".join(rule.allowed_headers)))
    if rule.exposed_headers:
        headers.append(("Access-Control-Expose-Headers", ", ".join(rule.exposed_headers)))
    if rule.max_age_seconds:
        headers.append(("Access-Control-Max-Age", str(rule.max_age_seconds)))
    return headers
