"""Who is calling, as the HTTP API's JWT authorizer verified it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.errors import ForbiddenError, UnauthenticatedError

READ, WRITE = "items/read", "items/write"
LONGEST_KEY = 128
"""How many bytes a subject and a session id have at most, so that what is kept of a caller has a known size.

Cognito gives UUIDs, and a machine client's id as its subject: at most 128 characters
(docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html).
"""


class Caller(NamedTuple):
    """A signed-in user or a machine client; made for every request, and a tuple is made sooner than a dataclass."""

    owner: str
    """The token's subject: the partition that holds the caller's data."""
    client_id: str
    username: str | None
    """None for a machine client."""
    session_id: str | None
    """The sign-in that the token descends from (`origin_jti`); None for a machine client."""
    signed_in_at: int
    """Epoch seconds of the sign-in."""
    groups: frozenset[str]
    scopes: frozenset[str]

    @property
    def is_machine(self) -> bool:
        """Whether the token came from client credentials."""
        return self.username is None

    def require_scope(self, scope: str) -> None:
        """Refuse a machine client without the scope; users reach their own data without one."""
        if self.is_machine and scope not in self.scopes:
            raise ForbiddenError(f"The token lacks the scope {scope}.")


def caller_of(event: Mapping[str, Any] | None) -> Caller:
    """The caller in a payload-2.0 event; raises UnauthenticatedError unless the authorizer's claims are whole."""
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]  # type: ignore[index] # None fails like the rest
        return _caller(claims)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnauthenticatedError("Send an access token as Authorization: Bearer <token>.") from None


def _caller(claims: Mapping[str, str]) -> Caller:
    if claims["token_use"] != "access":  # noqa: S105 - a kind of token, not a token
        raise ValueError("an ID token says who someone is, not what its bearer may do")
    owner, client_id = claims["sub"], claims["client_id"]
    username = claims.get("username")
    session_id = None if username is None else claims["origin_jti"]
    names = (owner, client_id) if username is None else (owner, client_id, username, session_id)
    if {*map(type, names)} != {str} or not all(names) or (username is None) != (owner == client_id):
        raise ValueError("neither a user's token nor a machine client's")
    if max(len(owner.encode()), len((session_id or "").encode())) > LONGEST_KEY:
        raise ValueError("no subject or session id of Cognito's")
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
    """A list claim as the authorizer writes it: `[admins users]`, or words between blanks; a word may hold a comma."""
    return frozenset(claim.removeprefix("[").removesuffix("]").split())
