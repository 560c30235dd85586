"""Patches of moto's Cognito: lifetimes, auth_time and scope of tokens, refresh, revocation and sign-out.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
"""

import hmac
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from moto.cognitoidp.exceptions import NotAuthorizedError, ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cognitoidp.models:CognitoIdpBackend.admin_delete_user",
    "moto.cognitoidp.models:CognitoIdpBackend.admin_disable_user",
    "moto.cognitoidp.models:CognitoIdpBackend.describe_user_pool",
    "moto.cognitoidp.models:CognitoIdpUser.enabled",
    "moto.cognitoidp.models:CognitoIdpUserPool._get_user",
    "moto.cognitoidp.models:CognitoIdpUserPool.access_tokens",
    "moto.cognitoidp.models:CognitoIdpUserPool.create_access_token",
    "moto.cognitoidp.models:CognitoIdpUserPool.create_jwt",
    "moto.cognitoidp.models:CognitoIdpUserPool.create_refresh_token",
    "moto.cognitoidp.models:CognitoIdpUserPool.create_tokens_from_refresh_token",
    "moto.cognitoidp.models:CognitoIdpUserPool.id_tokens",
    "moto.cognitoidp.models:CognitoIdpUserPool.refresh_tokens",
    "moto.cognitoidp.models:CognitoIdpUserPool.sign_out",
    "moto.cognitoidp.responses:CognitoIdpResponse._get_param",
)
ADDED_NAMES = (
    "moto.cognitoidp.responses:CognitoIdpResponse.get_tokens_from_refresh_token",
    "moto.cognitoidp.responses:CognitoIdpResponse.revoke_token",
)
"""The parts that moto lacks."""

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_DEFAULTS = {"Access": (1, "hours"), "Id": (1, "hours"), "Refresh": (30, "days")}
_REVOKED = "Refresh Token has been revoked"


@dataclass(frozen=True)
class HostedSignIn:
    """What the sign-in pages add to a sign-in: the scopes, and their own address as the issuer of its tokens."""

    scope: str
    issuer: str


_HOSTED: ContextVar[HostedSignIn | None] = ContextVar("hosted", default=None)


@dataclass
class SignIn:
    """One sign-in of a user, shared by all tokens that are refreshed from it; times are in seconds since 1970."""

    hosted: HostedSignIn | None
    """Of the sign-in pages; None for a sign-in by the API."""
    auth_time: int = field(default_factory=lambda: int(time.time()))
    access_tokens: list[str] = field(default_factory=list)


@contextmanager
def starting_on_pages(hosted: HostedSignIn | None) -> Iterator[None]:
    """Give the sign-ins of this thread what the sign-in pages add."""
    token = _HOSTED.set(hosted)
    try:
        yield
    finally:
        _HOSTED.reset(token)


def is_hosted() -> bool:
    """Return whether this thread handles a call of the sign-in pages."""
    return _HOSTED.get() is not None


def patch_tokens() -> None:
    """Have moto's user pools issue and revoke tokens as Cognito does."""
    pool: Any = CognitoIdpUserPool
    backend: Any = CognitoIdpBackend
    responses: Any = CognitoIdpResponse
    create_refresh, create_access, create_jwt = pool.create_refresh_token, pool.create_access_token, pool.create_jwt
    disable, delete = backend.admin_disable_user, backend.admin_delete_user

    def create_refresh_token(self: Any, client_id: str, username: str) -> tuple[str, str]:
        refresh_token, origin_jti = create_refresh(self, client_id, username)
        _sign_ins(self)[origin_jti] = SignIn(_HOSTED.get())
        return str(refresh_token), str(origin_jti)

    def create_access_token(self: Any, client_id: str, username: str, origin_jti: str) -> tuple[str, int]:
        token, expires_in = create_access(self, client_id, username, origin_jti)
        _sign_in(self, origin_jti).access_tokens.append(token)
        return str(token), int(expires_in)

    def create_token(
        self: Any, client_id: str, username: str, kind: str, extra_data: Mapping[str, Any]
    ) -> tuple[str, int]:
        claims = dict(extra_data)
        started = _sign_in(self, claims.get("origin_jti", ""))
        claims |= {"auth_time": started.auth_time, "event_id": str(uuid.uuid4())}
        if started.hosted is not None:
            claims |= {"iss": started.hosted.issuer}
            claims |= {"scope": started.hosted.scope, "version": 2} if kind == "access" else {}
        for name in ("email_verified", "phone_number_verified"):
            if name in claims:
                claims[name] = str(claims[name]).lower() == "true"
        token, expires_in = create_jwt(
            self,
            client_id,
            username,
            kind,
            validity_seconds(self.clients[client_id].extended_config, kind.capitalize()),
            claims,
        )
        return str(token), int(expires_in)

    def sign_out(self: Any, username: str) -> None:
        _revoke_tokens(self, username, refresh_tokens=True)

    def admin_disable_user(self: Any, user_pool_id: str, username: str) -> None:
        disable(self, user_pool_id, username)
        _revoke_tokens(self.describe_user_pool(user_pool_id), username, refresh_tokens=False)

    def admin_delete_user(self: Any, user_pool_id: str, username: str) -> None:
        """Revoke the tokens: a user who is created again under the name is another one."""
        _revoke_tokens(self.describe_user_pool(user_pool_id), username, refresh_tokens=True)
        delete(self, user_pool_id, username)

    pool.create_refresh_token, pool.create_access_token, pool.create_jwt = (
        create_refresh_token,
        create_access_token,
        create_token,
    )
    pool.sign_out, backend.admin_disable_user = sign_out, admin_disable_user
    backend.admin_delete_user = admin_delete_user
    responses.revoke_token, responses.get_tokens_from_refresh_token = _revoke_token, _tokens_from_refresh_token


