"""The errors of the API, each with its HTTP status and its stable code."""

from collections.abc import Mapping, Sequence


class ApiError(Exception):
    """A failure that the caller gets as a problem document (RFC 9457)."""

    status = 500
    slug = "internal-error"
    title = "Internal error"

    def __init__(
        self,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = errors


class MalformedRequestError(ApiError):
    """The request cannot be parsed, or its cursor is invalid."""

    status, slug, title = 400, "malformed-request", "Malformed request"


class UnauthenticatedError(ApiError):
    """The request has no valid access token, or its session was revoked."""

    status, slug, title = 401, "unauthenticated", "Authentication required"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(ApiError):
    """The caller is not allowed to do this."""

    status, slug, title = 403, "forbidden", "Forbidden"


class NotFoundError(ApiError):
    """The caller has no resource at this address."""

    status, slug, title = 404, "not-found", "Not found"


class MethodNotAllowedError(ApiError):
    """The address does not support the method."""

    status, slug, title = 405, "method-not-allowed", "Method not allowed"


class ConflictError(ApiError):
    """The state of the resource does not allow this."""

    status, slug, title = 409, "conflict", "Conflict"


class StaleVersionError(ApiError):
    """The resource changed after the caller read it."""

    status, slug, title = 412, "stale-version", "Precondition failed"


class UnsupportedMediaTypeError(ApiError):
    """The body is not JSON."""

    status, slug, title = 415, "unsupported-media-type", "Unsupported media type"


class InvalidRequestError(ApiError):
    """A value of the request is not valid."""

    status, slug, title = 422, "invalid-request", "Invalid request"


class PreconditionRequiredError(ApiError):
    """A change has no If-Match header."""

    status, slug, title = 428, "precondition-required", "Precondition required"


class RateLimitedError(ApiError):
    """The caller exceeded the rate limit."""

    status, slug, title = 429, "rate-limited", "Too many requests"


class UnavailableError(ApiError):
    """A dependency of the service does not respond."""

    status, slug, title = 503, "unavailable", "Service unavailable"
