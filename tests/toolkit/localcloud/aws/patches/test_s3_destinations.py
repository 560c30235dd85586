"""Notifications of the embedded S3 reach only targets that admit S3, and do not overlap."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, shared_aws, unique

NOT_VALIDATED = "InvalidArgument.*Unable to validate the following destination configurations"


def client(service: str) -> Any:
    return shared_aws().connection.client(service)


def create_bucket() -> str:
    name = unique("bucket")
    client("s3").create_bucket(Bucket=name)
    return name


def create_queue(bucket: str | None = None, account: str = ACCOUNT) -> str:
    """The ARN of a new queue to which S3 may send for the bucket."""
    name = unique("queue")
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"},
            "StringEquals": {"aws:SourceAccount": account},
        },
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("sqs").create_queue(QueueName=name, Attributes={"Policy": document} if bucket else {})
    return arn


def notify(bucket: str, *targets: dict[str, Any]) -> None:
    client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": list(targets)}
    )


def target(queue: str, *events: str, **filters: str) -> dict[str, Any]:
    rules = [{"Name": name, "Value": value} for name, value in filters.items()]
    return {"QueueArn": queue, "Events": list(events), **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})}


def test_queue_that_admits_s3_for_the_bucket_is_accepted() -> None:
    bucket = create_bucket()
    notify(bucket, target(create_queue(bucket), "s3:ObjectCreated:*", prefix="pending/"))
    found = client("s3").get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"]
    assert [each["Events"] for each in found] == [["s3:ObjectCreated:*"]]


@pytest.mark.parametrize(("of", "account"), [(None, ACCOUNT), ("another-bucket", ACCOUNT), ("itself", "999999999999")])
def test_queue_that_does_not_admit_s3_for_the_bucket_is_rejected(of: str | None, account: str) -> None:
    bucket = create_bucket()
    queue = create_queue(bucket if of == "itself" else of, account)
    with pytest.raises(ClientError, match=NOT_VALIDATED):
        notify(bucket, target(queue, "s3:ObjectCreated:*"))
    assert "QueueConfigurations" not in client("s3").get_bucket_notification_configuration(Bucket=bucket)


def test_function_that_s3_may_not_invoke_is_rejected() -> None:
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:none:live"
    configuration = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    with pytest.raises(ClientError, match=NOT_VALIDATED):
        client("s3").put_bucket_notification_configuration(
            Bucket=create_bucket(), NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]}
        )


@pytest.mark.parametrize(
    ("one", "other", "accepted"),
    [
        (("s3:ObjectCreated:*", {}), ("s3:ObjectCreated:Put", {}), False),
        (("s3:ObjectCreated:*", {"prefix": "a/"}), ("s3:ObjectCreated:*", {"prefix": "a/b/"}), False),
        (("s3:ObjectCreated:*", {"prefix": "a/"}), ("s3:ObjectCreated:*", {"prefix": "b/"}), True),
        (("s3:ObjectCreated:*", {"suffix": ".png"}), ("s3:ObjectCreated:*", {"suffix": ".jpg"}), True),
        (("s3:ObjectCreated:Put", {}), ("s3:ObjectCreated:Copy", {}), True),
        (("s3:ObjectCreated:*", {}), ("s3:ObjectRemoved:*", {}), True),
    ],
)
def test_notifications_that_overlap_are_rejected(
    one: tuple[str, dict[str, str]], other: tuple[str, dict[str, str]], accepted: bool
) -> None:
    bucket = create_bucket()
    queue = create_queue(bucket)
    targets = [target(queue, event, **filters) for event, filters in (one, other)]
    if accepted:
        notify(bucket, *targets)
    else:
        with pytest.raises(ClientError, match="Configuration is ambiguously defined"):
            notify(bucket, *targets)
