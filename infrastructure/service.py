"""The composition of the stack: its components in reading order."""

import hashlib
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

import api.definition
from api.definition import BUCKETS, FUNCTIONS, PARAMETERS, QUEUES, STREAMS, TABLES
from infrastructure.components.alarms import Alarms, AlarmsArgs, Canary, EventMonitoring
from infrastructure.components.alert_topic import AlertTopic, AlertTopicArgs
from infrastructure.components.attachment_bucket import AttachmentBucket, AttachmentBucketArgs
from infrastructure.components.canary_deployment import CanaryDeployment, CanaryDeploymentArgs
from infrastructure.components.dashboard import Dashboard, DashboardArgs
from infrastructure.components.function_role import FunctionResources, api_permissions
from infrastructure.components.http_api import HttpApi, HttpApiArgs
from infrastructure.components.lambda_function import LambdaFunction, LambdaFunctionArgs
from infrastructure.components.log_key import LogKey, LogKeyArgs
from infrastructure.components.monthly_budget import MonthlyBudget, MonthlyBudgetArgs
from infrastructure.components.parameter import Parameter, ParameterArgs
from infrastructure.components.secret import Secret, SecretArgs
from infrastructure.components.sign_in import SignIn, SignInArgs
from infrastructure.components.table import Table, TableArgs
from infrastructure.endpoint import Endpoint
from infrastructure.events import EventFunctions, EventFunctionsArgs, Messages, timeout_seconds, worker_settings
from infrastructure.package import Package, load_package
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
        self._log_prefix = f"/{self._project}/{stack}"
        self._access_log = f"/aws/vendedlogs/{self._project}/{stack}/access"

        self.tables = {table.name: self._table(table) for table in TABLES}
        self.buckets = {bucket.name: self._bucket(bucket.name) for bucket in BUCKETS}
        self.secrets = {name: self._secret(name, value) for name, value in secrets.items()}
        self.parameters = {parameter.name: self._parameter(parameter) for parameter in PARAMETERS}
        self.messages = Messages(settings, self._opts)
        self.log_key = self._log_key() if settings.encrypts_logs else None
        self.sign_in = self._sign_in()
        package = load_package(stack, settings.function)
        self.function = self._function(package)
        self.events = self._event_functions(package)
        self.api = self._api()
        self.url = Endpoint(self.api, settings, region, origin_keys, self._opts).url
        self.dashboard, self.alarms = self._monitoring()
        self.canary = self._canary() if settings.deploys_by_canary else None

    @property
    def outputs(self) -> Mapping[str, pulumi.Output[str]]:
        """The outputs of the stack."""
        canary, machine_clients = self.canary, self.sign_in.machine_clients.items()
        codedeploy = {"delivery_application": canary.application, "delivery_group": canary.group} if canary else {}
        return {
            **codedeploy,
            "api_url": self.url,
            "api_id": self.api.id,
            "user_pool_id": self.sign_in.pool_id,
            "web_client_id": self.sign_in.web_client_id,
            **{client.id_output: created.id for client, created in machine_clients},
            **{client.secret_output: created.client_secret for client, created in machine_clients},
            "sign_in_url": self.sign_in.url,
            "function_name": self.function.name,
            "function_alias": self.function.alias,
            "function_version": self.function.version,
            **{name.lower(): value for name, value in (self._storage() | self.messages.variables).items()},
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
        settings, stream = self._settings, any(stream.table == table for stream in STREAMS)
        args = TableArgs(data=settings.data, protect=settings.keeps_data, indexes=table.indexes, stream=stream)
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
            description=settings.secret_descriptions[name],
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
                log_groups=(f"{self._log_prefix}/*", self._access_log),
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

    def _parameter(self, parameter: api.definition.Parameter) -> Parameter:
        args = ParameterArgs(
            parameter_name=f"/{self._project}/{self._stack}/{parameter.name}",
            value=self._settings.parameters[parameter.name],
            description=parameter.description,
        )
        return Parameter(parameter.name, args, self._opts)

    def _function(self, package: Package) -> LambdaFunction:
        settings, function = self._settings, self._settings.function
        log_group = f"{self._log_prefix}/function"
        return LambdaFunction(
            "api",
            LambdaFunctionArgs(
                description=f"Answers {self._project}",
                handler="api.lambda_handler.handler",
                package=package,
                environment=self._environment(package.version),
                memory_mb=function.memory_mb,
                timeout_seconds=function.timeout_seconds,
                reserved_concurrency=function.reserved_concurrency,
                log_level=function.log_level,
                log_group_name=log_group,
                log_retention_days=function.log_retention_days,
                log_key=self.log_key,
                permissions=api_permissions(self._resources, self._log_group_arn(log_group)),
                boundary_arn=settings.boundary_arn,
                snapstart=function.start_mode == "snapstart",
                provisioned_concurrency=function.provisioned_concurrency,
                codedeploy_moves_alias=settings.deploys_by_canary,
            ),
            self._opts,
        )

    def _event_functions(self, package: Package) -> EventFunctions:
        args = EventFunctionsArgs(
            settings=self._settings,
            region=self._region,
            package=package,
            environment=self._common_environment(package.version),
            log_prefix=self._log_prefix,
            log_key=self.log_key,
            resources=self._resources,
            tables=self.tables,
            buckets=self.buckets,
            messages=self.messages,
        )
        return EventFunctions(args, self._opts)

    @property
    def _resources(self) -> FunctionResources:
        """The ARNs of what functions use."""
        return FunctionResources(
            tables={name: table.arn for name, table in self.tables.items()},
            buckets={name: bucket.arn for name, bucket in self.buckets.items()},
            secrets={name: secret.arn for name, secret in self.secrets.items()},
            queues={name: queue.arn for name, queue in self.messages.queues.items()},
            topics={name: topic.arn for name, topic in self.messages.topics.items()},
            parameters={name: parameter.arn for name, parameter in self.parameters.items()},
        )

    def _log_group_arn(self, name: str) -> str:
        return f"arn:aws:logs:{self._region}:{self._settings.account_id}:log-group:{name}"

    def _environment(self, version: str) -> dict[str, pulumi.Input[str]]:
        """Return the environment variables of the function; of a secret it gets the ARN."""
        settings = self._settings
        variables: dict[str, pulumi.Input[str]] = {
            **self._common_environment(version),
            **self._storage(),
            **self.messages.variables,
            **settings.function.environment,
            **{parameter.variable: self.parameters[parameter.name].name for parameter in PARAMETERS},
            **{settings.secret_variables[name]: secret.arn for name, secret in self.secrets.items()},
            "RATE_LIMIT_PER_MINUTE": str(settings.api.caller_requests_per_minute),
            "SIGN_IN_URL": self.sign_in.url,
            "WEB_CLIENT_ID": self.sign_in.web_client_id,
            "DOCS_ENABLED": "true" if settings.serves_docs else "false",
        }
        if settings.api.docs_assets_url:
            variables["DOCS_ASSETS_URL"] = settings.api.docs_assets_url
        if not settings.function.cold_start_patches:
            variables["COLD_START_PATCHES"] = "off"
        if self._origin_keys:  # with digests the function can check a key, not create one
            digests = [hashlib.sha256(key.encode()).hexdigest() for key in self._origin_keys]
            variables["ORIGIN_KEY_DIGESTS"] = ",".join(digests)
        return variables

    def _common_environment(self, version: str) -> dict[str, pulumi.Input[str]]:
        """Return the environment variables that all functions have."""
        return {
            "ENVIRONMENT": self._settings.environment,
            "SERVICE_VERSION": version,
            "POWERTOOLS_SERVICE_NAME": self._project,
            "POWERTOOLS_METRICS_NAMESPACE": self._project,
            "POWERTOOLS_LOG_LEVEL": self._settings.function.log_level,
        }

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
                audiences=(
                    self.sign_in.web_client_id,
                    *(client.id for client in self.sign_in.machine_clients.values()),
                ),
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
                functions=self._event_monitoring(),
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
                functions={name: function.name for name, function in self.events.functions.items()},
                queues={name: queue.name for name, queue in self.messages.queues.items()},
            ),
            self._opts,
        )
        return dashboard, alarms

    def _event_monitoring(self) -> dict[str, EventMonitoring]:
        """Return what the alarms of each function that events invoke compare."""
        return {
            function.name: EventMonitoring(
                settings=worker_settings(function, self._settings),
                function_name=self.events.functions[function.name].name,
                timeout_seconds=timeout_seconds(function, self._settings),
                dead_letters_name=self.messages.dead_letters[function.name].name,
                queues={q.name: self.messages.queues[q.name].name for q in QUEUES if q.worker == function},
            )
            for function in FUNCTIONS
        }

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
