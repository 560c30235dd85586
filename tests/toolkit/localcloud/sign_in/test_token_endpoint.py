"""The token endpoint follows RFC 6749."""

import time
from dataclasses import replace

import httpx
import pytest

from tests.support.signing_in import BASE, CALLBACK, VERIFIER, claims, code_of, exchange, sign_in
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.sign_in import SignInError
from toolkit.localcloud.sign_in.authorization_codes import CODE_SECONDS, AuthorizationCodes, Grant, challenge_of
from toolkit.localcloud.sign_in.user_pool import UserTokens


def test_authorization_code_is_valid_once(client: httpx.Client, outputs: dict[str, str]) -> None:
    code = code_of(sign_in(client, outputs))
    assert exchange(client, outputs, code).status_code == 200
    assert exchange(client, outputs, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 43}, {"code_verifier": "short"}, {"redirect_uri": "http://127.0.0.1:3000/"}]
)
def test_code_with_another_verifier_or_redirect_uri_is_rejected(
    client: httpx.Client, outputs: dict[str, str], changes: dict[str, str]
) -> None:
    answer = exchange(client, outputs, code_of(sign_in(client, outputs)), **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_refresh_token_returns_new_tokens_until_it_is_revoked(client: httpx.Client, outputs: dict[str, str]) -> None:
    tokens = exchange(client, outputs, code_of(sign_in(client, outputs))).json()
    form = {
        "grant_type": "refresh_token",
        "client_id": outputs["web_client_id"],
        "refresh_token": tokens["refresh_token"],
    }
    renewed = client.post(f"{BASE}/oauth2/token", data=form).json()
    assert claims(client, renewed["access_token"])["token_use"] == "access"
    revocation = {"client_id": outputs["web_client_id"], "token": tokens["refresh_token"]}
    assert client.post(f"{BASE}/oauth2/revoke", data=revocation).status_code == 200
    assert client.post(f"{BASE}/oauth2/token", data=form).json()["error"] == "invalid_grant"


def test_expired_code_is_rejected() -> None:
    codes, tokens = AuthorizationCodes(), UserTokens("access", "id", "refresh", 60)
    grant = Grant("web", CALLBACK, challenge_of(VERIFIER), tokens)
    assert codes.redeem(codes.issue(grant), "web", CALLBACK, VERIFIER) == tokens
    late = codes.issue(replace(grant, expires_at=time.monotonic() - 1))
    with pytest.raises(SignInError, match="expired"):
        codes.redeem(late, "web", CALLBACK, VERIFIER)
    assert 0 < grant.expires_at - time.monotonic() <= CODE_SECONDS


def test_code_and_token_of_one_client_are_rejected_for_another(
    client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]
) -> None:
    cognito = cloud.client("cognito-idp")
    other = cognito.create_user_pool_client(
        UserPoolId=outputs["user_pool_id"],
        ClientName="other",
        CallbackURLs=[CALLBACK],
        AllowedOAuthFlows=["code"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]["ClientId"]
    stolen = exchange(client, outputs, code_of(sign_in(client, outputs)), client_id=other)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    tokens = exchange(client, outputs, code_of(sign_in(client, outputs))).json()
    form = {"grant_type": "refresh_token", "client_id": other, "refresh_token": tokens["refresh_token"]}
    refused = client.post(f"{BASE}/oauth2/token", data=form)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_client_credentials_without_client_id_are_rejected(client: httpx.Client) -> None:
    answer = client.post(f"{BASE}/oauth2/token", data={"grant_type": "client_credentials"}, auth=("", "secret"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("style", ["basic", "body"])
def test_machine_client_with_its_secret_gets_a_token(client: httpx.Client, outputs: dict[str, str], style: str) -> None:
    name, secret = outputs["machine_client_id"], outputs["machine_client_secret"]
    form = {"grant_type": "client_credentials", "scope": "items/read"}
    auth = (name, secret) if style == "basic" else None
    body = form if style == "basic" else {**form, "client_id": name, "client_secret": secret}
    answer = client.post(f"{BASE}/oauth2/token", data=body, auth=auth or httpx.USE_CLIENT_DEFAULT).json()
    claim_set = claims(client, answer["access_token"])
    assert (claim_set["sub"], claim_set["client_id"], claim_set["scope"], claim_set["token_use"]) == (
        name,
        name,
        "items/read",
        "access",
    )


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"scope": "items/delete"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
def test_invalid_token_request_gets_the_error_of_rfc_6749(
    client: httpx.Client, outputs: dict[str, str], changes: dict[str, str], status: int, error: str
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": outputs["machine_client_id"],
        "client_secret": outputs["machine_client_secret"],
    }
    answer = client.post(f"{BASE}/oauth2/token", data={**form, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("form", ["grant_type=a&grant_type=b", "%ff=%ff", "x" * 70_000])
def test_malformed_form_is_rejected(client: httpx.Client, form: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(f"{BASE}/oauth2/token", content=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_tokens_have_the_requested_scopes(client: httpx.Client, outputs: dict[str, str]) -> None:
    tokens = exchange(client, outputs, code_of(sign_in(client, outputs))).json()
    renewed = client.post(f"{BASE}/oauth2/token", data=refresh_form(outputs, tokens)).json()
    for access_token in (tokens["access_token"], renewed["access_token"]):
        claim_set = claims(client, access_token)
        assert (claim_set["scope"], claim_set["version"]) == ("openid email", "2")
    assert "refresh_token" not in renewed


@pytest.mark.parametrize("end", ["admin_disable_user", "admin_user_global_sign_out"])
def test_refresh_token_of_a_revoked_session_is_rejected(
    client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str], end: str
) -> None:
    tokens = exchange(client, outputs, code_of(sign_in(client, outputs))).json()
    cognito, user = cloud.client("cognito-idp"), {"UserPoolId": outputs["user_pool_id"], "Username": "demo@example.com"}
    getattr(cognito, end)(**user)
    try:
        answer = client.post(f"{BASE}/oauth2/token", data=refresh_form(outputs, tokens))
    finally:
        cognito.admin_enable_user(**user)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def refresh_form(outputs: dict[str, str], tokens: dict[str, str]) -> dict[str, str]:
    return {
        "grant_type": "refresh_token",
        "client_id": outputs["web_client_id"],
        "refresh_token": tokens["refresh_token"],
    }
