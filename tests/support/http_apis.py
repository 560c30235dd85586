"""HTTP APIs in an embedded AWS, with user pools, and the gateway that serves them on a free port."""

import asyncio
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.application import Gateway
from toolkit.localcloud.runtime import LambdaRuntime

ACCOUNT = "123456789012"
PASSWORD = "Correct-Horse-7"


@dataclass(frozen=True)
class Pool:
    """A user pool with one public client."""

    connection: AwsConnection
    id: str
    client_id: str

    @property
    def issuer(self) -> str:
        """The issuer of the pool's tokens."""
        return f"https://cognito-idp.{self.connection.region}.amazonaws.com/{self.id}"

    def add_user(self, name: str, group: str | None = None) -> None:
        """A user with PASSWORD."""
        client = self.connection.client("cognito-idp")
        client.admin_create_user(UserPoolId=self.id, Username=name, MessageAction="SUPPRESS")
        client.admin_set_user_password(UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True)
        if group:
            client.create_group(UserPoolId=self.id, GroupName=group)
            client.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)

    def token(self, name: str) -> str:
        """An access token of a user."""
        answer = self.connection.client("cognito-idp").admin_initiate_auth(
            UserPoolId=self.id,
            ClientId=self.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token


def create_pool(connection: AwsConnection) -> Pool:
    """A pool whose users sign in with their e-mail address."""
    client = connection.client("cognito-idp")
    pool = client.create_user_pool(PoolName="users", UsernameAttributes=["email"])["UserPool"]["Id"]
    flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    web = client.create_user_pool_client(UserPoolId=pool, ClientName="web", ExplicitAuthFlows=flows)
    return Pool(connection, pool, web["UserPoolClient"]["ClientId"])


@dataclass
class ApiBuilder:
    """Creates an HTTP API, route by route."""

    connection: AwsConnection
    cors: Mapping[str, Any] | None = None
    stage: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client = self.connection.client("apigatewayv2")
        extra = {"CorsConfiguration": self.cors} if self.cors else {}
        self.id: str = self._client.create_api(Name="api", ProtocolType="HTTP", **extra)["ApiId"]
        self._client.create_stage(ApiId=self.id, StageName="$default", AutoDeploy=True, **self.stage)

    def route(self, key: str, integration: str, authorizer: str | None = None, scopes: list[str] | None = None) -> None:
        """A route to an integration, behind an authorizer or public."""
        extra: dict[str, Any] = {"AuthorizationType": "JWT", "AuthorizerId": authorizer} if authorizer else {}
        if scopes:
            extra["AuthorizationScopes"] = scopes
        self._client.create_route(ApiId=self.id, RouteKey=key, Target=f"integrations/{integration}", **extra)

    def function(self, arn: str, *, permitted: bool = True, **settings: Any) -> str:
        """Create an integration with a function, which the API may invoke by default."""
        if permitted:
            permit(self.connection, arn, self.id)
        answer = self._client.create_integration(
            ApiId=self.id, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0", **settings
        )
        return str(answer["IntegrationId"])

    def upstream(self, url: str, **settings: Any) -> str:
        """An integration with an upstream."""
        answer = self._client.create_integration(
            ApiId=self.id,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="ANY",
            IntegrationUri=url,
            PayloadFormatVersion="1.0",
            **settings,
        )
        return str(answer["IntegrationId"])

    def authorizer(self, pool: Pool, *further_clients: str) -> str:
        """A JWT authorizer for the pool's public client, and others."""
        answer = self._client.create_authorizer(
            ApiId=self.id,
            Name="jwt",
            AuthorizerType="JWT",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": pool.issuer, "Audience": [pool.client_id, *further_clients]},
        )
        return str(answer["AuthorizerId"])


def permit(connection: AwsConnection, arn: str, api_id: str) -> str:
    """Let an API invoke a function, version or alias; returns the statement's id."""
    _, _, _, region, account, _, name, *qualifier = arn.split(":")
    statement = f"statement-{uuid.uuid4().hex[:8]}"
    connection.client("lambda").add_permission(
        FunctionName=name,
        StatementId=statement,
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{region}:{account}:{api_id}/*/*",
        **({"Qualifier": qualifier[0]} if qualifier else {}),
    )
    return statement


@dataclass(frozen=True)
class ServedApi:
    """A served API."""

    url: str
    gateway: Gateway
    runtime: LambdaRuntime
    loop: asyncio.AbstractEventLoop
    folder: Path

    def client(self) -> httpx.Client:
        """Return a client of the gateway that ignores proxies."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=60)

    def refresh(self) -> None:
        """Let gateway and runtime read the embedded AWS again."""
        asyncio.run_coroutine_threadsafe(self.gateway.refresh(), self.loop).result(30)
        asyncio.run_coroutine_threadsafe(self.runtime.refresh(), self.loop).result(30)

    @property
    def access_log(self) -> str:
        """The access log."""
        return (self.folder / "access.log").read_text()


@contextmanager
def serving(
    connection: AwsConnection, api_id: str, folder: Path, sign_in: Any = None, account: str = ACCOUNT
) -> Iterator[ServedApi]:
    """Serve an API on a free port, in a separate thread."""
    started: threading.Event = threading.Event()
    found: dict[str, Any] = {}

    async def main() -> None:
        runtime = LambdaRuntime(connection, folder / "function.log")
        gateway = Gateway(connection, api_id, account, runtime, folder / "access.log", sign_in or Starlette())
        await runtime.connect()
        server = uvicorn.Server(uvicorn.Config(gateway, port=0, log_level="warning", lifespan="off"))
        serve = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        found.update(
            server=server,
            served=ServedApi(f"http://127.0.0.1:{port}", gateway, runtime, asyncio.get_running_loop(), folder),
        )
        started.set()
        await serve
        await gateway.close()
        await runtime.close()

    def run() -> None:
        try:
            asyncio.run(main())
        finally:
            started.set()  # also where it failed: the thread's traceback has the reason

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(30)
    try:
        yield found["served"]
    finally:
        found["server"].should_exit = True
        thread.join(30)
