"""The user pool of a local stack: its seed users, its clients, and tokens for a password or a refresh token."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from botocore.exceptions import ClientError, ParamValidationError

from toolkit.configuration import SeedUser, configuration
from toolkit.localcloud.connection import AwsConnection
from toolkit.stacks.errors import RefusedError

LOCAL_PASSWORD = "Local-only-Passw0rd!"  # noqa: S105 - printed on the sign-in page, without value elsewhere
"""The password of every seed user; it is public and works on this machine only."""
SCOPE_KEY = "hosted-sign-in-scope"
"""The ClientMetadata entry with the scopes (separated by spaces) of a sign-in on the pages."""
ISSUER_KEY = "hosted-sign-in-issuer"
"""The ClientMetadata entry with the address of the pages, which is the issuer of their tokens."""
_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


class SignInError(RefusedError):
    """A request that the OAuth endpoints reject: `code` is RFC 6749's, the description says what to correct."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True, kw_only=True)
class PoolClient:
    """An app client: its flows, scopes and URLs."""

    id: str
    secret: str | None = field(repr=False)
    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    flows: frozenset[str]
    scopes: tuple[str, ...]
    access_token_seconds: int

    def require_flow(self, flow: str) -> None:
        """Raise SignInError where the client may not use a flow (`code`, `client_credentials`)."""
        if flow not in self.flows:
            raise SignInError("unauthorized_client", f"The client {self.id} may not use the flow {flow}.")

    def grant_scopes(self, requested: str | None) -> tuple[str, ...]:
        """Return the requested scopes (separated by spaces); all where none is named. Raises SignInError."""
        scopes = tuple((requested or "").split()) or self.scopes
        unknown = [scope for scope in scopes if scope not in self.scopes]
        if unknown:
            allowed = ", ".join(self.scopes) or "none"
            raise SignInError(
                "invalid_scope", f"The client {self.id} may not request {unknown[0]!r}; its scopes: {allowed}."
            )
        return scopes


@dataclass(frozen=True)
class UserTokens:
    """The tokens of a user who has signed in."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int


class UserPool:
    """One pool of the embedded Cognito. Every method blocks on the network."""

    def __init__(self, connection: AwsConnection, user_pool_id: str) -> None:
        self.id = user_pool_id
        self.issuer = f"https://cognito-idp.{connection.region}.amazonaws.com/{user_pool_id}"
        self.connection = connection

    def client(self, client_id: str) -> PoolClient:
        """Return a client by its id. Raises SignInError (invalid_client)."""
        try:
            response = self._cognito().describe_user_pool_client(UserPoolId=self.id, ClientId=client_id)
        except (ClientError, ParamValidationError) as error:  # botocore rejects an empty id
            raise SignInError("invalid_client", f"The user pool has no client {client_id!r}.") from error
        settings = response["UserPoolClient"]
        # Without AllowedOAuthFlowsUserPoolClient, Cognito supports no flow.
        flows = settings.get("AllowedOAuthFlows") if settings.get("AllowedOAuthFlowsUserPoolClient") else ()
        validity = settings.get("AccessTokenValidity") or 1
        unit = (settings.get("TokenValidityUnits") or {}).get("AccessToken", "hours")
        return PoolClient(
            id=client_id,
            secret=settings.get("ClientSecret"),
            callback_urls=tuple(settings.get("CallbackURLs") or ()),
            logout_urls=tuple(settings.get("LogoutURLs") or ()),
            flows=frozenset(flows or ()),
            scopes=tuple(settings.get("AllowedOAuthScopes") or ()),
            access_token_seconds=int(validity) * _UNIT_SECONDS[unit],
        )

    def sign_in(
        self, client_id: str, username: str, password: str, scope: str, issuer: str | None = None
    ) -> UserTokens:
        """Return tokens for a user's password, with scopes separated by spaces. Raises SignInError (access_denied)."""
        try:
            response = self._cognito().admin_initiate_auth(
                UserPoolId=self.id,
                ClientId=client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
                ClientMetadata={SCOPE_KEY: scope, ISSUER_KEY: issuer or self.issuer},
            )
        except (ClientError, ParamValidationError) as error:  # botocore rejects an empty name
            # The message does not reveal whether the user exists, as with PreventUserExistenceErrors.
            raise SignInError("access_denied", "Incorrect username or password.") from error
        if "AuthenticationResult" not in response:
            challenge = response.get("ChallengeName")
            raise SignInError("access_denied", f"The local sign-in cannot respond to Cognito's challenge {challenge}.")
        return _tokens(response["AuthenticationResult"])

    def refresh(self, client: PoolClient, refresh_token: str) -> UserTokens:
        """Return new tokens for a refresh token. Raises SignInError (invalid_grant)."""
        try:
            response = self._cognito().get_tokens_from_refresh_token(
                ClientId=client.id, RefreshToken=refresh_token, **_secret_of(client)
            )
        except ClientError as error:
            raise SignInError("invalid_grant", "The refresh token is unknown, expired or revoked.") from error
        return _tokens(response["AuthenticationResult"])

    def revoke(self, client: PoolClient, token: str) -> None:
        """Revoke a refresh token. Raises SignInError (unsupported_token_type, invalid_client)."""
        try:
            self._cognito().revoke_token(ClientId=client.id, Token=token, **_secret_of(client))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "UnauthorizedException":
                raise SignInError("invalid_client", "The token was issued to another client.") from error
            raise SignInError("unsupported_token_type", "Only a client's refresh tokens can be revoked.") from error

    def user_attributes(self, access_token: str) -> dict[str, str]:
        """Return the attributes of the user of an access token, with its name. Raises SignInError (invalid_token)."""
        try:
            user = self._cognito().get_user(AccessToken=access_token)
        except (ClientError, ParamValidationError) as error:
            raise SignInError("invalid_token", "Access token is expired, revoked or not a user's.") from error
        return {**{each["Name"]: each["Value"] for each in user["UserAttributes"]}, "username": user["Username"]}

    def keys(self) -> Any:
        """Return the public keys of the pool, as a JSON Web Key Set. Raises httpx.HTTPError."""
        url = f"{self.connection.endpoint_url}/{self.id}/.well-known/jwks.json"
        return httpx.get(url, trust_env=False, timeout=10).raise_for_status().json()

    def _cognito(self) -> Any:
        return self.connection.client("cognito-idp")


def _secret_of(client: PoolClient) -> dict[str, str]:
    return {} if client.secret is None else {"ClientSecret": client.secret}


def _tokens(result: dict[str, Any]) -> UserTokens:
    return UserTokens(result["AccessToken"], result["IdToken"], result.get("RefreshToken"), int(result["ExpiresIn"]))


def seed_users() -> Mapping[str, SeedUser]:
    """Return the users that `[tool.toolkit]` names, by name."""
    return {user.name: user for user in configuration().seed_users}


def create_seed_users(connection: AwsConnection, user_pool_id: str) -> None:
    """Create the seed users that the pool lacks. Blocks on the network."""
    client = connection.client("cognito-idp")
    for user in seed_users().values():
        try:
            client.admin_create_user(
                UserPoolId=user_pool_id,
                Username=user.email,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": user.email},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": user.full_name},
                ],
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "UsernameExistsException":
                raise
            continue
        client.admin_set_user_password(
            UserPoolId=user_pool_id, Username=user.email, Password=LOCAL_PASSWORD, Permanent=True
        )
        if user.group:
            client.admin_add_user_to_group(UserPoolId=user_pool_id, Username=user.email, GroupName=user.group)
