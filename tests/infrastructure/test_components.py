"""Each component creates what its docstring lists, with safe values."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pulumi
import pytest

from api.attachments.repository import CONFIRMED, PENDING
from infrastructure.components.alert_topic import AlertTopic, AlertTopicArgs
from infrastructure.components.attachment_bucket import AttachmentBucket, AttachmentBucketArgs
from infrastructure.components.canary_deployment import CanaryDeployment, CanaryDeploymentArgs
from infrastructure.components.dashboard import Dashboard, DashboardArgs
from infrastructure.components.monthly_budget import MonthlyBudget, MonthlyBudgetArgs
from infrastructure.components.secret import Secret as SecretComponent
from infrastructure.components.secret import SecretArgs
from infrastructure.components.table import Table, TableArgs
from infrastructure.settings.groups import BudgetSettings, DataSettings
from tests.support.programs import registered
from toolkit.stacks import ResourceGraph, Secret


def made(graph: ResourceGraph) -> Counter[str]:
    """Return the number of resources per type, without the stack."""
    resources = (one for one in graph.resources[1:] if not one.type.startswith("pulumi:providers:"))
    return Counter(resource.type.split(":")[-1] for resource in resources)


def inputs(graph: ResourceGraph, kind: str) -> Any:
    """The inputs of the only resource of this kind."""
    (resource,) = (resource for resource in graph.resources if resource.type.endswith(f":{kind}"))
    return resource.inputs


def statements(document: str) -> dict[str, Any]:
    """The statements of a policy document by their names."""
    return {statement["Sid"]: statement for statement in json.loads(document)["Statement"]}


def test_table_has_limits_encryption_recovery_and_ttl(tmp_path: Path) -> None:
    data = DataSettings.model_validate({"max-reads-per-second": 7, "max-writes-per-second": 5})
    graph = registered(tmp_path, lambda: Table("items", TableArgs(data=data, protect=True)))

    assert made(graph) == {"Table": 2}  # the component and the table
    assert graph.resources[-1].protect
    assert graph.resources[-1].inputs == {
        "attributes": [{"name": "owner", "type": "S"}, {"name": "record", "type": "S"}],
        "billingMode": "PAY_PER_REQUEST",
        "deletionProtectionEnabled": True,
        "hashKey": "owner",
        "onDemandThroughput": {"maxReadRequestUnits": 7, "maxWriteRequestUnits": 5},
        "pointInTimeRecovery": {"enabled": True},
        "rangeKey": "record",
        "serverSideEncryption": {"enabled": True},
        "ttl": {"attributeName": "expires_at", "enabled": True},
    }


@pytest.mark.parametrize(("origins", "cors"), [((), 0), (("https://app.example",), 1)])
def test_attachment_bucket_is_private_and_requires_tls(tmp_path: Path, origins: tuple[str, ...], cors: int) -> None:
    args = AttachmentBucketArgs(data=DataSettings(), origins=origins, protect=False)
    graph = registered(tmp_path, lambda: AttachmentBucket("files", args))

    assert made(graph) == Counter(
        AttachmentBucket=1,
        Bucket=1,
        BucketPublicAccessBlock=1,
        BucketOwnershipControls=1,
        BucketPolicy=1,
        BucketVersioning=1,
        BucketServerSideEncryptionConfiguration=1,
        BucketLifecycleConfiguration=1,
        BucketCorsConfiguration=cors,
    )
    block = {key: value for key, value in inputs(graph, "BucketPublicAccessBlock").items() if key != "bucket"}
    assert block == dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    assert inputs(graph, "BucketOwnershipControls")["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    assert inputs(graph, "BucketVersioning")["versioningConfiguration"] == {"status": "Enabled"}
    every, unconfirmed = inputs(graph, "BucketLifecycleConfiguration")["rules"]
    assert every["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 2}
    assert every["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert "days" not in every["expiration"], "a confirmed attachment never expires"
    assert unconfirmed == {
        "id": "expire-uploads-that-no-request-confirmed",
        "status": "Enabled",
        "filter": {"prefix": PENDING},
        "expiration": {"days": 7},
        "noncurrentVersionExpiration": {"noncurrentDays": 1},
    }
    assert not CONFIRMED.startswith(PENDING)
    (tls_only,) = statements(inputs(graph, "BucketPolicy")["policy"]).values()
    assert (tls_only["Effect"], tls_only["Principal"]) == ("Deny", "*")
    assert tls_only["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(tls_only["Resource"]) == 2


def test_secret_has_type_token_with_its_name_and_encrypted_value(tmp_path: Path) -> None:
    def build() -> None:
        args = SecretArgs(value=pulumi.Output.secret("k" * 32), description="A key", recovery_days=30, protect=True)
        SecretComponent("cursor-key", args)

    graph = registered(tmp_path, build)

    assert made(graph) == {"CursorKey": 1, "Secret": 1, "SecretVersion": 1}
    assert inputs(graph, "SecretVersion")["secretString"] == Secret("k" * 32)
    assert inputs(graph, "Secret")["recoveryWindowInDays"] == 30


def test_alert_topic_is_encrypted_with_key_for_its_publishers(tmp_path: Path) -> None:
    args = AlertTopicArgs(account_id="123456789012", email="a@b.example", key_alias="alerts", protect=False)
    graph = registered(tmp_path, lambda: AlertTopic("alerts", args))

    assert made(graph) == {"AlertTopic": 1, "Key": 1, "Alias": 1, "Topic": 1, "TopicPolicy": 1, "TopicSubscription": 1}
    key = inputs(graph, "Key")
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)
    assert inputs(graph, "Topic")["kmsMasterKeyId"].startswith("arn:aws:kms:")
    services = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    own_account = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    encrypt = statements(key["policy"])["PublishersEncrypt"]
    publish = statements(inputs(graph, "TopicPolicy")["policy"])["PublishersPublish"]
    for statement in (encrypt, publish):
        assert (statement["Principal"], statement["Condition"]) == ({"Service": services}, own_account)
    assert statements(inputs(graph, "TopicPolicy")["policy"])["TlsOnly"]["Effect"] == "Deny"


def test_notices_have_separate_topic_if_address_is_set(tmp_path: Path) -> None:
    args = AlertTopicArgs(
        account_id="123456789012", email="a@b.example", notices_email="c@b.example", key_alias="alerts", protect=False
    )
    graph = registered(tmp_path, lambda: AlertTopic("alerts", args))

    subscribed = graph.of_type("aws:sns/topicSubscription:TopicSubscription")
    assert {one.name: one.inputs["endpoint"] for one in subscribed} == {
        "alerts-email": "a@b.example",
        "alerts-email-notices": "c@b.example",
    }
    assert made(graph)["TopicPolicy"] == made(graph)["Topic"] == 2
    assert made(graph)["Key"] == 1


def test_canary_deployment_shifts_ten_percent_and_rolls_back_on_alarm(tmp_path: Path) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:api"

    def build() -> None:
        args = CanaryDeploymentArgs(
            account_id="333333333333",
            function_arn=pulumi.Output.from_input(arn),
            alarm_names=["errors", "latency"],
        )
        CanaryDeployment("delivery", args)

    graph = registered(tmp_path, build)

    assert made(graph) == {"Delivery": 1, "Role": 1, "RolePolicy": 1, "Application": 1, "DeploymentGroup": 1}
    assert inputs(graph, "Application")["computePlatform"] == "Lambda"
    group = inputs(graph, "DeploymentGroup")
    assert group["deploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert group["deploymentStyle"] == {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
    assert group["alarmConfiguration"] == {
        "alarms": ["errors", "latency"],
        "enabled": True,
        "ignorePollAlarmFailure": False,
    }
    assert group["autoRollbackConfiguration"] == {
        "enabled": True,
        "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    }
    (trust,) = json.loads(inputs(graph, "Role")["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "codedeploy.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "333333333333"}}
    allowed = statements(inputs(graph, "RolePolicy")["policy"])
    assert allowed["MoveTheAlias"]["Resource"] == [arn, f"{arn}:*"]
    assert {name: statement["Action"] for name, statement in allowed.items()} == {
        "MoveTheAlias": ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
        "SeeTheAlarms": "cloudwatch:DescribeAlarms",
    }


def test_dashboard_has_metrics_of_api_function_and_tables(tmp_path: Path) -> None:
    args = DashboardArgs(
        dashboard_name="d",
        region="eu-west-1",
        service="s",
        function_name="f",
        api_id="a",
        tables={"items": "t1", "sessions": "t2"},
        functions={},
        queues={},
    )
    graph = registered(tmp_path, lambda: Dashboard("service", args))

    assert made(graph) == {"Dashboard": 2}
    widgets = json.loads(graph.resources[-1].inputs["dashboardBody"])["widgets"]
    lines = [line for widget in widgets for line in widget["properties"]["metrics"]]
    assert {tuple(line[2:]) for line in lines} == {
        ("ApiId", "a"),
        ("FunctionName", "f"),
        ("FunctionName", "f", "service", "s"),
        ("TableName", "t1"),
        ("TableName", "t2"),
    }
    places = [(widget["x"], widget["y"]) for widget in widgets]
    assert len(set(places)) == len(places)


def test_budget_notifies_at_80_and_100_percent(tmp_path: Path) -> None:
    settings = BudgetSettings.model_validate({"monthly-usd": 42, "email": "a@b.example"})
    graph = registered(
        tmp_path, lambda: MonthlyBudget("monthly", MonthlyBudgetArgs(settings=settings, topic_arn="topic"))
    )

    assert made(graph) == {"MonthlyBudget": 1, "Budget": 1}
    budget = inputs(graph, "Budget")
    assert (budget["limitAmount"], budget["limitUnit"], budget["timeUnit"]) == ("42", "USD", "MONTHLY")
    assert [
        (notification["notificationType"], notification["threshold"]) for notification in budget["notifications"]
    ] == [
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    for notification in budget["notifications"]:
        assert (notification["subscriberEmailAddresses"], notification["subscriberSnsTopicArns"]) == (
            ["a@b.example"],
            ["topic"],
        )
