"""Examples of the resource types of Amazon DynamoDB."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import dynamodb as types


def table(_parents: Parents) -> Example:
    return Example(
        {
            "attributes": [{"name": "owner", "type": "S"}, {"name": "record", "type": "S"}],
            "hashKey": "owner",
            "rangeKey": "record",
            "billingMode": "PAY_PER_REQUEST",
            "onDemandThroughput": {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 50},
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True},
            "ttl": {"attributeName": "expires_at", "enabled": True},
            "deletionProtectionEnabled": True,
            "tags": {"part": "items"},
        },
        change={
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": False},
            "onDemandThroughput": {"maxReadRequestUnits": 10, "maxWriteRequestUnits": 5},
            "tags": {"part": "sessions"},
        },
        replaces={"rangeKey": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.TABLE: table,
}
