"""Behind an edge (a CDN with a firewall), what did not come through it is refused."""

import hashlib
from collections.abc import Collection
from hmac import compare_digest
from typing import Any

from api.envelope import STRICT_HEADERS
from api.errors import ForbiddenError
from api.problems import problem_response
from api.telemetry import Handler

KEY_HEADER = "x-origin-key"


def through_the_edge(handler: Handler, digests: Collection[str]) -> Handler:
    """The handler, for those calls whose origin key has one of these SHA-256 digests; the others get 403.

    It judges the event and not the request, so nothing of the application runs for a call that went round the edge.
    """

    def invoke(event: Any, context: Any) -> Any:
        key = str((event.get("headers") or {}).get(KEY_HEADER, ""))
        shown = hashlib.sha256(key.encode()).hexdigest()
        if any(compare_digest(shown, digest) for digest in digests):
            return handler(event, context)
        return _refusal(str((event.get("requestContext") or {}).get("requestId", "")))

    return invoke


def _refusal(request_id: str) -> dict[str, Any]:
    error = ForbiddenError("This address is not for callers: use the service's own name.")
    problem = problem_response(error, request_id)
    headers = {name.decode(): value.decode() for name, value in [*problem.raw_headers, *STRICT_HEADERS]}
    return {
        "statusCode": problem.status_code,
        "headers": headers | {"x-request-id": request_id},
        "body": bytes(problem.body).decode(),
        "isBase64Encoded": False,
    }
