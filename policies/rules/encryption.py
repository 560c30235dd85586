"""The rule on KMS keys that encrypt data: whichever the service, they belong to the stack's own account."""

from collections.abc import Mapping

from toolkit.policy.rule import BLOCKS, ResourceRule, Severity
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.s3 import BUCKET_ENCRYPTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.sns import TOPIC
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.facts import Broken, Facts, every
from toolkit.stacks.provider_inputs import provider_accounts, provider_region

_KEYS: Mapping[str, str] = {
    BUCKET_ENCRYPTION: "applyServerSideEncryptionByDefault.kmsMasterKeyId",
    FUNCTION: "kmsKeyArn",
    LOG_GROUP: "kmsKeyId",
    QUEUE: "kmsMasterKeyId",
    SECRET: "kmsKeyId",
    TABLE: "serverSideEncryption.kmsKeyArn",
    TOPIC: "kmsMasterKeyId",
    TRAIL: "kmsKeyId",
}
"""The property that names the key, in each rule of a bucket's encryption."""
_ARN_PARTS = 6


def _keys_are_own(resource: Facts, _stack: Stack) -> bool | Broken:
    """An id or an alias means a key of the same account and region."""
    path = _KEYS[resource.resource.type]
    accounts, region = provider_accounts(resource), resource.text("region", provider_region(resource))

    def own(holder: Facts) -> bool:
        arn = holder.text(path).split(":")
        return len(arn) < _ARN_PARTS or ((not accounts or arn[4] in accounts) and (not region or arn[3] == region))

    return every(resource.parts("rules") if resource.resource.type == BUCKET_ENCRYPTION else (resource,), own)


encryption_key_own = ResourceRule(
    name="encryption-key-own",
    says="Data is encrypted with KMS keys of the stack's own account and region.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    types=tuple(_KEYS),
    checks={
        "the KMS key is of another account or region, whose owner can make the data unreadable; name a key of this"
        " account and region": _keys_are_own
    },
)

RULES = (encryption_key_own,)
