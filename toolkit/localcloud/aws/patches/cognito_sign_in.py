"""Patches of moto's Cognito: sign-in checks the client's flows and secret, the user and the session.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.cognitoidp.exceptions import InvalidParameterException, NotAuthorizedError, UserNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.cognitoidp.utils import check_secret_hash

from toolkit.localcloud.aws.patches.cognito_tokens import HostedSignIn, is_hosted, require_refresh, starting_on_pages
from toolkit.localcloud.sign_in.user_pool import ISSUER_KEY, SCOPE_KEY
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cognitoidp.models:CognitoIdpBackend.admin_initiate_auth",
    "moto.cognitoidp.models:CognitoIdpBackend.describe_user_pool",
    "moto.cognitoidp.models:CognitoIdpBackend.initiate_auth",
    "moto.cognitoidp.models:CognitoIdpBackend.respond_to_auth_challenge",
    "moto.cognitoidp.models:CognitoIdpBackend.sessions",
    "moto.cognitoidp.models:CognitoIdpBackend.user_pools",
    "moto.cognitoidp.models:CognitoIdpUserPool._get_user",
    "moto.cognitoidp.models:CognitoIdpUserPoolClient.extended_config",
    "moto.cognitoidp.models:CognitoIdpUserPoolClient.generate_secret",
    "moto.cognitoidp.responses:CognitoIdpResponse._get_param",
    "moto.cognitoidp.responses:CognitoIdpResponse.admin_initiate_auth",
)

DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
"""Of a client without ExplicitAuthFlows."""
_ALLOWED_BY = {
    "ADMIN_NO_SRP_AUTH": {"ADMIN_NO_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"},
    "ADMIN_USER_PASSWORD_AUTH": {"ADMIN_NO_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"},
    "USER_PASSWORD_AUTH": {"USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"},
    "USER_SRP_AUTH": {"ALLOW_USER_SRP_AUTH"},
    "CUSTOM_AUTH": {"CUSTOM_AUTH_FLOW_ONLY", "ALLOW_CUSTOM_AUTH"},
    "REFRESH_TOKEN": {"ALLOW_REFRESH_TOKEN_AUTH"},
    "REFRESH_TOKEN_AUTH": {"ALLOW_REFRESH_TOKEN_AUTH"},
}
_DISABLED_FLOWS = {
    "USER_PASSWORD_AUTH": "USER_PASSWORD_AUTH flow not enabled for this client",
    "USER_SRP_AUTH": "USER_SRP_AUTH is not enabled for the client.",
}
_REFRESHING = {"REFRESH_TOKEN", "REFRESH_TOKEN_AUTH"}
_WRONG_PASSWORD = "Incorrect username or password."  # noqa: S105 - Cognito's sentence


def patch_sign_in() -> None:
    """Reject sign-ins that the client, the user or the session does not allow."""
    backend: Any = CognitoIdpBackend
    responses: Any = CognitoIdpResponse
    initiate, admin_initiate, respond = (
        backend.initiate_auth,
        backend.admin_initiate_auth,
        backend.respond_to_auth_challenge,
    )

    def initiate_auth(self: Any, client_id: str, auth_flow: str, auth_parameters: Mapping[str, str]) -> Any:
        pool = next((pool for pool in self.user_pools.values() if client_id in pool.clients), None)
        if pool is not None:
            _check(pool, client_id, auth_flow, auth_parameters)
        with _replaced_messages(pool, client_id, auth_parameters):
            return initiate(self, client_id, auth_flow, auth_parameters)

    def admin_initiate_auth(
        self: Any, user_pool_id: str, client_id: str, auth_flow: str, auth_parameters: Mapping[str, str]
    ) -> Any:
        pool = self.describe_user_pool(user_pool_id)
        if client_id in pool.clients:
            _check(pool, client_id, auth_flow, auth_parameters)
        with _replaced_messages(pool, client_id, auth_parameters):
            return admin_initiate(self, user_pool_id, client_id, auth_flow, auth_parameters)

    def respond_to_auth_challenge(
        self: Any, session: str, client_id: str, challenge_name: str, challenge_responses: Mapping[str, str]
    ) -> Any:
        if challenge_name == "PASSWORD_VERIFIER":
            raise _srp_not_served()
        name, pool = self.sessions.get(session, ("", None))
        if pool is None:
            raise NotAuthorizedError("Invalid session for the user.")
        if pool._get_user(str(challenge_responses.get("USERNAME"))) is not pool._get_user(name):  # noqa: SLF001 - moto's
            raise NotAuthorizedError("Invalid session for the user.")
        _require_secret_hash(pool, pool.clients.get(client_id), challenge_responses, name)
        return respond(self, session, client_id, challenge_name, challenge_responses)

    def hosted(handler: Any) -> Any:
        """Handle AdminInitiateAuth; the flows of a client do not restrict the sign-in pages."""
        metadata = handler._get_param("ClientMetadata") or {}  # noqa: SLF001 - moto offers parameters in no other way
        scope, issuer = metadata.get(SCOPE_KEY), metadata.get(ISSUER_KEY, "")
        with starting_on_pages(HostedSignIn(scope, issuer) if scope is not None else None):
            return admin_response(handler)

    admin_response = responses.admin_initiate_auth
    responses.admin_initiate_auth = hosted
    backend.initiate_auth, backend.admin_initiate_auth = initiate_auth, admin_initiate_auth
    backend.respond_to_auth_challenge = respond_to_auth_challenge


def _check(pool: Any, client_id: str, flow: str, given: Mapping[str, str] | None) -> None:
    client, given = pool.clients[client_id], given or {}
    if not is_hosted():
        _require_flow(client, flow)
    if flow == "USER_SRP_AUTH":
        raise _srp_not_served()
    if flow in _REFRESHING:
        _require_secret_hash(pool, client, given, require_refresh(pool, client_id, given.get("REFRESH_TOKEN", "")))
    elif flow in _ALLOWED_BY:
        for name in ("USERNAME", "PASSWORD"):
            if not given.get(name):
                raise InvalidParameterException(f"Missing required parameter {name}")
        _require_secret_hash(pool, client, given, given["USERNAME"])


@contextmanager
def _replaced_messages(pool: Any, client_id: str, given: Mapping[str, str] | None) -> Iterator[None]:
    """Replace moto's messages, which name the user, by Cognito's. A client may hide whether a user exists."""
    try:
        yield
    except UserNotFoundError as error:
        client = None if pool is None else pool.clients.get(client_id)
        if client is not None and client.extended_config.get("PreventUserExistenceErrors") == "ENABLED":
            raise NotAuthorizedError(_WRONG_PASSWORD) from error
        raise UserNotFoundError("User does not exist.") from error
    except NotAuthorizedError as error:
        if error.message == (given or {}).get("USERNAME"):  # moto's for a wrong password
            raise NotAuthorizedError(_WRONG_PASSWORD) from error
        raise


def _require_flow(client: Any, flow: str) -> None:
    flows = set(client.extended_config.get("ExplicitAuthFlows") or DEFAULT_FLOWS)
    if flow in _ALLOWED_BY and not flows & _ALLOWED_BY[flow]:
        raise InvalidParameterException(_DISABLED_FLOWS.get(flow, "Auth flow not enabled for this client"))
    rotation = client.extended_config.get("RefreshTokenRotation") or {}
    if flow in _REFRESHING and rotation.get("Feature") == "ENABLED":
        raise InvalidParameterException("Refresh token rotation is enabled: use GetTokensFromRefreshToken")


def _require_secret_hash(pool: Any, client: Any, given: Mapping[str, str], username: str) -> None:
    if client is None or not client.generate_secret or is_hosted():
        return
    sent = given.get("SECRET_HASH")
    if not sent:
        raise NotAuthorizedError(f"Client {client.id} is configured with secret but SECRET_HASH was not received")
    user = pool._get_user(username)  # noqa: SLF001 - finds a user by each alias, as Cognito does
    names = {username, *((user.username, user.id) if user is not None else ())}
    if not any(check_secret_hash(client.secret, client.id, name, sent) for name in names):
        raise NotAuthorizedError(f"SecretHash does not match for the client: {client.id}")


def _srp_not_served() -> InvalidParameterException:
    return InvalidParameterException("The embedded AWS does not serve USER_SRP_AUTH; use the sign-in pages.")
