"""SNS topics, their policies and subscriptions."""

import json
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.localcloud.provider.shapes import document
from toolkit.resource_types import sns as types

TOPIC = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "deliveryPolicy": "DeliveryPolicy",
    "tracingConfig": "TracingConfig",
    "policy": "Policy",
}
SUBSCRIPTION = {
    "filterPolicyScope": "FilterPolicyScope",  # before the policy that it applies to
    "filterPolicy": "FilterPolicy",
    "deliveryPolicy": "DeliveryPolicy",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
}
OF_SUBSCRIPTION = {**SUBSCRIPTION, "topic": "TopicArn", "protocol": "Protocol", "endpoint": "Endpoint"}


def _attributes(properties: Properties, names: dict[str, str]) -> dict[str, str]:
    return {names[name]: document(properties[name]) for name in names if name in properties}


def _properties(attributes: Properties, names: dict[str, str]) -> dict[str, Any]:
    return {name: attributes[names[name]] for name in names if attributes.get(names[name])}


def _set_policy(aws: Aws, arn: str, policy: str) -> None:
    aws.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


class _Topic(Entry):
    def request(self, wanted: Properties) -> Properties:
        return {**wanted, "attributes": _attributes(wanted, TOPIC)}

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        attributes = found["attributes"]
        return {
            **_properties(attributes, TOPIC),
            "name": found["arn"].rpartition(":")[2],
            "owner": attributes["Owner"],
        }

    def update(self, aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        present = {name: wanted.get(name) or "" for name in changed & TOPIC.keys() if name != "policy"}
        if wanted.get("policy") and "policy" in changed:
            present["policy"] = wanted["policy"]
        for name, value in _attributes(present, TOPIC).items():
            aws.client("sns").set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)


class _TopicPolicy(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        _set_policy(aws, wanted["arn"], document(wanted["policy"]))
        return str(wanted["arn"])

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"policy": found["attributes"]["Policy"], "owner": found["attributes"]["Owner"]}

    def update(self, aws: Aws, _arn: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        self.create(aws, wanted)

    def delete(self, aws: Aws, arn: str, _outputs: Properties) -> None:
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
        policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
        _set_policy(aws, arn, json.dumps(policy))


class _Subscription(Entry):
    def request(self, wanted: Properties) -> Properties:
        return {**wanted, "attributes": _attributes(wanted, SUBSCRIPTION), "returnSubscriptionArn": True}

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        attributes = found["attributes"]
        return {
            **_properties(attributes, OF_SUBSCRIPTION),
            "rawMessageDelivery": attributes.get("RawMessageDelivery") == "true",
            "ownerId": attributes["Owner"],
            "pendingConfirmation": attributes["PendingConfirmation"] == "true",
        }

    def update(self, aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        removed = {"rawMessageDelivery": False, "filterPolicyScope": "MessageAttributes"}
        present = {name: wanted.get(name, removed.get(name, "")) for name in changed}
        for name, value in _attributes(present, SUBSCRIPTION).items():
            aws.client("sns").set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value)


ENTRIES = (
    _Topic(
        type=types.TOPIC,
        service="sns",
        noun="topic",
        read_call="get_{noun}_attributes",
        id="{arn}",
        names={"TopicArn": "arn"},
        inputs=frozenset(TOPIC) | {"name", "namePrefix", "tags"},
        outputs=frozenset({"arn"}),
    ),
    _TopicPolicy(
        type=types.TOPIC_POLICY,
        service="sns",
        noun="topic",
        read_call="get_{noun}_attributes",
        id="{arn}",
        names={"TopicArn": "arn"},
        inputs=frozenset({"arn", "policy"}),
        required=frozenset({"arn", "policy"}),
    ),
    _Subscription(
        type=types.TOPIC_SUBSCRIPTION,
        service="sns",
        noun="subscription",
        create_call="subscribe",
        read_call="get_{noun}_attributes",
        delete_call="unsubscribe",
        id="{arn}",
        names={"TopicArn": "topic", "SubscriptionArn": "arn"},
        inputs=frozenset(OF_SUBSCRIPTION),
        required=frozenset({"topic", "protocol", "endpoint"}),
        outputs=frozenset({"arn"}),
    ),
)
