"""Examples of the resource types of Amazon DynamoDB."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import dynamodb as types


def table(_parents: Parents) -> Example:
    return Example(
        {
            "attributes": [{"name": name, "type": "S"} for name in ("owner", "record", "mail")],
            "hashKey": "owner",
            "rangeKey": "record",
            "billingMode": "PAY_PER_REQUEST",
            "onDemandThroughput": {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 50},
            "globalSecondaryIndexes": [
                {
                    "name": "by-mail",
                    "hashKey": "mail",
                    "rangeKey": "record",
                    "projectionType": "ALL",
                    "onDemandThroughput": {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 50},
                }
            ],
            "streamEnabled": True,
            "streamViewType": "NEW_AND_OLD_IMAGES",
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True},
            "ttl": {"attributeName": "expires_at", "enabled": True},
            "deletionProtectionEnabled": True,
            "tags": {"part": "items"},
        },
        change={
            "attributes": [{"name": name, "type": "S"} for name in ("owner", "record", "place", "day")],
            "globalSecondaryIndexes": [
                {"name": "by-place", "hashKey": "place", "projectionType": "KEYS_ONLY"},
                {"name": "by-day", "hashKey": "day", "projectionType": "INCLUDE", "nonKeyAttributes": ["title"]},
            ],
            "streamViewType": "KEYS_ONLY",
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
