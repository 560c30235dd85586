"""POST /oauth2/token and /oauth2/revoke: tokens for codes, refresh tokens and client credentials."""

import asyncio
import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from toolkit.localcloud.sign_in.access_tokens import machine_token
from toolkit.localcloud.sign_in.authorization_codes import AuthorizationCodes
from toolkit.localcloud.sign_in.discovery import issuer_of
from toolkit.localcloud.sign_in.user_pool import PoolClient, SignInError, UserPool, UserTokens

MAX_FORM_BYTES = 64 * 1024
# A single-page app on another port may request its tokens, as Cognito allows.
_HEADERS = {"cache-control": "no-store", "pragma": "no-cache", "access-control-allow-origin": "*"}
_PREFLIGHT = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization,content-type",
    "access-control-max-age": "600",
}

_Handler = Callable[[Mapping[str, str], str, str | None], dict[str, Any] | None]


class TokenEndpoint:
    """Issues tokens of one user pool."""

    def __init__(self, pool: UserPool, codes: AuthorizationCodes) -> None:
        self._pool = pool
        self._codes = codes

    async def token(self, request: Request) -> Response:
        """Handle a request to RFC 6749's token endpoint."""
        return await _handle(request, partial(self._token, issuer_of(request)))

    async def revoke(self, request: Request) -> Response:
        """Handle a request to RFC 7009's revocation endpoint."""
        return await _handle(request, self._revoke)

    def _token(self, issuer: str, form: Mapping[str, str], client_id: str, secret: str | None) -> dict[str, Any]:
        client = self._authenticate(client_id, secret)
        grant_type = _required(form, "grant_type")
        if grant_type == "client_credentials":
            if client.secret is None:
                raise SignInError(
                    "unauthorized_client", f"The client {client.id} has no secret, so it cannot use client credentials."
                )
            token = machine_token(self._pool, client, form.get("scope"), issuer)
            return {"access_token": token, "expires_in": client.access_token_seconds, "token_type": "Bearer"}
        if grant_type == "authorization_code":
            client.require_flow("code")
            code, redirect_uri = _required(form, "code"), _required(form, "redirect_uri")
            return _user_response(self._codes.redeem(code, client.id, redirect_uri, _required(form, "code_verifier")))
        if grant_type == "refresh_token":
            client.require_flow("code")
            return _user_response(self._pool.refresh(client, _required(form, "refresh_token")))
        raise SignInError("unsupported_grant_type", f"The grant type {grant_type!r} is not supported.")

    def _revoke(self, form: Mapping[str, str], client_id: str, secret: str | None) -> None:
        self._pool.revoke(self._authenticate(client_id, secret), _required(form, "token"))

    def _authenticate(self, client_id: str, secret: str | None) -> PoolClient:
        client = self._pool.client(client_id)
        if client.secret is not None and not hmac.compare_digest(client.secret.encode(), (secret or "").encode()):
            raise SignInError("invalid_client", f"The secret of the client {client.id} is missing or wrong.")
        return client


async def _handle(request: Request, handle: _Handler) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    try:
        form = await _form(request)
        client_id, secret = _client_credentials(request, form)
        result = await asyncio.to_thread(handle, form, client_id, secret)
    except SignInError as error:
        body = {"error": error.code, "error_description": error.description}
        unauthenticated = error.code == "invalid_client"
        challenge = {"www-authenticate": 'Basic realm="sign-in"'} if unauthenticated else {}
        return JSONResponse(body, 401 if unauthenticated else 400, {**_HEADERS, **challenge})
    return Response(status_code=200, headers=_HEADERS) if result is None else JSONResponse(result, 200, _HEADERS)


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise SignInError("invalid_request", "Send the parameters as application/x-www-form-urlencoded.")
    return await read_form(request)


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a posted form. Raises SignInError where it is too long, not text, or repeats a field."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise SignInError("invalid_request", f"The form is longer than {MAX_FORM_BYTES} bytes.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise SignInError("invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise SignInError("invalid_request", "A parameter is sent more than once.")
    return form


def _client_credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str | None]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError as error:
            raise SignInError("invalid_client", "The Authorization header is not a Basic credential.") from error
        return unquote_plus(name), unquote_plus(secret)
    return _required(form, "client_id"), form.get("client_secret")


def _required(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if not value:
        raise SignInError("invalid_request", f"The parameter {name} is missing.")
    return value


def _user_response(tokens: UserTokens) -> dict[str, Any]:
    present = {name: value for name, value in asdict(tokens).items() if value is not None}
    return {**present, "token_type": "Bearer"}
