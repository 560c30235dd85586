"""Event source mappings and asynchronous invocations of the embedded AWS: what Lambda accepts and rejects."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, shared_aws, unique

QUEUE_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
STREAM_ACTIONS = ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream")


def client(service: str) -> Any:
    return shared_aws().connection.client(service)


def create_function(actions: Sequence[str], resource: str = "*", timeout: int = 30) -> str:
    """The name of a new function whose role may make these calls."""
    name, iam = unique("worker"), client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allow(name, actions, resource)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "")
    client("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler="main.x",
        Code={"ZipFile": code.getvalue()},
        Timeout=timeout,
        Publish=True,
    )
    client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return name


def allow(role: str, actions: Sequence[str], resource: str = "*") -> None:
    statement = {"Effect": "Allow", "Action": list(actions) or "none:None", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam").put_role_policy(RoleName=role, PolicyName="only", PolicyDocument=document)


def create_queue(name: str = "", **attributes: str) -> str:
    """The ARN of a new queue."""
    name = name or unique("queue")
    client("sqs").create_queue(QueueName=name, Attributes=attributes)
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"


def create_stream() -> str:
    """The ARN of the stream of a new table."""
    table = client("dynamodb").create_table(
        TableName=unique("table"),
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return str(table["TableDescription"]["LatestStreamArn"])


def connect(function: str, source: str, **settings: Any) -> dict[str, Any]:
    mapping: dict[str, Any] = client("lambda").create_event_source_mapping(
        FunctionName=function, EventSourceArn=source, **settings
    )
    return mapping


@pytest.mark.parametrize("form", ["{name}", "{name}:live", "arn:aws:lambda:us-east-1:{account}:function:{name}:live"])
def test_mapping_has_the_arn_of_the_function_or_alias(form: str) -> None:
    name = create_function(QUEUE_ACTIONS)
    mapping = connect(form.format(name=name, account=ACCOUNT), create_queue())
    qualifier = ":live" if form.endswith("live") else ""
    assert mapping["FunctionArn"] == f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}{qualifier}"
    updated = client("lambda").update_event_source_mapping(UUID=mapping["UUID"], BatchSize=5)
    assert (updated["FunctionArn"], updated["BatchSize"]) == (mapping["FunctionArn"], 5)


def test_update_to_an_alias_moves_the_mapping() -> None:
    name = create_function(QUEUE_ACTIONS)
    mapping = connect(name, create_queue())
    updated = client("lambda").update_event_source_mapping(UUID=mapping["UUID"], FunctionName=f"{name}:live")
    assert updated["FunctionArn"] == f"{mapping['FunctionArn']}:live"


def test_update_changes_metrics_and_pollers() -> None:
    mapping = connect(create_function(QUEUE_ACTIONS), create_queue())
    updated = client("lambda").update_event_source_mapping(
        UUID=mapping["UUID"], MetricsConfig={"Metrics": ["EventCount"]}
    )
    assert updated["MetricsConfig"] == {"Metrics": ["EventCount"]}


@pytest.mark.parametrize("missing", QUEUE_ACTIONS)
def test_role_without_an_action_on_the_queue_is_rejected(missing: str) -> None:
    name = create_function([action for action in QUEUE_ACTIONS if action != missing])
    action = missing.partition(":")[2]
    with pytest.raises(ClientError, match=f"execution role does not have permissions to call {action} on SQS"):
        connect(name, create_queue())
    assert client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"] == []


def test_role_with_permissions_on_another_queue_is_rejected() -> None:
    queue = create_queue()
    with pytest.raises(ClientError, match="to call ReceiveMessage on SQS"):
        connect(create_function(QUEUE_ACTIONS, f"{queue}-other"), queue)
    connect(create_function(QUEUE_ACTIONS, queue), queue)


def test_permissions_boundary_limits_the_role() -> None:
    name, queue = create_function(QUEUE_ACTIONS), create_queue()
    statement = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boundary = client("iam").create_policy(PolicyName=unique("boundary"), PolicyDocument=document)["Policy"]["Arn"]
    client("iam").put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    with pytest.raises(ClientError, match="to call ReceiveMessage on SQS"):
        connect(name, queue)


@pytest.mark.parametrize(("visibility", "accepted"), [("29", False), ("30", True), ("180", True)])
def test_visibility_timeout_below_the_functions_timeout_is_rejected(visibility: str, accepted: bool) -> None:
    name, queue = create_function(QUEUE_ACTIONS, timeout=30), create_queue(VisibilityTimeout=visibility)
    if accepted:
        connect(name, queue)
    else:
        sentence = "Queue visibility timeout: 29 seconds is less than Function timeout: 30 seconds"
        with pytest.raises(ClientError, match=rf"InvalidParameterValueException.*{sentence}"):
            connect(name, queue)


def test_large_batch_without_window_is_rejected() -> None:
    name, queue = create_function(QUEUE_ACTIONS), create_queue()
    with pytest.raises(ClientError, match="Maximum batch window in seconds must be greater than 0"):
        connect(name, queue, BatchSize=11)
    mapping = connect(name, queue, BatchSize=11, MaximumBatchingWindowInSeconds=1)
    with pytest.raises(ClientError, match="Maximum batch window in seconds must be greater than 0"):
        client("lambda").update_event_source_mapping(UUID=mapping["UUID"], MaximumBatchingWindowInSeconds=0)


def test_queue_that_does_not_exist_is_rejected() -> None:
    with pytest.raises(ClientError, match=r"SQS Error Code: AWS\.SimpleQueueService.NonExistentQueue"):
        connect(create_function(QUEUE_ACTIONS), f"arn:aws:sqs:us-east-1:{ACCOUNT}:none")


def test_second_mapping_of_queue_and_function_is_rejected() -> None:
    name, queue = create_function(QUEUE_ACTIONS), create_queue()
    uuid = connect(name, queue)["UUID"]
    with pytest.raises(ClientError, match=rf"ResourceConflictException.*already exists.*{uuid}"):
        connect(name, queue)
    connect(f"{name}:live", queue)


@pytest.mark.parametrize(
    "settings", [{"StartingPosition": "LATEST"}, {"MaximumRetryAttempts": 2}, {"BisectBatchOnFunctionError": True}]
)
def test_setting_of_streams_is_rejected_for_a_queue(settings: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match=f"Unsupported {min(settings)} parameter for given event source mapping type"):
        connect(create_function(QUEUE_ACTIONS), create_queue(), **settings)


def test_setting_of_queues_is_rejected_for_a_stream() -> None:
    settings = {"StartingPosition": "LATEST", "ScalingConfig": {"MaximumConcurrency": 2}}
    with pytest.raises(ClientError, match="Unsupported ScalingConfig parameter"):
        connect(create_function(STREAM_ACTIONS), create_stream(), **settings)


def test_stream_needs_a_starting_position() -> None:
    with pytest.raises(ClientError, match="startingPosition"):
        connect(create_function(STREAM_ACTIONS), create_stream())


@pytest.mark.parametrize("missing", STREAM_ACTIONS)
def test_role_without_an_action_on_the_stream_is_rejected(missing: str) -> None:
    name, stream = create_function([action for action in STREAM_ACTIONS if action != missing]), create_stream()
    with pytest.raises(ClientError, match=f"Cannot access stream {stream}. Please ensure the role can perform the"):
        connect(name, stream, StartingPosition="LATEST")


def test_role_must_reach_the_destination_of_failed_records() -> None:
    stream, failed = create_stream(), create_queue()
    settings = {"StartingPosition": "LATEST", "DestinationConfig": {"OnFailure": {"Destination": failed}}}
    name = create_function(STREAM_ACTIONS)
    with pytest.raises(ClientError, match="execution role does not have permissions to call SendMessage on SQS"):
        connect(name, stream, **settings)
    allow(name, [*STREAM_ACTIONS, "sqs:SendMessage"])
    assert connect(name, stream, **settings)["DestinationConfig"] == settings["DestinationConfig"]


def test_destination_of_failed_records_is_no_function() -> None:
    name = create_function([*STREAM_ACTIONS, "lambda:InvokeFunction"])
    target = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    with pytest.raises(ClientError, match=r"The destination ARN .* is invalid"):
        connect(
            name,
            create_stream(),
            StartingPosition="LATEST",
            DestinationConfig={"OnFailure": {"Destination": target}},
        )


def test_each_qualifier_has_its_own_settings_of_asynchronous_invocations() -> None:
    name, functions = create_function([]), client("lambda")
    functions.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=2)
    functions.put_function_event_invoke_config(FunctionName=name, Qualifier="live", MaximumRetryAttempts=1)
    functions.put_function_event_invoke_config(FunctionName=name, Qualifier="live", MaximumEventAgeInSeconds=60)
    found = functions.get_function_event_invoke_config(FunctionName=f"{name}:live")
    assert found["FunctionArn"].endswith(f"{name}:live")
    assert (found["MaximumEventAgeInSeconds"], found.get("MaximumRetryAttempts")) == (60, None)
    updated = functions.update_function_event_invoke_config(FunctionName=name, Qualifier="live", MaximumRetryAttempts=0)
    assert (updated["MaximumEventAgeInSeconds"], updated["MaximumRetryAttempts"]) == (60, 0)
    assert functions.get_function_event_invoke_config(FunctionName=name)["MaximumRetryAttempts"] == 2
    listed = functions.list_function_event_invoke_configs(FunctionName=name)["FunctionEventInvokeConfigs"]
    assert len(listed) == 2
    functions.delete_function_event_invoke_config(FunctionName=name, Qualifier="live")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        functions.get_function_event_invoke_config(FunctionName=name, Qualifier="live")


@pytest.mark.parametrize("target", [f"arn:aws:sqs:us-east-1:{ACCOUNT}:none", "arn:aws:s3:::bucket"])
def test_destination_that_is_no_target_is_rejected(target: str) -> None:
    with pytest.raises(ClientError, match=f"The destination ARN {target} is invalid"):
        client("lambda").put_function_event_invoke_config(
            FunctionName=create_function(["*"]), DestinationConfig={"OnFailure": {"Destination": target}}
        )


def test_fifo_queue_is_no_destination() -> None:
    target = create_queue(unique("queue") + ".fifo", FifoQueue="true")
    with pytest.raises(ClientError, match="is invalid"):
        client("lambda").put_function_event_invoke_config(
            FunctionName=create_function(["*"]), DestinationConfig={"OnFailure": {"Destination": target}}
        )


def test_role_must_reach_the_destination_of_asynchronous_invocations() -> None:
    name, target = create_function([]), create_queue()
    settings = {"FunctionName": name, "DestinationConfig": {"OnFailure": {"Destination": target}}}
    sentence = f"The function's execution role does not have permissions to call SendMessage on {target}"
    with pytest.raises(ClientError, match=sentence):
        client("lambda").put_function_event_invoke_config(**settings)
    allow(name, ["sqs:SendMessage"], target)
    client("lambda").put_function_event_invoke_config(**settings)