def validity_seconds(settings: Mapping[str, Any], kind: str) -> int:
    """The lifetime of a kind of tokens (Access, Id, Refresh) by the settings of a client."""
    number, unit = _DEFAULTS[kind]
    unit = (settings.get("TokenValidityUnits") or {}).get(f"{kind}Token") or unit
    return int(settings.get(f"{kind}TokenValidity") or number) * _UNIT_SECONDS[unit]


def require_refresh(pool: Any, client_id: str, refresh_token: str) -> str:
    """Return the user of a refresh token. Raises NotAuthorizedError where it gives no new tokens."""
    if refresh_token not in pool.refresh_tokens:
        raise NotAuthorizedError("Invalid Refresh Token")
    issued = pool.refresh_tokens[refresh_token]
    if issued is None:
        raise NotAuthorizedError(_REVOKED)
    issued_to, username, origin_jti = issued
    if issued_to != client_id:
        raise NotAuthorizedError("Invalid Refresh Token")
    started = _sign_in(pool, origin_jti)
    if time.time() >= started.auth_time + validity_seconds(pool.clients[client_id].extended_config, "Refresh"):
        raise NotAuthorizedError("Refresh Token has expired")
    user = pool._get_user(username)  # noqa: SLF001 - finds a user by each alias, as Cognito does
    if user is None:
        raise NotAuthorizedError(_REVOKED)
    if not user.enabled:
        raise NotAuthorizedError("User is disabled.")
    return str(username)


def _tokens_from_refresh_token(handler: Any) -> ActionResult:
    pool, client = _client(handler)
    refresh_token = _given(handler, "RefreshToken")
    username = require_refresh(pool, client.id, refresh_token)
    access, identity, expires_in = pool.create_tokens_from_refresh_token(refresh_token)
    result = {"AccessToken": access, "IdToken": identity, "ExpiresIn": expires_in, "TokenType": "Bearer"}
    if (client.extended_config.get("RefreshTokenRotation") or {}).get("Feature") == "ENABLED":
        *_, origin_jti = pool.refresh_tokens[refresh_token]
        result["RefreshToken"] = renewed = str(uuid.uuid4())
        pool.refresh_tokens[renewed], pool.refresh_tokens[refresh_token] = (client.id, username, origin_jti), None
    return ActionResult({"AuthenticationResult": result})


def _revoke_token(handler: Any) -> EmptyResult:
    """Revoke a refresh token, with the access tokens of its sign-in; an unknown token is no error (RFC 7009)."""
    pool, client = _client(handler)
    if not client.extended_config.get("EnableTokenRevocation", True):
        raise JsonRESTError("UnsupportedOperationException", "Token revocation is not enabled for this client")
    token = _given(handler, "Token")
    if token in pool.access_tokens or token in pool.id_tokens:
        raise JsonRESTError("UnsupportedTokenTypeException", "Unsupported token type")
    issued = pool.refresh_tokens.get(token)
    if issued is not None:
        issued_to, _, origin_jti = issued
        if issued_to != client.id:
            raise JsonRESTError("UnauthorizedException", "The token was issued to another client")
        pool.refresh_tokens[token] = None
        for access_token in _sign_in(pool, origin_jti).access_tokens:
            pool.access_tokens.pop(access_token, None)
    return EmptyResult()


def _client(handler: Any) -> tuple[Any, Any]:
    """Return the pool and the client of a call that a client authenticates by its secret."""
    client_id = _given(handler, "ClientId")
    for backend in cognitoidp_backends[handler.current_account].values():
        for pool in backend.user_pools.values():
            client = pool.clients.get(client_id)
            if client is None:
                continue
            sent = _given(handler, "ClientSecret")
            if client.generate_secret and not hmac.compare_digest(client.secret.encode(), sent.encode()):
                raise NotAuthorizedError(f"The secret of the client {client_id} is missing or does not match.")
            return pool, client
    raise ResourceNotFoundError(f"User pool client {client_id} does not exist.")


def _given(handler: Any, name: str) -> str:
    return str(handler._get_param(name) or "")  # noqa: SLF001 - moto offers parameters in no other way


def _revoke_tokens(pool: Any, username: str, *, refresh_tokens: bool) -> None:
    """Revoke the tokens of a user, whichever alias the user signed in with."""
    find = pool._get_user  # noqa: SLF001 - finds a user by each alias, as Cognito does
    user = find(username)
    for token, (_, name) in list(pool.access_tokens.items()):
        if find(name) is user:
            del pool.access_tokens[token]
    for token, issued in list(pool.refresh_tokens.items()) if refresh_tokens else ():
        if issued is not None and find(issued[1]) is user:
            pool.refresh_tokens[token] = None


def _sign_ins(pool: Any) -> dict[str, SignIn]:
    found: dict[str, SignIn] = pool.__dict__.setdefault("sign_ins", {})
    return found


def _sign_in(pool: Any, origin_jti: str) -> SignIn:
    """The sign-in that a token comes from; a new one for a token of an account that was kept before."""
    return _sign_ins(pool).setdefault(origin_jti, SignIn(None))
