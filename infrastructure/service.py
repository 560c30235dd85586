"""The composition of the stack: its components in reading order."""

import hashlib
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

import api.definition
from api.definition import BUCKETS, SECRETS, TABLES, secret_variable
from infrastructure.components.alarms import Alarms, AlarmsArgs, Canary
from infrastructure.components.alert_topic import AlertTopic, AlertTopicArgs
from infrastructure.components.api_function import ApiFunction, ApiFunctionArgs
from infrastructure.components.attachment_bucket import AttachmentBucket, AttachmentBucketArgs
from infrastructure.components.canary_deployment import CanaryDeployment, CanaryDeploymentArgs
from infrastructure.components.dashboard import Dashboard, DashboardArgs
from infrastructure.components.function_role import FunctionResources
from infrastructure.components.http_api import HttpApi, HttpApiArgs
from infrastructure.components.log_key import LogKey, LogKeyArgs
from infrastructure.components.monthly_budget import MonthlyBudget, MonthlyBudgetArgs
from infrastructure.components.secret import Secret, SecretArgs
from infrastructure.components.sign_in import SignIn, SignInArgs
from infrastructure.components.table import Table, TableArgs
from infrastructure.endpoint import Endpoint
from infrastructure.package import load_package
from infrastructure.settings.stack import StackSettings


