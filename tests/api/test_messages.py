"""Messages of the API arrive in the queue or topic as JSON."""

import json
from typing import Any

from api.aws import AwsClients
from api.messages import Queue, Topic
from tests.support.aws import shared_aws, unique


class Clients(AwsClients):
    """The clients of the embedded AWS."""

    def __init__(self) -> None:
        super().__init__(shared_aws().connection.region)

    def _client(self, service: str, **options: Any) -> Any:
        return shared_aws().connection.client(service)


def test_message_arrives_in_queue_as_json() -> None:
    sqs = shared_aws().connection.client("sqs")
    url = sqs.create_queue(QueueName=unique("orders"))["QueueUrl"]

    Queue(Clients(), url).send({"order": "7", "lines": [1, 2]})

    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"]) == {"order": "7", "lines": [1, 2]}


def test_queue_that_does_not_exist_is_not_reachable() -> None:
    url = shared_aws().connection.client("sqs").create_queue(QueueName=unique("orders"))["QueueUrl"]

    assert Queue(Clients(), url).is_reachable()
    assert not Queue(Clients(), f"{url}-gone").is_reachable()


def test_published_message_arrives_at_subscriber() -> None:
    connection = shared_aws().connection
    sqs, sns = connection.client("sqs"), connection.client("sns")
    url = sqs.create_queue(QueueName=unique("subscriber"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name=unique("news"))["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})

    Topic(Clients(), topic).publish({"order": "7"})

    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert json.loads(message["Body"]) == {"order": "7"}


def test_parameter_is_read_by_its_full_name() -> None:
    name = f"/{unique('service')}/dev/order-limit"
    shared_aws().connection.client("ssm").put_parameter(Name=name, Value="100", Type="String")

    assert Clients().parameter(name) == "100"
