"""A function with published versions in the embedded AWS, with or without canary deployment, behind a fake API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.api_fake import ApiFake, api_fake
from tests.support.aws import shared_aws, unique
from tests.support.functions import DeployedFunction, deploy
from toolkit.pipeline.deploy.canary import CanaryDeployment
from toolkit.pipeline.deploy.live_alias import LiveAlias
from toolkit.pipeline.deploy.released_stack import ReleasedStack

SOURCE = "def handler(event, context): ..."


@dataclass(frozen=True)
class Released:
    """The function, its application in CodeDeploy, and a fake API for what its alias serves."""

    function: DeployedFunction
    application: str
    alarm: str
    api: ApiFake

    @property
    def live(self) -> str:
        """The version that the alias names."""
        alias: dict[str, Any] = self._lambda.get_alias(FunctionName=self.function.name, Name="live")
        return str(alias["FunctionVersion"])

    @property
    def weights(self) -> dict[str, float]:
        """Return the weights of the additional versions of the alias."""
        alias: dict[str, Any] = self._lambda.get_alias(FunctionName=self.function.name, Name="live")
        return dict((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})

    def publish(self) -> str:
        """A new version that calls itself release-<number>; the alias stays."""
        after = int(self._lambda.list_versions_by_function(FunctionName=self.function.name)["Versions"][-1]["Version"])
        variables = {"Variables": {"SERVICE_VERSION": f"release-{after + 1}"}}
        self._lambda.update_function_configuration(FunctionName=self.function.name, Environment=variables)
        version: str = self._lambda.publish_version(FunctionName=self.function.name)["Version"]
        return version

    def point_to(self, version: str) -> None:
        """Move the alias as an update does."""
        self._lambda.update_alias(FunctionName=self.function.name, Name="live", FunctionVersion=version)

    def begin(self, before: str, after: str) -> str:
        """Begin a gradual canary deployment; its id."""
        properties = {"Name": self.function.name, "Alias": "live", "CurrentVersion": before, "TargetVersion": after}
        resources = [{"api": {"Type": "AWS::Lambda::Function", "Properties": properties}}]
        content = json.dumps({"version": 0.0, "Resources": resources})
        answer = (
            shared_aws()
            .connection.client("codedeploy")
            .create_deployment(
                applicationName=self.application,
                deploymentGroupName="live",
                revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": content}},
            )
        )
        return str(answer["deploymentId"])

    def ring(self) -> None:
        """Let the alarm speak that watches deliveries."""
        cloudwatch = shared_aws().connection.client("cloudwatch")
        cloudwatch.set_alarm_state(AlarmName=self.alarm, StateValue="ALARM", StateReason="errors")

    def stack(self, *, gradual: bool) -> ReleasedStack:
        """As a release sees it."""
        connection = shared_aws().connection
        outputs = {"api_url": self.api.url, "function_version": self.live}
        outputs |= {"delivery_application": self.application, "delivery_group": "live"} if gradual else {}
        alias = LiveAlias(self._lambda, self.function.name, "live")
        return ReleasedStack(outputs, alias, CanaryDeployment.of(connection.client("codedeploy"), outputs))

    @property
    def _lambda(self) -> Any:
        return shared_aws().connection.client("lambda")


@contextmanager
def released() -> Iterator[Released]:
    """Create a published version, which is live, and an application for its canary deployments."""
    connection, application = shared_aws().connection, unique("canary")
    function = deploy(connection, SOURCE, variables={"SERVICE_VERSION": "release-1"})
    alarm = unique("errors")
    connection.client("cloudwatch").put_metric_alarm(
        AlarmName=alarm, EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold", Threshold=1,
        MetricName="Errors", Namespace="AWS/Lambda", Period=60, Statistic="Sum",
    )  # fmt: skip
    codedeploy: Any = connection.client("codedeploy")
    codedeploy.create_application(applicationName=application, computePlatform="Lambda")
    codedeploy.create_deployment_group(
        applicationName=application,
        deploymentGroupName="live",
        deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes",
        serviceRoleArn="arn:aws:iam::123456789012:role/canary",
        alarmConfiguration={"enabled": True, "alarms": [{"name": alarm}]},
    )
    with api_fake() as api:
        yield Released(function, application, alarm, api)
