"""Sign-in: a Cognito user pool for users, and a client with a secret for each other program."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from api.definition import ADMINS, MACHINE_CLIENTS, RESOURCE_SERVER, SCOPES, MachineClient
from infrastructure.settings.groups import SignInSettings

_MFA = {"required": "ON", "optional": "OPTIONAL", "none": "OFF"}


@dataclass(frozen=True, kw_only=True)
class SignInArgs:
    """The settings of the user pool and of its sign-in pages."""

    settings: SignInSettings
    domain_prefix: str
    region: str
    deletion_protection: bool
    protect: bool


@final
class SignIn(pulumi.ComponentResource):
    """A Cognito user pool with sign-in pages, a client for web pages and the machine clients.

    It has no logs: Cognito logs sign-ins in tier PLUS only, and message errors only without a KMS key.

    Creates: aws.cognito.UserPool, ResourceServer, UserGroup, UserPoolDomain and a UserPoolClient for each client.
    """

    pool_id: pulumi.Output[str]
    issuer: pulumi.Output[str]
    url: pulumi.Output[str]
    web_client_id: pulumi.Output[str]
    machine_clients: Mapping[MachineClient, aws.cognito.UserPoolClient]

    def __init__(self, name: str, args: SignInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:identity:SignIn", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        pool = self._pool(name, args)
        web = self._web_client(name, pool, args.settings)
        server = self._resource_server(name, pool)
        self.machine_clients = {client: self._machine_client(name, pool, server, client) for client in MACHINE_CLIENTS}
        aws.cognito.UserGroup(
            f"{name}-admins",
            name=ADMINS,
            user_pool_id=pool.id,
            description="Operators",
            opts=self._child,
        )
        domain = aws.cognito.UserPoolDomain(
            f"{name}-domain", domain=args.domain_prefix, user_pool_id=pool.id, opts=self._child
        )
        self.pool_id = pool.id
        self.issuer = pulumi.Output.concat("https://", pool.endpoint)
        cognito_url = pulumi.Output.concat("https://", domain.domain, f".auth.{args.region}.amazoncognito.com")
        self.url = pulumi.Output.from_input(args.settings.base_url or cognito_url)
        self.web_client_id = web.id
        self.register_outputs({"pool_id": self.pool_id, "issuer": self.issuer, "url": self.url})

    def _pool(self, name: str, args: SignInArgs) -> aws.cognito.UserPool:
        settings = args.settings
        return aws.cognito.UserPool(
            f"{name}-pool",
            user_pool_tier=settings.tier,
            username_attributes=["email"],
            username_configuration={"case_sensitive": False},
            auto_verified_attributes=["email"],
            account_recovery_setting={"recovery_mechanisms": [{"name": "verified_email", "priority": 1}]},
            admin_create_user_config={"allow_admin_create_user_only": not settings.self_registration},
            password_policy={
                "minimum_length": settings.password_min_length,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": True,
                "temporary_password_validity_days": 3,
            },
            mfa_configuration=_MFA[settings.mfa],
            software_token_mfa_configuration=None if settings.mfa == "none" else {"enabled": True},
            # The tier includes threat protection, which is off by default.
            user_pool_add_ons={"advanced_security_mode": "ENFORCED"} if settings.tier == "PLUS" else None,
            deletion_protection="ACTIVE" if args.deletion_protection else "INACTIVE",
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )

    def _web_client(
        self, name: str, pool: aws.cognito.UserPool, settings: SignInSettings
    ) -> aws.cognito.UserPoolClient:
        password_flow = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] if settings.password_flow else []
        return aws.cognito.UserPoolClient(
            f"{name}-web-client",
            user_pool_id=pool.id,
            generate_secret=False,  # a web page cannot store one securely: it uses PKCE
            allowed_oauth_flows=["code"],
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_scopes=["openid", "email", "profile"],
            supported_identity_providers=["COGNITO"],
            callback_urls=list(settings.callback_urls),
            logout_urls=list(settings.logout_urls),
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", *password_flow],
            enable_token_revocation=True,
            prevent_user_existence_errors="ENABLED",
            access_token_validity=settings.access_token_minutes,
            id_token_validity=settings.access_token_minutes,
            refresh_token_validity=settings.refresh_token_days,
            token_validity_units={"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"},
            opts=self._child,
        )

    def _resource_server(self, name: str, pool: aws.cognito.UserPool) -> aws.cognito.ResourceServer:
        return aws.cognito.ResourceServer(
            f"{name}-scopes",
            identifier=RESOURCE_SERVER,
            name="Items API",
            user_pool_id=pool.id,
            scopes=[{"scope_name": scope, "scope_description": text} for scope, text in SCOPES.items()],
            opts=self._child,
        )

    def _machine_client(
        self, name: str, pool: aws.cognito.UserPool, server: aws.cognito.ResourceServer, client: MachineClient
    ) -> aws.cognito.UserPoolClient:
        return aws.cognito.UserPoolClient(
            f"{name}-{client.name}-client",
            user_pool_id=pool.id,
            generate_secret=True,
            allowed_oauth_flows=["client_credentials"],
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_scopes=server.scope_identifiers.apply(
                lambda identifiers: [scope for scope in identifiers if scope in client.scopes]
            ),
            supported_identity_providers=["COGNITO"],
            # Without a list Cognito lets users sign in through this client, by SRP and by custom flows.
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
            enable_token_revocation=True,
            prevent_user_existence_errors="ENABLED",
            access_token_validity=60,
            token_validity_units={"access_token": "minutes"},
            opts=self._child,
        )
