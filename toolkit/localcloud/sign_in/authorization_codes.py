"""Authorization codes: valid once, for five minutes, for the client that requested them (PKCE)."""

import base64
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass, field

from toolkit.localcloud.sign_in.user_pool import SignInError, UserTokens

CODE_SECONDS = 300
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Grant:
    """The grant of a code."""

    client_id: str
    redirect_uri: str
    code_challenge: str
    tokens: UserTokens
    expires_at: float = field(default_factory=lambda: time.monotonic() + CODE_SECONDS)


class AuthorizationCodes:
    """The codes that are valid."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def issue(self, grant: Grant) -> str:
        """Return a code for a grant."""
        now = time.monotonic()
        self._grants = {code: known for code, known in self._grants.items() if known.expires_at > now}
        code = secrets.token_urlsafe(32)
        self._grants[code] = grant
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> UserTokens:
        """Return the tokens of a code, which is invalid afterwards, also after an error. Raises SignInError."""
        grant = self._grants.pop(code, None)
        if grant is None or grant.expires_at < time.monotonic():
            raise SignInError("invalid_grant", "The authorization code is unknown, expired or was used before.")
        if grant.client_id != client_id or grant.redirect_uri != redirect_uri:
            raise SignInError("invalid_grant", "The authorization code was issued to another client or redirect_uri.")
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(challenge_of(verifier), grant.code_challenge):
            raise SignInError("invalid_grant", "The code_verifier does not match the code_challenge.")
        return grant.tokens


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_challenge(text: str) -> bool:
    """Return whether a text has the form of an S256 challenge."""
    return _CHALLENGE.fullmatch(text) is not None
