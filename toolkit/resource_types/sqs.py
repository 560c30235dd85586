"""Resource types of Amazon SQS."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, not_shorter, stays_set
from toolkit.resource_types.data_loss.policies import leaves_access
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData, policy_of
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, ResourceType

QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE_ALLOW_POLICY = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy"

_MESSAGES = "every older message"
_QUEUES = ("arn:aws:sqs:{region}:{account}:{name}",)
_OF_QUEUE = Permissions(
    on=_QUEUES,
    create="SetQueueAttributes",
    update="SetQueueAttributes",
    delete="SetQueueAttributes",
    read="GetQueueAttributes",
)
_REDRIVES = stays_set(
    "redrivePolicy",
    what="no longer moves messages to its dead-letter queue",
    lost="every message that fails until its retention period ends",
)


def _queue(new: NewResource) -> PreviewOutputs:
    name = new.named()
    name = name if not new.inputs.get("fifoQueue") or name.endswith(".fifo") else f"{name}.fifo"
    url = f"https://sqs.{new.region}.{new.place.dns_suffix}/{new.account}/{name}"
    return PreviewOutputs(url, {"name": name, "arn": new.arn("sqs", name), "url": url})


TYPES = (
    ResourceType(
        QUEUE,
        name=NameForm(80, pattern=r"[\w-]+(?:\.fifo)?", accepted="letters, digits, _ and -"),
        replaced_by=("fifoQueue", "name", "namePrefix"),
        data=StoredData(
            "every message in the queue",
            checks=(
                not_shorter("messageRetentionSeconds", default=345600, unit="seconds", lost=_MESSAGES),
                leaves_access("policy", service="sqs"),
                _REDRIVES,
                keeps("kmsMasterKeyId", by=(), what="no longer uses the key", lost=OLD_KEY),
            ),
        ),
        preview=_queue,
        permissions=Permissions(
            on=_QUEUES,
            create="CreateQueue TagQueue",
            update="SetQueueAttributes UntagQueue",
            delete="DeleteQueue",
            read="GetQueueAttributes ListQueueTags",
        ),
    ),
    ResourceType(
        QUEUE_POLICY,
        replaced_by=("queueUrl",),
        data=policy_of("sqs", setting_of="queueUrl"),
        preview=generated_id,
        permissions=_OF_QUEUE,
        free=FREE_PERMISSION,
    ),
    ResourceType(
        REDRIVE_ALLOW_POLICY,
        replaced_by=("queueUrl",),
        data=StoredData(setting_of="queueUrl"),
        preview=generated_id,
        permissions=_OF_QUEUE,
        free=FREE_REFERENCE,
        no_rule="is evaluated with its queue",
    ),
    ResourceType(
        REDRIVE_POLICY,
        replaced_by=("queueUrl",),
        data=StoredData(setting_of="queueUrl", checks=(_REDRIVES,)),
        preview=generated_id,
        permissions=_OF_QUEUE,
        free=FREE_REFERENCE,
        no_rule="is evaluated with its queue",
    ),
)
