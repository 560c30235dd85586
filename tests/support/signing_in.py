"""Signing in as a browser would."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from toolkit.localcloud.sign_in.authorization_codes import challenge_of
from toolkit.localcloud.sign_in.user_pool import LOCAL_PASSWORD

BASE = "/_local/sign-in"
CALLBACK = "http://127.0.0.1:3000/callback"
VERIFIER = "v" * 43


def asked(outputs: dict[str, str], **changes: str) -> dict[str, str]:
    """The parameters of a request for a code."""
    parameters = {
        "client_id": outputs["web_client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": "a&b",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    return {**parameters, **changes}


def sign_in(client: httpx.Client, outputs: dict[str, str], password: str = LOCAL_PASSWORD) -> httpx.Response:
    """Fill in the page's form as the demo user."""
    page = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs))
    assert page.status_code == 200
    action = re.search(r'action="([^"]+)"', page.text)
    assert action is not None
    form = {**asked(outputs), "username": "demo@example.com", "password": password}
    return client.post(action[1], data=form)


def code_of(answer: httpx.Response) -> str:
    """The code that a person is sent back with."""
    assert answer.status_code == 302, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["a&b"]
    return query["code"][0]


def exchange(client: httpx.Client, outputs: dict[str, str], code: str, **changes: str) -> httpx.Response:
    """Ask for a code's tokens."""
    form = {
        "grant_type": "authorization_code",
        "client_id": outputs["web_client_id"],
        "redirect_uri": CALLBACK,
        "code": code,
        "code_verifier": VERIFIER,
    }
    return client.post(f"{BASE}/oauth2/token", data={**form, **changes})


def claims(client: httpx.Client, token: str, path: str = "/claims") -> Any:
    """What the API learns from a token."""
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()
