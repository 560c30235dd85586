"""Queues of the embedded AWS keep their policies, and reject what SQS rejects."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, shared_aws, unique

NO_QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:none"


def create_queue(suffix: str = "", **attributes: str) -> tuple[str, str]:
    """The URL and the ARN of a new queue."""
    sqs = shared_aws().connection.client("sqs")
    url = sqs.create_queue(QueueName=unique("queue") + suffix, Attributes=attributes)["QueueUrl"]
    return url, attributes_of(url)["QueueArn"]


def attributes_of(url: str) -> dict[str, str]:
    found: dict[str, str] = (
        shared_aws().connection.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    )
    return found


def set_attributes(url: str, **attributes: str) -> None:
    shared_aws().connection.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)


def redrive(target: str, count: Any = 3) -> str:
    return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": count})


def test_policy_stays_when_another_attribute_changes() -> None:
    url, arn = create_queue()
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    set_attributes(url, Policy=policy)
    set_attributes(url, VisibilityTimeout="60")
    assert (attributes_of(url)["Policy"], attributes_of(url)["VisibilityTimeout"]) == (policy, "60")
    set_attributes(url, Policy="")
    assert "Policy" not in attributes_of(url)


def test_redrive_allow_policy_is_returned_and_removed() -> None:
    url, _ = create_queue(RedriveAllowPolicy='{"redrivePermission": "denyAll"}')
    assert attributes_of(url)["RedriveAllowPolicy"] == '{"redrivePermission": "denyAll"}'
    set_attributes(url, RedriveAllowPolicy="")
    assert "RedriveAllowPolicy" not in attributes_of(url)


def test_queue_with_kms_key_has_no_key_of_sqs() -> None:
    url, _ = create_queue(KmsMasterKeyId="alias/aws/sqs")
    assert attributes_of(url)["SqsManagedSseEnabled"] == "false"


@pytest.mark.parametrize("count", [0, 1001, "1001"])
def test_receive_count_outside_1_to_1000_is_rejected(count: Any) -> None:
    _, target = create_queue()
    url, _ = create_queue()
    with pytest.raises(ClientError, match=rf"maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive"):
        set_attributes(url, RedrivePolicy=redrive(target, count))
    assert "RedrivePolicy" not in attributes_of(url)


@pytest.mark.parametrize("count", [1, 1000, "3"])
def test_receive_count_from_1_to_1000_is_accepted(count: Any) -> None:
    url, _ = create_queue(RedrivePolicy=redrive(create_queue()[1], count))
    assert json.loads(attributes_of(url)["RedrivePolicy"])["maxReceiveCount"] == int(count)


def test_dead_letter_queue_must_exist() -> None:
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*Dead letter target does not exist"):
        create_queue(RedrivePolicy=redrive(NO_QUEUE))


@pytest.mark.parametrize(("source", "target"), [("", ".fifo"), (".fifo", "")])
def test_dead_letter_queue_of_other_type_is_rejected(source: str, target: str) -> None:
    fifo = {"FifoQueue": "true"}
    _, dead_letters = create_queue(target, **(fifo if target else {}))
    with pytest.raises(ClientError, match="Dead-letter queue must be same type of queue as the source"):
        create_queue(source, RedrivePolicy=redrive(dead_letters), **(fifo if source else {}))


def test_dead_letter_queue_admits_only_the_sources_of_its_policy() -> None:
    source_url, source = create_queue()
    other_url, _ = create_queue()
    policy = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [source]})
    _, target = create_queue(RedriveAllowPolicy=policy)
    with pytest.raises(ClientError, match="does not allow this queue as a source"):
        set_attributes(other_url, RedrivePolicy=redrive(target))
    set_attributes(source_url, RedrivePolicy=redrive(target))


@pytest.mark.parametrize(
    ("name", "value"),
    [("VisibilityTimeout", "43201"), ("MessageRetentionPeriod", "59"), ("DelaySeconds", "901")],
)
def test_attribute_outside_its_range_is_rejected(name: str, value: str) -> None:
    with pytest.raises(ClientError, match=rf"InvalidAttributeValue.*{name}"):
        create_queue(**{name: value})
