"""The JWT authorizer: it validates signature, issuer, audience, times and scopes as API Gateway documents it."""

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from toolkit.localcloud.gateway.http_api import JwtAuthorizer, Route
from toolkit.localcloud.gateway.payload import AuthorizerContext
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import Response, message

CACHED_TOKENS = 1_000
KEYS_PAUSE_SECONDS = 5.0  # between two requests for a key that the pool did not have
_LOCAL_ISSUER = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+/_local/sign-in")
"""The issuer of tokens of the local sign-in, whose discovery document is there; the keys are those of the pool."""
_POOL_ISSUER = re.compile(r"https://cognito-idp\.[\w-]+\.amazonaws\.com/(?P<pool>[\w-]+)")


class UnauthorizedError(Exception):
    """The authorizer rejects the caller with `response`."""

    def __init__(self, response: Response, reason: str) -> None:
        super().__init__(reason)
        self.response = response


def unauthorized(reason: str | None = None) -> UnauthorizedError:
    """Return a 401, with the reason where the request has a token."""
    challenge = "Bearer" if reason is None else f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    return UnauthorizedError(
        message(401, "Unauthorized", (("www-authenticate", challenge),)), reason or "no token was sent"
    )


def forbidden(scopes: tuple[str, ...]) -> UnauthorizedError:
    """Return a 403: a valid token has none of the route's scopes."""
    reason = "the token does not have a required scope"
    challenge = f'Bearer scope="{" ".join(scopes)}" error="insufficient_scope" error_description="{reason}"'
    return UnauthorizedError(message(403, "Forbidden", (("www-authenticate", challenge),)), reason)


class TokenKeys:
    """The public keys of the embedded AWS's user pools."""

    def __init__(self, endpoint_url: str) -> None:
        self._client = httpx.AsyncClient(base_url=endpoint_url, trust_env=False, timeout=10)
        self._keys: dict[str, tuple[float, KeySet]] = {}
        self._lock = asyncio.Lock()

    async def key_set(self, issuer: str, kid: str) -> KeySet:
        """Return the issuer's keys, with `kid` among them. Raises UnauthorizedError."""
        async with self._lock:
            read_at, keys = self._keys.get(issuer, (0.0, KeySet([])))
            if not _holds(keys, kid) and time.monotonic() - read_at > KEYS_PAUSE_SECONDS:
                keys = await self._fetch(issuer)
                self._keys[issuer] = (time.monotonic(), keys)
        if not _holds(keys, kid):
            raise unauthorized("unable to find a signing key that matches the token")
        return keys

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def _fetch(self, issuer: str) -> KeySet:
        pool = _POOL_ISSUER.fullmatch(issuer)
        try:
            if pool is None:
                raise unauthorized("OIDC discovery endpoint communication error")
            response = await self._client.get(f"/{pool['pool']}/.well-known/jwks.json")
            return KeySet.import_key_set(response.raise_for_status().json())
        except (httpx.HTTPError, ValueError, JoseError) as error:
            raise unauthorized("OIDC discovery endpoint communication error") from error


class Authorizers:
    """Authorizes the caller of a request; caches tokens with a verified signature."""

    def __init__(self, keys: TokenKeys) -> None:
        self._keys = keys
        self._verified: dict[tuple[str, str], Mapping[str, Any]] = {}

    async def authorize(self, route: Route, request: IncomingRequest) -> AuthorizerContext | None:
        """Return the caller's claims; None on a public route. Raises UnauthorizedError."""
        if route.authorizer is None:
            return None
        claims = await self._claims(route.authorizer, _token(route.authorizer, request))
        _check_claims(route.authorizer, claims)
        if not route.scopes:
            return AuthorizerContext(claims, None)
        token_scopes = _scopes(claims)
        granted = tuple(scope for scope in route.scopes if scope in token_scopes)
        if not granted:
            raise forbidden(route.scopes)
        return AuthorizerContext(claims, granted)

    async def _claims(self, authorizer: JwtAuthorizer, token: str) -> Mapping[str, Any]:
        known = self._verified.get((authorizer.issuer, token))
        if known is not None:
            return known
        header = _header(token)
        if header.get("alg") != "RS256":
            raise unauthorized("signing method is invalid")
        keys = await self._keys.key_set(authorizer.issuer, str(header.get("kid", "")))
        try:
            claims: dict[str, Any] = jwt.decode(token, keys, algorithms=["RS256"]).claims
        except (JoseError, ValueError) as error:
            raise unauthorized("the token's signature is invalid") from error
        if len(self._verified) >= CACHED_TOKENS:
            self._verified.clear()
        self._verified[authorizer.issuer, token] = claims
        return claims


def _token(authorizer: JwtAuthorizer, request: IncomingRequest) -> str:
    for source in authorizer.identity_sources:
        kind, _, name = source.removeprefix("$request.").partition(".")
        value = request.header(name.lower()) if kind == "header" else parse_qs(request.query).get(name, [None])[0]
        if not value:
            continue
        scheme, _, rest = value.strip().partition(" ")
        return rest.strip() if scheme.lower() == "bearer" else value.strip()
    raise unauthorized()


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise unauthorized("the token is malformed") from error


def _check_claims(authorizer: JwtAuthorizer, claims: Mapping[str, Any]) -> None:
    now = time.time()
    issuer = str(claims.get("iss"))
    local = _POOL_ISSUER.fullmatch(authorizer.issuer) and _LOCAL_ISSUER.fullmatch(issuer)
    if issuer != authorizer.issuer and not local:
        raise unauthorized("the token was issued by an unknown issuer")
    if _time(claims, "exp", required=True) <= now:
        raise unauthorized("the token has expired")
    if _time(claims, "nbf") > now or _time(claims, "iat") > now:
        raise unauthorized("the token is not valid yet")
    # client_id counts only where aud is absent. API Gateway does not evaluate token_use.
    audience_claim = claims["aud"] if "aud" in claims else claims.get("client_id")
    audiences = audience_claim if isinstance(audience_claim, list) else [audience_claim]
    if not any(isinstance(audience, str) and audience in authorizer.audience for audience in audiences):
        raise unauthorized("the token does not have a valid audience")


def _time(claims: Mapping[str, Any], name: str, *, required: bool = False) -> float:
    value = claims.get(name)
    if value is None and not required:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unauthorized(f"the token's {name} is not a time")
    return value


def _scopes(claims: Mapping[str, Any]) -> set[str]:
    value = claims.get("scope", claims.get("scp", ""))
    return set(value.split()) if isinstance(value, str) else {str(scope) for scope in value or ()}


def _holds(keys: KeySet, kid: str) -> bool:
    return any(key.kid == kid for key in keys.keys)
