"""Resource types of Amazon SNS."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import stays_set
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id, id_is_arn
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, HOLDS_NOTHING, ResourceType

TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
TOPIC_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"

_TOPICS = ("arn:aws:sns:{region}:{account}:{name}",)


def _subscription(new: NewResource) -> PreviewOutputs:
    arn = f"{new.inputs['topic']}:{new.uuid()}"
    return PreviewOutputs(arn, {"arn": arn})


TYPES = (
    ResourceType(
        TOPIC,
        name=NameForm(256, pattern=r"[\w-]+(?:\.fifo)?", accepted="letters, digits, _ and -"),
        replaced_by=("fifoTopic", "name", "namePrefix"),
        data=HOLDS_NOTHING,
        preview=id_is_arn("sns", ""),
        permissions=Permissions(
            on=_TOPICS,
            create="CreateTopic TagResource",
            update="SetTopicAttributes UntagResource",
            delete="DeleteTopic",
            read="GetTopicAttributes ListTagsForResource",
        ),
    ),
    ResourceType(
        TOPIC_POLICY,
        replaced_by=("arn",),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=Permissions(
            on=_TOPICS,
            create="SetTopicAttributes",
            update="SetTopicAttributes",
            delete="SetTopicAttributes",
            read="GetTopicAttributes",
        ),
        free=FREE_PERMISSION,
    ),
    ResourceType(
        TOPIC_SUBSCRIPTION,
        replaced_by=("endpoint", "protocol", "topic"),
        data=StoredData(
            checks=(
                stays_set(
                    "redrivePolicy",
                    what="no longer sends failed messages to its dead-letter queue",
                    lost="every message that cannot be delivered",
                ),
            )
        ),
        preview=_subscription,
        permissions=Permissions(
            on=_TOPICS,
            create="Subscribe",
            read="ListSubscriptionsByTopic",
            change_anywhere="SetSubscriptionAttributes",
            delete_anywhere="Unsubscribe",
            read_anywhere="GetSubscriptionAttributes",
        ),
    ),
)
