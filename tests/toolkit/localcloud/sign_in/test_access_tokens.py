"""`./stack token` prints a token for each local user."""

import httpx
import pytest

from tests.support.signing_in import claims
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.sign_in import SignInError, create_seed_users, token_for


def test_token_for_returns_a_token_for_each_local_user(
    client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]
) -> None:
    users = {who: claims(client, token_for(cloud, outputs, who)) for who in ("demo", "second", "admin")}
    assert len({user["sub"] for user in users.values()}) == 3
    assert users["admin"]["cognito:groups"] == "[admins]"
    assert "cognito:groups" not in users["demo"]
    assert claims(client, token_for(cloud, outputs, "machine"))["scope"] == "items/read items/write"


def test_machine_without_scope_is_forbidden(
    client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]
) -> None:
    token = token_for(cloud, outputs, "machine", ["items/read"])
    answer = client.get("/written", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert claims(client, token_for(cloud, outputs, "machine", ["items/write"]), "/written")


@pytest.mark.parametrize(("who", "scopes"), [("nobody", None), ("demo", ["items/read"]), ("machine", ["items/delete"])])
def test_token_for_unknown_user_or_scope_is_rejected(
    cloud: AwsConnection, outputs: dict[str, str], who: str, scopes: list[str] | None
) -> None:
    with pytest.raises(SignInError, match=r"choose one of|user's token|may not request"):
        token_for(cloud, outputs, who, scopes)


def test_seeding_twice_keeps_the_users(client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]) -> None:
    before = claims(client, token_for(cloud, outputs, "demo"))["sub"]
    create_seed_users(cloud, outputs["user_pool_id"])
    assert claims(client, token_for(cloud, outputs, "demo"))["sub"] == before
