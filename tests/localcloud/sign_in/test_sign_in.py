"""People and machines sign in through the local pages and endpoints, with real tokens of the embedded Cognito."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from localcloud.connection import AwsConnection
from localcloud.sign_in import SignInError, create_sign_in, seed_users, token_for
from localcloud.sign_in.authorization_codes import challenge_of
from localcloud.sign_in.seeded_users import LOCAL_PASSWORD
from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Front, Pool, serving

BASE = "/_local/sign-in"
CALLBACK = "http://127.0.0.1:3000/callback"
VERIFIER = "v" * 43
CLAIMS = """
def handler(event, context):
    return event["requestContext"]["authorizer"]["jwt"]["claims"]
"""


@pytest.fixture(scope="module", name="outputs")
def _outputs(cloud: AwsConnection) -> dict[str, str]:
    client = cloud.client("cognito-idp")
    pool = client.create_user_pool(PoolName="users", UsernameAttributes=["email"])["UserPool"]["Id"]
    client.create_group(UserPoolId=pool, GroupName="admins")
    scopes = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
    client.create_resource_server(UserPoolId=pool, Identifier="items", Name="items", Scopes=scopes)
    web = client.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        CallbackURLs=[CALLBACK],
        LogoutURLs=["http://127.0.0.1:3000/"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["openid", "email"],
    )["UserPoolClient"]
    machine = client.create_user_pool_client(
        UserPoolId=pool,
        ClientName="machine",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["items/read", "items/write"],
    )["UserPoolClient"]
    seed_users(cloud, pool)
    return {
        "user_pool_id": pool,
        "web_client_id": web["ClientId"],
        "machine_client_id": machine["ClientId"],
        "machine_client_secret": machine["ClientSecret"],
    }


@pytest.fixture(scope="module", name="front")
def _front(cloud: AwsConnection, outputs: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    pool = Pool(cloud, outputs["user_pool_id"], outputs["web_client_id"])
    api = ApiBuilder(cloud)
    authorizer = api.authorizer(pool, outputs["machine_client_id"])
    function = api.function(deploy(cloud, CLAIMS).live)
    api.route("GET /claims", function, authorizer)
    api.route("GET /written", function, authorizer, ["items/write"])
    with serving(cloud, api.id, tmp_path_factory.mktemp("front"), create_sign_in(cloud, pool.id)) as front:
        yield front


@pytest.fixture(name="client")
def _client(front: Front) -> Iterator[httpx.Client]:
    with front.client() as client:
        yield client


def asked(outputs: dict[str, str], **changes: str) -> dict[str, str]:
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
    page = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs))
    assert page.status_code == 200
    action = re.search(r'action="([^"]+)"', page.text)
    assert action is not None
    form = {**asked(outputs), "username": "demo@example.com", "password": password}
    return client.post(action[1], data=form)


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 302, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["a&b"]
    return query["code"][0]


def exchange(client: httpx.Client, outputs: dict[str, str], code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": outputs["web_client_id"],
        "redirect_uri": CALLBACK,
        "code": code,
        "code_verifier": VERIFIER,
    }
    return client.post(f"{BASE}/oauth2/token", data={**form, **changes})


def claims(client: httpx.Client, token: str, path: str = "/claims") -> Any:
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_person_signs_in_on_the_page_and_reaches_the_api(client: httpx.Client, outputs: dict[str, str]) -> None:
    tokens = exchange(client, outputs, code_of(sign_in(client, outputs))).json()
    assert tokens["token_type"] == "Bearer"
    told = claims(client, tokens["access_token"])
    assert (told["token_use"], told["client_id"]) == ("access", outputs["web_client_id"])


def test_a_wrong_password_shows_the_form_again(client: httpx.Client, outputs: dict[str, str]) -> None:
    answer = sign_in(client, outputs, "wrong")
    assert answer.status_code == 401
    assert "Incorrect username or password." in answer.text


def test_a_code_works_once(client: httpx.Client, outputs: dict[str, str]) -> None:
    code = code_of(sign_in(client, outputs))
    assert exchange(client, outputs, code).status_code == 200
    assert exchange(client, outputs, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 43}, {"code_verifier": "short"}, {"redirect_uri": "http://127.0.0.1:3000/"}]
)
def test_a_stolen_code_is_worth_nothing(client: httpx.Client, outputs: dict[str, str], changes: dict[str, str]) -> None:
    answer = exchange(client, outputs, code_of(sign_in(client, outputs)), **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "http://evil.example/"}])
def test_a_person_is_never_sent_where_the_client_did_not_register(
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
def test_a_bad_request_for_a_code_is_told_to_the_client(
    client: httpx.Client, outputs: dict[str, str], changes: dict[str, str], error: str
) -> None:
    answer = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs, **changes))
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["error"], query["state"]) == ([error], ["a&b"])


def test_the_page_escapes_what_it_is_given(client: httpx.Client, outputs: dict[str, str]) -> None:
    page = client.get(f"{BASE}/oauth2/authorize", params=asked(outputs, state='"><script>'))
    assert "<script>" not in page.text


def test_a_form_from_another_site_is_refused(client: httpx.Client, outputs: dict[str, str]) -> None:
    form = {**asked(outputs), "username": "demo@example.com", "password": LOCAL_PASSWORD}
    answer = client.post(f"{BASE}/login", data=form, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_a_refresh_token_gives_new_tokens_until_it_is_revoked(client: httpx.Client, outputs: dict[str, str]) -> None:
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


@pytest.mark.parametrize("style", ["basic", "body"])
def test_a_machine_gets_a_token_for_its_secret(client: httpx.Client, outputs: dict[str, str], style: str) -> None:
    name, secret = outputs["machine_client_id"], outputs["machine_client_secret"]
    form = {"grant_type": "client_credentials", "scope": "items/read"}
    auth = (name, secret) if style == "basic" else None
    body = form if style == "basic" else {**form, "client_id": name, "client_secret": secret}
    answer = client.post(f"{BASE}/oauth2/token", data=body, auth=auth or httpx.USE_CLIENT_DEFAULT).json()
    told = claims(client, answer["access_token"])
    assert (told["sub"], told["client_id"], told["scope"], told["token_use"]) == (name, name, "items/read", "access")


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
def test_a_bad_request_for_a_token_is_refused_as_rfc_6749_says(
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
def test_a_garbled_form_is_refused(client: httpx.Client, form: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(f"{BASE}/oauth2/token", content=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_make_token_speaks_for_each_local_caller(
    client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]
) -> None:
    users = {who: claims(client, token_for(cloud, outputs, who)) for who in ("demo", "second", "admin")}
    assert len({told["sub"] for told in users.values()}) == 3
    assert users["admin"]["cognito:groups"] == "[admins]"
    assert "cognito:groups" not in users["demo"]
    assert claims(client, token_for(cloud, outputs, "machine"))["scope"] == "items/read items/write"


def test_a_machine_without_the_scope_is_forbidden(
    client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]
) -> None:
    token = token_for(cloud, outputs, "machine", ["items/read"])
    answer = client.get("/written", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert claims(client, token_for(cloud, outputs, "machine", ["items/write"]), "/written")


@pytest.mark.parametrize(("who", "scopes"), [("nobody", None), ("demo", ["items/read"]), ("machine", ["items/delete"])])
def test_a_token_that_nobody_may_have_is_refused(
    cloud: AwsConnection, outputs: dict[str, str], who: str, scopes: list[str] | None
) -> None:
    with pytest.raises(SignInError, match=r"choose one of|user's token|may not ask for"):
        token_for(cloud, outputs, who, scopes)


def test_seeding_again_keeps_the_users(client: httpx.Client, cloud: AwsConnection, outputs: dict[str, str]) -> None:
    before = claims(client, token_for(cloud, outputs, "demo"))["sub"]
    seed_users(cloud, outputs["user_pool_id"])
    assert claims(client, token_for(cloud, outputs, "demo"))["sub"] == before


def test_sign_out_goes_only_where_the_client_registered(client: httpx.Client, outputs: dict[str, str]) -> None:
    known = {"client_id": outputs["web_client_id"], "logout_uri": "http://127.0.0.1:3000/"}
    assert client.get(f"{BASE}/logout", params=known).headers["location"] == "http://127.0.0.1:3000/"
    unknown = {**known, "logout_uri": "http://evil.example/"}
    assert client.get(f"{BASE}/logout", params=unknown).status_code == 400
