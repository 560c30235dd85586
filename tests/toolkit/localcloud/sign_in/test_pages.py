"""A user signs in on the page, for a registered client only."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.support.signing_in import BASE, asked, claims, code_of, exchange, sign_in
from toolkit.localcloud.sign_in.user_pool import LOCAL_PASSWORD


def test_sign_in_page_leads_to_a_token_that_the_api_accepts(client: httpx.Client, outputs: dict[str, str]) -> None:
    tokens = exchange(client, outputs, code_of(sign_in(client, outputs))).json()
    assert tokens["token_type"] == "Bearer"
    claim_set = claims(client, tokens["access_token"])
    assert (claim_set["token_use"], claim_set["client_id"]) == ("access", outputs["web_client_id"])


def test_wrong_password_shows_the_form_again(client: httpx.Client, outputs: dict[str, str]) -> None:
    answer = sign_in(client, outputs, "wrong")
    assert answer.status_code == 401
    assert "Incorrect username or password." in answer.text


@pytest.mark.parametrize(
    "changes", [{"client_id": "nobody"}, {"client_id": ""}, {"redirect_uri": "http://evil.example/"}]
)
def test_unregistered_redirect_uri_is_rejected_without_redirect(
    client: httpx.Client, outputs: dict[str, str], changes: dict[str, str]
) -> None:
    answer = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs, **changes))
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "items/write"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_invalid_authorization_request_is_reported_to_the_client(
    client: httpx.Client, outputs: dict[str, str], changes: dict[str, str], error: str
) -> None:
    answer = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs, **changes))
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["error"], query["state"]) == ([error], ["a&b"])


def test_page_escapes_its_parameters(client: httpx.Client, outputs: dict[str, str]) -> None:
    page = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs, state='"><script>'))
    assert "<script>" not in page.text


def test_form_from_another_site_is_rejected(client: httpx.Client, outputs: dict[str, str]) -> None:
    form = {**asked(outputs), "username": "demo@example.com", "password": LOCAL_PASSWORD}
    answer = client.post(f"{BASE}/login", data=form, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_sign_out_redirects_only_to_a_registered_url(client: httpx.Client, outputs: dict[str, str]) -> None:
    known = {"client_id": outputs["web_client_id"], "logout_uri": "http://127.0.0.1:3000/"}
    assert client.get(f"{BASE}/logout", params=known).headers["location"] == "http://127.0.0.1:3000/"
    for changes in ({"logout_uri": "http://evil.example/"}, {"client_id": "nobody"}, {"client_id": ""}):
        assert client.get(f"{BASE}/logout", params={**known, **changes}).status_code == 400
