"""SNS topics, their policies and subscriptions."""

import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import document, from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import sns as types

TOPIC = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "deliveryPolicy": "DeliveryPolicy",
    "tracingConfig": "TracingConfig",
}
SUBSCRIPTION = {"topic": "TopicArn", "protocol": "Protocol", "endpoint": "Endpoint"}
DETAILS = {"filterPolicy": "FilterPolicy", "deliveryPolicy": "DeliveryPolicy", "redrivePolicy": "RedrivePolicy"}


def _create_topic(aws: Aws, wanted: Properties) -> str:
    attributes = to_aws(wanted, TOPIC)
    if "policy" in wanted:
        attributes["Policy"] = document(wanted["policy"])
    response = aws.client("sns").create_topic(
        Name=wanted["name"], Attributes=attributes, Tags=tag_list(wanted["tagsAll"])
    )
    return str(response["TopicArn"])


def _read_topic(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    sns = aws.client("sns")
    response = found_or_none(sns.get_topic_attributes, TopicArn=arn)
    if response is None:
        return None
    return {
        **from_aws({key: value for key, value in response["Attributes"].items() if value}, TOPIC),
        "name": arn.rpartition(":")[2],
        "arn": arn,
        "owner": response["Attributes"]["Owner"],
        "policy": response["Attributes"]["Policy"],
        "tagsAll": tag_map(sns.list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _update_topic(aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    for wire in changed & TOPIC.keys():
        aws.client("sns").set_topic_attributes(
            TopicArn=arn, AttributeName=TOPIC[wire], AttributeValue=str(wanted.get(wire) or "")
        )
    if "policy" in changed and "policy" in wanted:
        _set_policy(aws, arn, document(wanted["policy"]))


def _set_policy(aws: Aws, arn: str, policy: str) -> None:
    aws.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


def _tags(aws: Aws, arn: str, _state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    aws.client("sns").tag_resource(ResourceArn=arn, Tags=tag_list(tags))
    if removed:
        aws.client("sns").untag_resource(ResourceArn=arn, TagKeys=removed)


def _put_policy(aws: Aws, wanted: Properties) -> str:
    _set_policy(aws, wanted["arn"], document(wanted["policy"]))
    return str(wanted["arn"])


def _read_policy(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    topic = _read_topic(aws, arn, {})
    return topic and {key: topic[key] for key in ("arn", "policy", "owner")}


def _delete_policy(aws: Aws, arn: str, _outputs: Properties) -> None:
    """Restore the default policy of a new topic: a topic always has one."""
    owner = {"StringEquals": {"AWS:SourceOwner": aws.account_id}}
    actions = [f"SNS:{name}" for name in ("GetTopicAttributes", "SetTopicAttributes", "Subscribe", "Publish")]
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": actions,
        "Resource": arn,
        "Condition": owner,
    }
    _set_policy(aws, arn, json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}))


def _subscribe(aws: Aws, wanted: Properties) -> str:
    attributes = {name: str(value) for name, value in to_aws(wanted, DETAILS).items()}
    response = aws.client("sns").subscribe(
        **to_aws(wanted, SUBSCRIPTION), Attributes=attributes, ReturnSubscriptionArn=True
    )
    return str(response["SubscriptionArn"])


def _read_subscription(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    response = found_or_none(aws.client("sns").get_subscription_attributes, SubscriptionArn=arn)
    if response is None:
        return None
    attributes = response["Attributes"]
    return {
        **from_aws(attributes, {**SUBSCRIPTION, **DETAILS}),
        "arn": arn,
        "ownerId": attributes["Owner"],
        "pendingConfirmation": attributes["PendingConfirmation"] == "true",
    }


def _update_subscription(aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    for wire in changed & DETAILS.keys():
        aws.client("sns").set_subscription_attributes(
            SubscriptionArn=arn, AttributeName=DETAILS[wire], AttributeValue=str(wanted.get(wire) or "")
        )


ENTRIES = (
    Entry(
        type=types.TOPIC,
        inputs=frozenset(TOPIC) | {"name", "namePrefix", "policy", "tags"},
        name_property="name",
        tags=_tags,
        create=_create_topic,
        read=_read_topic,
        update=_update_topic,
        delete=lambda aws, arn, _outputs: aws.client("sns").delete_topic(TopicArn=arn),
    ),
    Entry(
        type=types.TOPIC_POLICY,
        inputs=frozenset({"arn", "policy"}),
        required=frozenset({"arn", "policy"}),
        create=_put_policy,
        read=_read_policy,
        update=lambda aws, _id, _state, wanted, _changed: _put_policy(aws, wanted),
        delete=_delete_policy,
    ),
    Entry(
        type=types.TOPIC_SUBSCRIPTION,
        inputs=frozenset(SUBSCRIPTION) | frozenset(DETAILS),
        required=frozenset(SUBSCRIPTION),
        create=_subscribe,
        read=_read_subscription,
        update=_update_subscription,
        delete=lambda aws, arn, _outputs: aws.client("sns").unsubscribe(SubscriptionArn=arn),
    ),
)
