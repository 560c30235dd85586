"""The service, part by part in reading order."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from infrastructure.components.alarms import Alarms, AlarmsArgs, Canary
from infrastructure.components.alert_topic import AlertTopic, AlertTopicArgs
from infrastructure.components.api_function import ApiFunction, ApiFunctionArgs
from infrastructure.components.attachment_bucket import AttachmentBucket, AttachmentBucketArgs
from infrastructure.components.cursor_key import CursorKey, CursorKeyArgs
from infrastructure.components.dashboard import Dashboard, DashboardArgs
from infrastructure.components.delivery import Delivery, DeliveryArgs
from infrastructure.components.function_role import Reach
from infrastructure.components.http_api import HttpApi, HttpApiArgs
from infrastructure.components.log_key import LogKey, LogKeyArgs
from infrastructure.components.monthly_budget import MonthlyBudget, MonthlyBudgetArgs
from infrastructure.components.sign_in import SignIn, SignInArgs
from infrastructure.components.table import Table, TableArgs
from infrastructure.entrance import Entrance, digests
from infrastructure.package import load_package
from infrastructure.settings import StackSettings
from infrastructure.tags import default_tags


class Service:
    """Everything that a stack is made of."""

    def __init__(
        self, settings: StackSettings, region: str, cursor_key: pulumi.Output[str], origin_keys: Sequence[str]
    ) -> None:
        self._settings, self._region, self._origin_keys = settings, region, origin_keys
        self._project, stack = pulumi.get_project(), pulumi.get_stack()
        self._stack, self._name = stack, f"{self._project}-{stack}"
        self._opts = pulumi.ResourceOptions(providers=[self._provider()])
        self._function_log = f"/{self._project}/{stack}/function"
        self._access_log = f"/aws/vendedlogs/{self._project}/{stack}/access"

        self.items = self._table("items")
        self.sessions = self._table("sessions")
        self.attachments = AttachmentBucket(
            "attachments",
            AttachmentBucketArgs(
                data=settings.data,
                origins=settings.api.cors_origins,
                protect=settings.keeps_data,
                disposable=settings.expires_on is not None,
            ),
            self._opts,
        )
        self.cursor_key = CursorKey(
            "cursor-key",
            CursorKeyArgs(
                value=cursor_key, recovery_days=settings.data.secret_recovery_days, protect=settings.keeps_data
            ),
            self._opts,
        )
        self.log_key = self._log_key() if settings.encrypts_logs else None
        self.sign_in = self._sign_in()
        self.function = self._function()
        self.api = self._api()
        self.url = Entrance(self.api, settings, region, origin_keys, self._opts).url
        self.dashboard, self.alarms = self._watched()
        self.delivery = self._delivery() if settings.delivers_gradually else None

    @property
    def outputs(self) -> Mapping[str, pulumi.Output[str]]:
        """What the stack tells those who deploy, test or call it."""
        delivery = self.delivery
        moved = {"delivery_application": delivery.application, "delivery_group": delivery.group} if delivery else {}
        return {
            **moved,
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
            "item_table": self.items.name,
            "session_table": self.sessions.name,
            "attachment_bucket": self.attachments.name,
            "dashboard_url": self.dashboard.url,
        }

    def _provider(self) -> aws.Provider:
        """Everything goes to one region of one account, and carries the tags."""
        return aws.Provider(
            "aws",
            region=self._region,
            allowed_account_ids=[self._settings.account_id],
            default_tags={"tags": default_tags(self._project, self._stack, self._settings)},
        )

    def _table(self, name: str) -> Table:
        return Table(name, TableArgs(data=self._settings.data, protect=self._settings.keeps_data), self._opts)

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
                reach=Reach(
                    item_table=self.items.arn,
                    session_table=self.sessions.arn,
                    bucket=self.attachments.arn,
                    secret=self.cursor_key.arn,
                    log_group=f"arn:aws:logs:{self._region}:{settings.account_id}:log-group:{self._function_log}",
                ),
                delivered=settings.delivers_gradually,
                boundary_arn=settings.boundary_arn,
            ),
            self._opts,
        )

    def _environment(self, version: str) -> dict[str, pulumi.Input[str]]:
        """What the function is told; secrets by ARN only."""
        settings = self._settings
        variables: dict[str, pulumi.Input[str]] = {
            "ENVIRONMENT": settings.environment,
            "SERVICE_VERSION": version,
            "ITEM_TABLE": self.items.name,
            "SESSION_TABLE": self.sessions.name,
            "ATTACHMENT_BUCKET": self.attachments.name,
            "CURSOR_KEY_SECRET_ARN": self.cursor_key.arn,
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
        if self._origin_keys:
            variables["ORIGIN_KEY_DIGESTS"] = digests(self._origin_keys)
        return variables

    def _api(self) -> HttpApi:
        settings = self._settings
        return HttpApi(
            "http",
            HttpApiArgs(
                settings=settings.api,
                docs=settings.serves_docs,
                own_name=settings.domain is not None,
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

    def _watched(self) -> tuple[Dashboard, Alarms]:
        """Create a dashboard, alarms, a budget and the topics that both notify."""
        settings, tables = self._settings, {"items": self.items.name, "sessions": self.sessions.name}
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
                canary=Canary(self.function.alias, self.function.version) if settings.delivers_gradually else None,
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

    def _delivery(self) -> Delivery:
        return Delivery(
            "delivery",
            DeliveryArgs(
                account_id=self._settings.account_id,
                function_arn=self.function.arn,
                alarm_names=self.alarms.of_canary,
                boundary_arn=self._settings.boundary_arn,
            ),
            self._opts,
        )
