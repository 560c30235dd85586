"""Resource types of Amazon SQS."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, not_shorter
from toolkit.resource_types.data_loss.policies import leaves_access
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData, policy_of
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, ResourceType

QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE_ALLOW_POLICY = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy"

_MESSAGES = "every older message"


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
                keeps("kmsMasterKeyId", by=(), what="no longer uses the key", lost=OLD_KEY),
            ),
        ),
        preview=_queue,
    ),
    ResourceType(
        QUEUE_POLICY,
        replaced_by=("queueUrl",),
        data=policy_of("sqs", setting_of="queueUrl"),
        preview=generated_id,
        free=FREE_PERMISSION,
    ),
    ResourceType(REDRIVE_ALLOW_POLICY, free=FREE_REFERENCE, no_rule="is evaluated with its queue"),
    ResourceType(REDRIVE_POLICY, free=FREE_REFERENCE, no_rule="is evaluated with its queue"),
)
