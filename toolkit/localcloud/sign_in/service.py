"""The sign-in pages and OAuth endpoints of one user pool, as one application."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.sign_in.authorization_codes import AuthorizationCodes, Grant, is_challenge
from toolkit.localcloud.sign_in.discovery import discovery_routes, issuer_of
from toolkit.localcloud.sign_in.pages import message_page, sign_in_page
from toolkit.localcloud.sign_in.token_endpoint import TokenEndpoint, read_form
from toolkit.localcloud.sign_in.user_pool import SignInError, UserPool


def create_sign_in(connection: AwsConnection, user_pool_id: str) -> ASGIApp:
    """Return the application, to be mounted at the sign-in URL of the stack."""
    pool, codes = UserPool(connection, user_pool_id), AuthorizationCodes()
    pages, tokens = _Pages(pool, codes), TokenEndpoint(pool, codes)
    return Starlette(
        routes=[
            Route("/oauth2/authorize", pages.authorize),
            Route("/login", pages.login, methods=["POST"]),
            Route("/logout", pages.logout),
            Route("/oauth2/token", tokens.token, methods=["POST", "OPTIONS"]),
            Route("/oauth2/revoke", tokens.revoke, methods=["POST", "OPTIONS"]),
            *discovery_routes(pool),
        ]
    )


@dataclass(frozen=True)
class _AuthorizationRequest:
    """A validated request for a code."""

    client_id: str
    redirect_uri: str
    response_type: str
    scope: str
    state: str
    code_challenge: str
    code_challenge_method: str

    def redirect(self, parameters: Mapping[str, str]) -> RedirectResponse:
        """Redirect to the client, with its state."""
        separator = "&" if "?" in self.redirect_uri else "?"
        query = urlencode({**parameters, **({"state": self.state} if self.state else {})})
        return RedirectResponse(f"{self.redirect_uri}{separator}{query}", 302, {"cache-control": "no-store"})


_PARAMETERS = tuple(parameter.name for parameter in fields(_AuthorizationRequest))


class _Pages:
    def __init__(self, pool: UserPool, codes: AuthorizationCodes) -> None:
        self._pool = pool
        self._codes = codes

    async def authorize(self, request: Request) -> Response:
        """Show the form, or report an error: on a page where the client is not valid, else to the client."""
        requested = await self._validated(dict(request.query_params))
        return requested if isinstance(requested, Response) else sign_in_page(_form_action(request), asdict(requested))

    async def login(self, request: Request) -> Response:
        """Check the password, and redirect to the client with a code."""
        origin = request.headers.get("origin")
        if origin and origin != f"{request.url.scheme}://{request.url.netloc}":
            return message_page("Sign-in rejected", f"The form was sent from {origin}, not from the sign-in page.", 403)
        try:
            form = await read_form(request)
        except SignInError as error:
            return message_page("Sign-in rejected", error.description, 400)
        requested = await self._validated(form)
        if isinstance(requested, Response):
            return requested
        username, password = form.get("username", "").strip(), form.get("password", "")
        try:
            tokens = await asyncio.to_thread(
                self._pool.sign_in,
                requested.client_id,
                username,
                password,
                requested.scope,
                issuer_of(request),
            )
        except SignInError as error:
            return sign_in_page(_form_action(request), asdict(requested), error.description, username)
        grant = Grant(requested.client_id, requested.redirect_uri, requested.code_challenge, tokens)
        return requested.redirect({"code": self._codes.issue(grant)})

    async def logout(self, request: Request) -> Response:
        """Redirect to the client's sign-out URL; there is no session to end."""
        client_id, target = request.query_params.get("client_id", ""), request.query_params.get("logout_uri", "")
        try:
            client = await asyncio.to_thread(self._pool.client, client_id)
        except SignInError as error:
            return message_page("Sign-out rejected", error.description, 400)
        if target not in client.logout_urls:
            return message_page("Sign-out rejected", f"The client {client.id} has no sign-out URL {target!r}.", 400)
        return RedirectResponse(target, 302)

    async def _validated(self, parameters: Mapping[str, str]) -> _AuthorizationRequest | Response:
        """Return the request where it is valid, else the error page or redirect."""
        requested = _AuthorizationRequest(**{name: parameters.get(name, "") for name in _PARAMETERS})
        try:
            client = await asyncio.to_thread(self._pool.client, requested.client_id)
        except SignInError as error:
            return message_page("Sign-in rejected", error.description, 400)
        if requested.redirect_uri not in client.callback_urls:
            text = f"The client {client.id} has no callback URL {requested.redirect_uri!r}."
            return message_page("Sign-in rejected", text, 400)
        try:
            client.require_flow("code")
            _check(requested)
            granted = client.grant_scopes(requested.scope)
        except SignInError as error:
            return requested.redirect({"error": error.code, "error_description": error.description})
        return replace(requested, scope=" ".join(granted))


def _form_action(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/login"


def _check(requested: _AuthorizationRequest) -> None:
    if requested.response_type != "code":
        raise SignInError("unsupported_response_type", "The response_type must be code.")
    if requested.code_challenge_method != "S256" or not is_challenge(requested.code_challenge):
        raise SignInError("invalid_request", "PKCE is required: send code_challenge and code_challenge_method=S256.")
