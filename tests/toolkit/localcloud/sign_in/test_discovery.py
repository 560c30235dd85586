"""A standard OpenID Connect client needs the issuer alone: it finds the endpoints and keys and verifies the tokens."""

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.support.signing_in import BASE, claims, code_of, exchange, sign_in


@pytest.fixture(name="configuration")
def _configuration(client: httpx.Client) -> dict[str, str]:
    answer = client.get(f"{BASE}/.well-known/openid-configuration")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    return dict(answer.json())


@pytest.fixture(name="tokens")
def _tokens(client: httpx.Client, outputs: dict[str, str]) -> dict[str, str]:
    return dict(exchange(client, outputs, code_of(sign_in(client, outputs))).json())


def verified(client: httpx.Client, configuration: dict[str, str], token: str) -> dict[str, object]:
    """The claims of a token, verified with the keys that the issuer publishes."""
    keys = KeySet.import_key_set(client.get(configuration["jwks_uri"]).json())
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def test_document_names_its_own_address_as_issuer(client: httpx.Client, configuration: dict[str, str]) -> None:
    assert configuration["issuer"] == f"{str(client.base_url).rstrip('/')}{BASE}"
    assert {value for value in configuration.values() if isinstance(value, str)} == {
        configuration["issuer"],
        *(
            f"{configuration['issuer']}/{path}"
            for path in (
                *("oauth2/authorize", "oauth2/token", "oauth2/userInfo", "oauth2/revoke", "logout"),
                ".well-known/jwks.json",
            )
        ),
    }


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
def test_token_of_user_is_issued_by_that_address_and_verifies_with_its_keys(
    client: httpx.Client, configuration: dict[str, str], tokens: dict[str, str], kind: str
) -> None:
    assert verified(client, configuration, tokens[kind])["iss"] == configuration["issuer"]


def test_refreshed_token_keeps_its_issuer(
    client: httpx.Client, outputs: dict[str, str], configuration: dict[str, str], tokens: dict[str, str]
) -> None:
    form = {"grant_type": "refresh_token", "client_id": outputs["web_client_id"]}
    renewed = client.post(configuration["token_endpoint"], data={**form, "refresh_token": tokens["refresh_token"]})

    assert verified(client, configuration, renewed.json()["id_token"])["iss"] == configuration["issuer"]


def test_token_of_machine_client_is_issued_by_that_address(
    client: httpx.Client, outputs: dict[str, str], configuration: dict[str, str]
) -> None:
    credentials = (outputs["machine_client_id"], outputs["machine_client_secret"])
    answer = client.post(configuration["token_endpoint"], data={"grant_type": "client_credentials"}, auth=credentials)

    token = answer.json()["access_token"]
    assert verified(client, configuration, token)["iss"] == configuration["issuer"]
    assert claims(client, token)["client_id"] == outputs["machine_client_id"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_user_info_returns_attributes_of_the_caller(
    client: httpx.Client, configuration: dict[str, str], tokens: dict[str, str], method: str
) -> None:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = client.request(method, configuration["userinfo_endpoint"], headers=headers)

    assert answer.status_code == 200
    assert answer.json()["email"] == "demo@example.com"
    assert answer.json()["sub"] == verified(client, configuration, tokens["access_token"])["sub"]


@pytest.mark.parametrize(
    ("header", "status", "error"),
    [(None, 400, "invalid_request"), ("Basic eDp5", 400, "invalid_request"), ("Bearer x", 401, "invalid_token")],
)
def test_user_info_without_valid_token_is_rejected(
    client: httpx.Client, configuration: dict[str, str], header: str | None, status: int, error: str
) -> None:
    answer = client.get(configuration["userinfo_endpoint"], headers={"Authorization": header} if header else {})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert error in answer.headers["www-authenticate"]
