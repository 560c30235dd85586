"""The JWT authorizer accepts only valid tokens of the route's issuer, audience and scopes."""

import base64
import gzip
import hmac
import json
import time
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Pool, ServedApi, create_pool, serving
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.sign_in.access_tokens import signing_key
from toolkit.localcloud.sign_in.user_pool import UserPool

GREET = "def handler(event, context):\n    return event['requestContext']['authorizer']['jwt']"


@pytest.fixture(scope="module", name="pool")
def _pool(cloud: AwsConnection) -> Pool:
    return create_pool(cloud)


@pytest.fixture(scope="module", name="served")
def _served(cloud: AwsConnection, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    api = ApiBuilder(cloud)
    function, authorizer = api.function(deploy(cloud, GREET).live), api.authorizer(pool)
    api.route("GET /any", function, authorizer)
    api.route("GET /scoped", function, authorizer, ["items/read", "items/write"])
    with serving(cloud, api.id, tmp_path_factory.mktemp("served")) as served:
        yield served


def claims(pool: Pool, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {"iss": pool.issuer, "client_id": pool.client_id, "sub": "me", "iat": now, "exp": now + 600}
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


@cache
def key_of(pool: Pool) -> RSAKey:
    return signing_key(UserPool(pool.connection, pool.id))


def signed(pool: Pool, content: dict[str, Any], key: RSAKey | None = None, **header: Any) -> str:
    own = key_of(pool)
    return jwt.encode({"alg": "RS256", "kid": own.kid, **header}, content, key or own, algorithms=["RS256"])


def ask(served: ServedApi, token: str, path: str = "/any") -> tuple[int, Any, str]:
    with served.client() as client:
        answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json(), answer.headers.get("www-authenticate", "")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": "CLIENT"},
        {"aud": ["other", "CLIENT"], "client_id": "other"},
        {"nbf": 1},
        {"iat": None},
        {"token_use": "id"},
    ],
)
def test_valid_token_is_authorized(served: ServedApi, pool: Pool, changes: dict[str, Any]) -> None:
    named = json.loads(json.dumps(changes).replace("CLIENT", pool.client_id))
    status, body, _ = ask(served, signed(pool, claims(pool, **named)))
    assert status == 200
    assert body["claims"]["sub"] == "me"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp is not a time"),
        ({"exp": "tomorrow"}, "exp is not a time"),
        ({"nbf": 2**40}, "not valid yet"),
        ({"nbf": 10**400}, "not valid yet"),
        ({"iat": 2**40}, "not valid yet"),
        ({"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"client_id": "other"}, "audience"),
        ({"client_id": None}, "audience"),
        ({"aud": "other"}, "audience"),  # aud is checked even where client_id is right
        ({"aud": []}, "audience"),
    ],
)
def test_token_with_wrong_claim_is_rejected(
    served: ServedApi, pool: Pool, changes: dict[str, Any], reason: str
) -> None:
    status, body, challenge = ask(served, signed(pool, claims(pool, **changes)))
    assert (status, body) == (401, {"message": "Unauthorized"})
    assert challenge.startswith('Bearer scope="" error="invalid_token" error_description="')
    assert reason in challenge


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_unsigned_token_is_rejected(served: ServedApi, pool: Pool) -> None:
    status, _, challenge = ask(served, f"{encoded({'alg': 'none', 'kid': key_of(pool).kid})}.{encoded(claims(pool))}.")
    assert status == 401
    assert "signing method is invalid" in challenge


def test_token_signed_with_public_key_as_secret_is_rejected(served: ServedApi, pool: Pool) -> None:
    content = ".".join(encoded(part) for part in ({"alg": "HS256", "kid": key_of(pool).kid}, claims(pool)))
    mac = hmac.digest(key_of(pool).as_pem(private=False), content.encode(), "sha256")
    assert ask(served, f"{content}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")[0] == 401


def test_token_signed_with_another_key_is_rejected(served: ServedApi, pool: Pool) -> None:
    stranger = RSAKey.generate_key(2048)
    assert ask(served, signed(pool, claims(pool), stranger))[0] == 401
    assert ask(served, signed(pool, claims(pool), stranger, kid="another"))[0] == 401


def test_token_signed_with_motos_public_key_is_rejected(served: ServedApi, pool: Pool) -> None:
    packed = files("moto").joinpath("cognitoidp/resources/jwks-private.json.gz").read_bytes()
    shipped = RSAKey.import_key(json.loads(gzip.decompress(packed)))
    for kid in (shipped.kid, key_of(pool).kid):
        assert ask(served, signed(pool, claims(pool), shipped, kid=kid))[0] == 401


def test_forged_token_is_rejected_after_a_valid_one_was_accepted(served: ServedApi, pool: Pool) -> None:
    head, _, signature = signed(pool, claims(pool)).split(".")
    forged = encoded(claims(pool, sub="admin"))
    assert ask(served, signed(pool, claims(pool)))[0] == 200
    assert ask(served, f"{head}.{forged}.{signature}")[0] == 401


def test_cached_token_is_rejected_once_it_has_expired(served: ServedApi, pool: Pool) -> None:
    token = signed(pool, claims(pool, exp=time.time() + 1))
    assert ask(served, token)[0] == 200
    time.sleep(1.1)
    assert ask(served, token)[0] == 401


@pytest.mark.parametrize("token", ["garbage", "a.b.c", "...", "e30.e30.e30", "é", "x" * 5_000])
def test_malformed_token_is_rejected(served: ServedApi, token: str) -> None:
    with served.client() as client:
        answer = client.get("/any", headers=[(b"Authorization", f"Bearer {token}".encode())])
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize(
    ("scope", "granted"),
    [("items/read", ["items/read"]), ("items/write items/read other", ["items/read", "items/write"])],
)
def test_token_with_one_required_scope_is_authorized(
    served: ServedApi, pool: Pool, scope: str, granted: list[str]
) -> None:
    status, body, _ = ask(served, signed(pool, claims(pool, scope=scope)), "/scoped")
    assert (status, body["scopes"]) == (200, granted)


@pytest.mark.parametrize("changes", [{}, {"scope": "items"}, {"scope": ""}, {"scp": ["items/reads"]}])
def test_token_without_scope_is_forbidden(served: ServedApi, pool: Pool, changes: dict[str, Any]) -> None:
    status, body, challenge = ask(served, signed(pool, claims(pool, **changes)), "/scoped")
    assert (status, body) == (403, {"message": "Forbidden"})
    assert 'scope="items/read items/write" error="insufficient_scope"' in challenge
