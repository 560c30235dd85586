"""OpenID Connect discovery, keys and userInfo of one user pool, under the address of its sign-in pages.

Cognito's documents: https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html (read 2026-11-30). Cognito serves the
first two under the pool's issuer, and userInfo under its domain; here all have one address, which is the issuer.
"""

import asyncio
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from toolkit.localcloud.sign_in.user_pool import SignInError, UserPool

# A web page of any origin may read them, as with Cognito.
_HEADERS = {"access-control-allow-origin": "*"}
_PREFLIGHT = {**_HEADERS, "access-control-allow-methods": "GET, POST", "access-control-allow-headers": "authorization"}


def issuer_of(request: Request) -> str:
    """Return the address of the sign-in pages, by which the caller reached them."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"


def discovery_routes(pool: UserPool) -> list[Route]:
    """Return the routes."""
    endpoints = _Endpoints(pool)
    return [
        Route("/.well-known/openid-configuration", endpoints.configuration),
        Route("/.well-known/jwks.json", endpoints.keys),
        Route("/oauth2/userInfo", endpoints.user_info, methods=["GET", "POST", "OPTIONS"]),
    ]


class _Endpoints:
    def __init__(self, pool: UserPool) -> None:
        self._pool = pool

    async def configuration(self, request: Request) -> Response:
        """Return the discovery document."""
        issuer = issuer_of(request)
        document: dict[str, Any] = {
            "authorization_endpoint": f"{issuer}/oauth2/authorize",
            "end_session_endpoint": f"{issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": issuer,
            "jwks_uri": f"{issuer}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "revocation_endpoint": f"{issuer}/oauth2/revoke",
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": f"{issuer}/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": f"{issuer}/oauth2/userInfo",
        }
        return JSONResponse(document, headers=_HEADERS)

    async def keys(self, _request: Request) -> Response:
        """Return the public keys of the pool."""
        try:
            return JSONResponse(await asyncio.to_thread(self._pool.keys), headers=_HEADERS)
        except httpx.HTTPError:
            return JSONResponse({"message": "The embedded AWS does not answer."}, 502, _HEADERS)

    async def user_info(self, request: Request) -> Response:
        """Return the attributes of the caller, whose access token needs the scope openid."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return _rejected("invalid_request", "The access token is missing.", 400)
        try:
            attributes = await asyncio.to_thread(self._pool.user_attributes, token)
        except SignInError as error:
            return _rejected(error.code, error.description, 401)
        return JSONResponse(attributes, headers={**_HEADERS, "cache-control": "no-store"})


def _rejected(code: str, description: str, status: int) -> Response:
    challenge = {"www-authenticate": f'Bearer error="{code}", error_description="{description}"'}
    return JSONResponse({"error": code, "error_description": description}, status, {**_HEADERS, **challenge})
