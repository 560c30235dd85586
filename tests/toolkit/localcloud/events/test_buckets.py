"""Buckets notify functions and queues of objects, as their policies allow."""

import json
import uuid
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser.models import S3Model

from tests.support.event_delivery import Delivered, printer, queue, received, url
from tests.support.functions import DeployedFunction
from toolkit.localcloud.connection import AwsConnection

CREATED = ["s3:ObjectCreated:*"]


def create_bucket(cloud: AwsConnection, *, versioned: bool = False) -> str:
    name = f"bucket-{uuid.uuid4().hex[:12]}"
    cloud.client("s3").create_bucket(Bucket=name)
    if versioned:
        cloud.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def permit(function: DeployedFunction, bucket: str) -> None:
    function.connection.client("lambda").add_permission(
        FunctionName=function.name,
        Qualifier="live",
        StatementId="bucket",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}",
        SourceAccount="123456789012",
    )


def notify(function: DeployedFunction, bucket: str, events: list[str], **filters: str) -> None:
    configuration: dict[str, Any] = {"Id": "own", "LambdaFunctionArn": function.live, "Events": events}
    if filters:
        rules = [{"Name": name, "Value": value} for name, value in filters.items()]
        configuration["Filter"] = {"Key": {"FilterRules": rules}}
    function.connection.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]}
    )


def test_new_object_invokes_the_function_with_the_documented_record(cloud: AwsConnection, delivered: Delivered) -> None:
    """The record: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html."""
    bucket, function = create_bucket(cloud), printer(cloud)
    permit(function, bucket)
    notify(function, bucket, CREATED)
    cloud.client("s3").put_object(Bucket=bucket, Key="new objects/a b.txt", Body=b"text")
    (event,) = delivered.wait_for("new+objects")
    S3Model.model_validate(event)
    (record,) = event["Records"]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["s3"]["bucket"]["name"] == bucket
    assert (record["s3"]["object"]["key"], record["s3"]["object"]["size"]) == ("new+objects/a+b.txt", 4)
    assert {"userIdentity", "requestParameters", "responseElements"} <= set(record)
    assert record["s3"]["object"]["sequencer"]


@pytest.mark.parametrize(
    ("versioned", "name"), [(False, "ObjectRemoved:Delete"), (True, "ObjectRemoved:DeleteMarkerCreated")]
)
def test_removed_object_invokes_the_function(
    cloud: AwsConnection, delivered: Delivered, name: str, *, versioned: bool
) -> None:
    bucket, function = create_bucket(cloud, versioned=versioned), printer(cloud)
    permit(function, bucket)
    notify(function, bucket, ["s3:ObjectRemoved:*"])
    cloud.client("s3").put_object(Bucket=bucket, Key="removed", Body=b"text")
    cloud.client("s3").delete_object(Bucket=bucket, Key="removed")
    (event,) = delivered.wait_for(bucket)
    (record,) = event["Records"]
    assert record["eventName"] == name
    assert "size" not in record["s3"]["object"]


def test_prefix_and_suffix_select_objects(cloud: AwsConnection, delivered: Delivered) -> None:
    bucket, function = create_bucket(cloud), printer(cloud)
    permit(function, bucket)
    notify(function, bucket, CREATED, prefix="in/", suffix=".csv")
    for key in ("out/1.csv", "in/2.txt", "in/3.csv"):
        cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=b"text")
    assert [event["Records"][0]["s3"]["object"]["key"] for event in delivered.wait_for(bucket)] == ["in/3.csv"]


def test_failed_invocation_is_tried_again(cloud: AwsConnection, delivered: Delivered) -> None:
    bucket, function = create_bucket(cloud), printer(cloud)
    permit(function, bucket)
    notify(function, bucket, CREATED)
    cloud.client("s3").put_object(Bucket=bucket, Key="raise", Body=b"text")
    delivered.wait_for(bucket, 3)


def test_queue_that_permits_the_bucket_gets_the_event(cloud: AwsConnection, delivered: Delivered) -> None:
    bucket, target = create_bucket(cloud), queue(cloud)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": target,
        "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.client("sqs").set_queue_attributes(QueueUrl=url(cloud, target), Attributes={"Policy": policy})
    configuration = {"QueueConfigurations": [{"QueueArn": target, "Events": CREATED}]}
    cloud.client("s3").put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)
    (test_event,) = received(cloud, target)
    assert json.loads(test_event["Body"])["Event"] == "s3:TestEvent"
    cloud.client("s3").put_object(Bucket=bucket, Key="queued", Body=b"text")
    (message,) = received(cloud, target)
    assert json.loads(message["Body"])["Records"][0]["s3"]["object"]["key"] == "queued"
    assert delivered.log.exists()
