"""What can go wrong for a caller: each error knows its HTTP status and its stable name."""

from collections.abc import Mapping, Sequence


class ApiError(Exception):
    """An answer other than success, told to the caller as a problem document (RFC 9457)."""

    status = 500
    slug = "internal-error"
    title = "The service could not answer"

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
    """The request cannot be read: a broken body, or a cursor that is not ours."""

    status, slug, title = 400, "malformed-request", "The request cannot be read"


class UnauthenticatedError(ApiError):
    """No verified token came with the request, or its session was revoked."""

    status, slug, title = 401, "unauthenticated", "A valid access token is needed"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(ApiError):
    """The caller is known and may not do this."""

    status, slug, title = 403, "forbidden", "The caller may not do this"


class NotFoundError(ApiError):
    """Nothing of the caller's has this address."""

    status, slug, title = 404, "not-found", "There is no such resource"


class MethodNotAllowedError(ApiError):
    """The address exists and does not answer this method."""

    status, slug, title = 405, "method-not-allowed", "The address does not answer this method"


class ConflictError(ApiError):
    """The resource is in a state that does not allow this."""

    status, slug, title = 409, "conflict", "The resource's state does not allow this"


class StaleVersionError(ApiError):
    """The resource changed since the caller read it."""

    status, slug, title = 412, "stale-version", "The resource has changed"


class UnsupportedMediaTypeError(ApiError):
    """The body is not JSON."""

    status, slug, title = 415, "unsupported-media-type", "The body has to be JSON"


class InvalidRequestError(ApiError):
    """The request was read and its values are not acceptable."""

    status, slug, title = 422, "invalid-request", "The request holds unacceptable values"


class PreconditionRequiredError(ApiError):
    """A change came without saying which version it is based on."""

    status, slug, title = 428, "precondition-required", "If-Match is needed"


class RateLimitedError(ApiError):
    """The caller used up this minute's requests."""

    status, slug, title = 429, "rate-limited", "Too many requests"


class UnavailableError(ApiError):
    """A part that the service depends on does not answer."""

    status, slug, title = 503, "unavailable", "The service is not ready"