class Service:
    """The components of a stack."""

    def __init__(
        self,
        settings: StackSettings,
        region: str,
        secrets: Mapping[str, pulumi.Output[str]],
        origin_keys: Sequence[str],
    ) -> None:
        self._settings, self._region, self._origin_keys = settings, region, origin_keys
        self._project, stack = pulumi.get_project(), pulumi.get_stack()
        self._stack, self._name = stack, f"{self._project}-{stack}"
        self._opts = pulumi.ResourceOptions(providers=[self._provider()])
        self._function_log = f"/{self._project}/{stack}/function"
        self._access_log = f"/aws/vendedlogs/{self._project}/{stack}/access"

        self.tables = {table.name: self._table(table) for table in TABLES}
        self.buckets = {bucket.name: self._bucket(bucket.name) for bucket in BUCKETS}
        self.secrets = {name: self._secret(name, value) for name, value in secrets.items()}
        self.log_key = self._log_key() if settings.encrypts_logs else None
        self.sign_in = self._sign_in()
        self.function = self._function()
        self.api = self._api()
        self.url = Endpoint(self.api, settings, region, origin_keys, self._opts).url
        self.dashboard, self.alarms = self._monitoring()
        self.canary = self._canary() if settings.deploys_by_canary else None

    @property
    def outputs(self) -> Mapping[str, pulumi.Output[str]]:
        """The outputs of the stack."""
        canary = self.canary
        codedeploy = {"delivery_application": canary.application, "delivery_group": canary.group} if canary else {}
        return {
            **codedeploy,
            "api_url": self.url,
            "api_id": self.api.id,
            "user_pool_id": self.sign_in.pool_id,
            "web_client_id": self.sign_in.web_client_id,
            "machine_client_id": self.sign_in.machine_client_id,
            "machine_client_secret": self.sign_in.machine_client_secret,
            "sign_in_url": self.sign_in.url,
            "function_name": self.function.name,
            "function_alias": self.function.alias,
            "function_version": self.function.version,
            **{name.lower(): value for name, value in self._storage().items()},
            "dashboard_url": self.dashboard.url,
        }

    def _provider(self) -> aws.Provider:
        """Create the provider for one region of one account, with the tags for cost allocation and ownership."""
        settings = self._settings
        tags = {
            "project": self._project,
            "stack": self._stack,
            "owner": settings.owner,
            "cost-center": settings.cost_center,
        }
        if settings.expires_on:
            tags["expires-on"] = settings.expires_on.isoformat()
        account, region = [settings.account_id], self._region
        return aws.Provider("aws", region=region, allowed_account_ids=account, default_tags={"tags": tags})

    def _table(self, table: api.definition.Table) -> Table:
        settings = self._settings
        args = TableArgs(data=settings.data, protect=settings.keeps_data, indexes=table.indexes)
        return Table(table.name, args, self._opts)

    def _bucket(self, name: str) -> AttachmentBucket:
        settings = self._settings
        args = AttachmentBucketArgs(
            data=settings.data,
            origins=settings.api.cors_origins,
            protect=settings.keeps_data,
            disposable=settings.expires_on is not None,
        )
        return AttachmentBucket(name, args, self._opts)

    def _storage(self) -> dict[str, pulumi.Output[str]]:
        """Return the names of tables and buckets by the function's environment variables."""
        tables = {table.variable: self.tables[table.name].name for table in TABLES}
        return tables | {bucket.variable: self.buckets[bucket.name].name for bucket in BUCKETS}

    def _secret(self, name: str, value: pulumi.Output[str]) -> Secret:
        settings = self._settings
        args = SecretArgs(
            value=value,
            description=SECRETS[name],
            recovery_days=settings.data.secret_recovery_days,
            protect=settings.keeps_data,
        )
        return Secret(name, args, self._opts)

    def _log_key(self) -> pulumi.Output[str]:
        settings = self._settings
        key = LogKey(
            "logs",
            LogKeyArgs(
                account_id=settings.account_id,
                region=self._region,
                alias=f"{self._name}-logs",
                log_groups=(self._function_log, self._access_log),
                protect=settings.keeps_data,
            ),
            self._opts,
        )
        return key.arn

    def _sign_in(self) -> SignIn:
        settings = self._settings
        return SignIn(
            "sign-in",
            SignInArgs(
                settings=settings.sign_in,
                domain_prefix=settings.sign_in.domain_prefix or f"{self._name}-{settings.account_id}",
                region=self._region,
                deletion_protection=settings.data.deletion_protection,
                protect=settings.keeps_data,
            ),
            self._opts,
        )

    def _function(self) -> ApiFunction:
        settings = self._settings
        package = load_package(self._stack, settings.function)
        return ApiFunction(
            "api",
            ApiFunctionArgs(
                settings=settings.function,
                package=package,
                environment=self._environment(package.version),
                log_group_name=self._function_log,
                log_key=self.log_key,
                resources=FunctionResources(
                    tables={name: table.arn for name, table in self.tables.items()},
                    buckets={name: bucket.arn for name, bucket in self.buckets.items()},
                    secrets={name: secret.arn for name, secret in self.secrets.items()},
                    log_group=f"arn:aws:logs:{self._region}:{settings.account_id}:log-group:{self._function_log}",
                ),
                codedeploy_moves_alias=settings.deploys_by_canary,
                boundary_arn=settings.boundary_arn,
            ),
            self._opts,
        )

    def _environment(self, version: str) -> dict[str, pulumi.Input[str]]:
        """Return the environment variables of the function; of a secret it gets the ARN."""
        settings = self._settings
        variables: dict[str, pulumi.Input[str]] = {
            "ENVIRONMENT": settings.environment,
            "SERVICE_VERSION": version,
            **self._storage(),
            **{secret_variable(name): secret.arn for name, secret in self.secrets.items()},
            "RATE_LIMIT_PER_MINUTE": str(settings.api.caller_requests_per_minute),
            "SIGN_IN_URL": self.sign_in.url,
            "WEB_CLIENT_ID": self.sign_in.web_client_id,
            "DOCS_ENABLED": "true" if settings.serves_docs else "false",
            "POWERTOOLS_SERVICE_NAME": self._project,
            "POWERTOOLS_METRICS_NAMESPACE": self._project,
            "POWERTOOLS_LOG_LEVEL": settings.function.log_level,
        }
        if settings.api.docs_assets_url:
            variables["DOCS_ASSETS_URL"] = settings.api.docs_assets_url
        if not settings.function.cold_start_patches:
            variables["COLD_START_PATCHES"] = "off"
        if self._origin_keys:  # with digests the function can check a key, not create one
            digests = [hashlib.sha256(key.encode()).hexdigest() for key in self._origin_keys]
            variables["ORIGIN_KEY_DIGESTS"] = ",".join(digests)
        return variables

    def _api(self) -> HttpApi:
        settings = self._settings
        return HttpApi(
            "http",
            HttpApiArgs(
                settings=settings.api,
                docs=settings.serves_docs,
                has_custom_domain=settings.domain is not None,
                access_log_name=self._access_log,
                log_key=self.log_key,
                issuer=self.sign_in.issuer,
                audiences=(self.sign_in.web_client_id, self.sign_in.machine_client_id),
                function_name=self.function.name,
                function_alias=self.function.alias,
                function_invoke_arn=self.function.invoke_arn,
            ),
            self._opts,
        )

    def _monitoring(self) -> tuple[Dashboard, Alarms]:
        """Create dashboard, alarms and budget, and the topics that both notify."""
        settings, tables = self._settings, {name: table.name for name, table in self.tables.items()}
        topic = AlertTopic(
            "alerts",
            AlertTopicArgs(
                account_id=settings.account_id,
                email=settings.alarms.email,
                notices_email=settings.alarms.notices_email,
                key_alias=f"{self._name}-alerts",
                protect=settings.keeps_data,
            ),
            self._opts,
        )
        alarms = Alarms(
            "alarms",
            AlarmsArgs(
                settings=settings.alarms,
                page_topic=topic.arn,
                notices_topic=topic.notices_arn,
                service=self._project,
                function_name=self.function.name,
                canary=Canary(self.function.alias, self.function.version) if settings.deploys_by_canary else None,
                api_id=self.api.id,
                tables=tables,
            ),
            self._opts,
        )
        MonthlyBudget("monthly", MonthlyBudgetArgs(settings=settings.budget, topic_arn=topic.notices_arn), self._opts)
        dashboard = Dashboard(
            "service",
            DashboardArgs(
                dashboard_name=self._name,
                region=self._region,
                service=self._project,
                function_name=self.function.name,
                api_id=self.api.id,
                tables=tables,
            ),
            self._opts,
        )
        return dashboard, alarms

    def _canary(self) -> CanaryDeployment:
        return CanaryDeployment(
            "delivery",
            CanaryDeploymentArgs(
                account_id=self._settings.account_id,
                function_arn=self.function.arn,
                alarm_names=self.alarms.canary_alarms,
                boundary_arn=self._settings.boundary_arn,
            ),
            self._opts,
        )
