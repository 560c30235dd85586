"""Access tokens without a page: for the seed users, and for machine clients by client credentials."""

import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.sign_in.user_pool import LOCAL_PASSWORD, PoolClient, SignInError, UserPool, seed_users


def token_for(
    connection: AwsConnection, outputs: Mapping[str, Any], user: str, scopes: Sequence[str] | None = None
) -> str:
    """Return an access token for a seed user or for `machine`, from the stack's outputs. Raises SignInError."""
    if "user_pool_id" not in outputs:
        raise SignInError("invalid_request", "The stack has no output user_pool_id, so its API takes no tokens.")
    pool, users = UserPool(connection, outputs["user_pool_id"]), seed_users()
    if user == "machine":
        return machine_token(pool, pool.client(outputs["machine_client_id"]), " ".join(scopes or ()))
    if user not in users:
        names = ", ".join([*users, "machine"])
        raise SignInError("invalid_request", f"There is no local user {user!r}: choose one of {names}.")
    if scopes:
        raise SignInError(
            "invalid_scope", "Scopes are for the machine client: a user's token carries those of Cognito."
        )
    client = pool.client(outputs["web_client_id"])
    return pool.sign_in(client.id, users[user].email, LOCAL_PASSWORD, " ".join(client.scopes)).access_token


def machine_token(pool: UserPool, client: PoolClient, scopes: str | None, issuer: str | None = None) -> str:
    """Return a client-credentials token as Cognito issues it, for scopes separated by spaces. Raises SignInError."""
    client.require_flow("client_credentials")
    granted = client.grant_scopes(scopes)
    now = int(time.time())
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(granted),
        "auth_time": now,
        "iss": issuer or pool.issuer,
        "exp": now + client.access_token_seconds,
        "iat": now,
        "version": 2,
        "jti": str(uuid.uuid4()),
        "client_id": client.id,
    }
    key = signing_key(pool)
    return jwt.encode({"alg": "RS256", "kid": str(key.kid)}, claims, key)


def signing_key(pool: UserPool) -> RSAKey:
    """Return the key that the pool signs with. Blocks on the network; raises httpx.HTTPError."""
    response = call_embedded_route(pool.connection, f"user-pools/{pool.id}/signing-key")
    return RSAKey.import_key(response.raise_for_status().json())
