"""The caller, from the claims that the HTTP API's JWT authorizer verified."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.errors import ForbiddenError, UnauthenticatedError

MAX_KEY_BYTES = 128
"""The most bytes of a subject or a session id, so that the records of a caller have a known size.

Cognito uses UUIDs, and a machine client's id as its subject: at most 128 characters
(docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html).
"""


class Caller(NamedTuple):
    """A signed-in user or a machine client; built for every request, which is faster for a tuple than a dataclass."""

    owner: str
    """The token's subject: the partition key of the caller's data."""
    client_id: str
    username: str | None
    """None for a machine client."""
    session_id: str | None
    """The sign-in that issued the token (`origin_jti`); None for a machine client."""
    signed_in_at: int
    """Epoch seconds of the sign-in."""
    groups: frozenset[str]
    scopes: frozenset[str]

    @property
    def is_machine(self) -> bool:
        """Return whether the token came from client credentials."""
        return self.username is None

    def require_scope(self, scope: str) -> None:
        """Raise ForbiddenError for a machine client without the scope; users need none for their own data."""
        if self.is_machine and scope not in self.scopes:
            raise ForbiddenError(f"The access token does not have the scope {scope}.")


def caller_of(event: Mapping[str, Any] | None) -> Caller:
    """Return the caller of a payload-2.0 event. Raise UnauthenticatedError unless all claims are present."""
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]  # type: ignore[index] # None raises TypeError
        return _caller(claims)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnauthenticatedError("Send an access token as Authorization: Bearer <token>.") from None


def _caller(claims: Mapping[str, str]) -> Caller:
    if claims["token_use"] != "access":  # noqa: S105 - a kind of token, not a token
        raise ValueError("an ID token identifies a user; only an access token authorizes a request")
    owner, client_id = claims["sub"], claims["client_id"]
    username = claims.get("username")
    session_id = None if username is None else claims["origin_jti"]
    names = (owner, client_id) if username is None else (owner, client_id, username, session_id)
    if {*map(type, names)} != {str} or not all(names) or (username is None) != (owner == client_id):
        raise ValueError("neither the token of a user nor of a machine client")
    if max(len(owner.encode()), len((session_id or "").encode())) > MAX_KEY_BYTES:
        raise ValueError("not a subject or session id of Cognito")
    return Caller(
        owner=owner,
        client_id=client_id,
        username=username,
        session_id=session_id,
        signed_in_at=int(claims.get("auth_time") or claims["iat"]),
        groups=_words(claims.get("cognito:groups", "")),
        scopes=_words(claims.get("scope", "")),
    )


def _words(claim: str) -> frozenset[str]:
    """Return the values of a list claim, which the authorizer writes as `[admins users]` or `admins users`."""
    return frozenset(claim.removeprefix("[").removesuffix("]").split())
