"""A seeded pool with a web client and a machine client, and an API that returns the claims of its caller."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Pool, ServedApi, serving
from tests.support.signing_in import CALLBACK
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.sign_in import create_seed_users, create_sign_in

CLAIMS = """
def handler(event, context):
    return event["requestContext"]["authorizer"]["jwt"]["claims"]
"""


@pytest.fixture(scope="session", name="outputs")
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
    create_seed_users(cloud, pool)
    return {
        "user_pool_id": pool,
        "web_client_id": web["ClientId"],
        "machine_client_id": machine["ClientId"],
        "machine_client_secret": machine["ClientSecret"],
    }


@pytest.fixture(scope="session", name="served")
def _served(
    cloud: AwsConnection, outputs: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedApi]:
    pool = Pool(cloud, outputs["user_pool_id"], outputs["web_client_id"])
    api = ApiBuilder(cloud)
    authorizer = api.authorizer(pool, outputs["machine_client_id"])
    function = api.function(deploy(cloud, CLAIMS).live)
    api.route("GET /claims", function, authorizer)
    api.route("GET /written", function, authorizer, ["items/write"])
    with serving(cloud, api.id, tmp_path_factory.mktemp("served"), create_sign_in(cloud, pool.id)) as served:
        yield served


@pytest.fixture(name="client")
def _client(served: ServedApi) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client
