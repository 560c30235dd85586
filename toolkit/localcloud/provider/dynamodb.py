"""DynamoDB tables."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import dynamodb as types

ATTRIBUTES = ("AttributeDefinitions", {"name": "AttributeName", "type": "AttributeType"})
THROUGHPUT = (
    "OnDemandThroughput",
    {"maxReadRequestUnits": "MaxReadRequestUnits", "maxWriteRequestUnits": "MaxWriteRequestUnits"},
)
CREATED = {
    "name": "TableName",
    "attributes": ATTRIBUTES,
    "billingMode": "BillingMode",
    "deletionProtectionEnabled": "DeletionProtectionEnabled",
    "onDemandThroughput": THROUGHPUT,
    "tableClass": "TableClass",
}
RECOVERY = {"enabled": "PointInTimeRecoveryEnabled", "recoveryPeriodInDays": "RecoveryPeriodInDays"}
TTL = {"attributeName": "AttributeName", "enabled": "Enabled"}
ENCRYPTION = {"enabled": "Enabled", "kmsKeyArn": "KMSMasterKeyId"}


def _create(aws: Aws, wanted: Properties) -> str:
    dynamodb = aws.client("dynamodb")
    schema = [{"AttributeName": wanted["hashKey"], "KeyType": "HASH"}]
    if "rangeKey" in wanted:
        schema.append({"AttributeName": wanted["rangeKey"], "KeyType": "RANGE"})
    arguments = to_aws({"billingMode": "PROVISIONED", **wanted}, CREATED)
    dynamodb.create_table(
        KeySchema=schema, Tags=tag_list(wanted["tagsAll"]), **arguments, **_provisioned(wanted), **_encryption(wanted)
    )
    return str(wanted["name"])


def _provisioned(wanted: Properties) -> dict[str, Any]:
    if wanted.get("billingMode", "PROVISIONED") != "PROVISIONED":
        return {}
    units = {"ReadCapacityUnits": wanted.get("readCapacity", 1), "WriteCapacityUnits": wanted.get("writeCapacity", 1)}
    return {"ProvisionedThroughput": units}


def _encryption(wanted: Properties) -> dict[str, Any]:
    shaped = to_aws(wanted, {"serverSideEncryption": ("SSESpecification", ENCRYPTION)})
    return {"SSESpecification": {**shaped["SSESpecification"], "SSEType": "KMS"}} if shaped else {}


def _configure(aws: Aws, name: str, wanted: Properties, changed: frozenset[str]) -> None:
    """Set what AWS accepts only for an existing table."""
    dynamodb = aws.client("dynamodb")
    if "pointInTimeRecovery" in changed:
        recovery = to_aws(wanted.get("pointInTimeRecovery") or {"enabled": False}, RECOVERY)
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    ttl = wanted.get("ttl")
    if "ttl" in changed and ttl and ttl.get("attributeName"):
        specification = to_aws({"enabled": True, **ttl}, TTL)
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=specification)


def _read(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    dynamodb = aws.client("dynamodb")
    response = found_or_none(dynamodb.describe_table, TableName=name)
    if response is None:
        return None
    table = response["Table"]
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    state = {
        **from_aws(table, CREATED),
        "arn": table["TableArn"],
        "hashKey": keys["HASH"],
        "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "pointInTimeRecovery": {"enabled": recovery["PointInTimeRecoveryStatus"] == "ENABLED"},
        "ttl": {"attributeName": expiry.get("AttributeName"), "enabled": expiry["TimeToLiveStatus"] == "ENABLED"},
        "serverSideEncryption": {"enabled": table.get("SSEDescription", {}).get("Status") == "ENABLED"},
        "tagsAll": tag_map(dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]),
        "streamArn": table.get("LatestStreamArn", ""),
        "streamLabel": table.get("LatestStreamLabel", ""),
    }
    if "RANGE" in keys:
        state["rangeKey"] = keys["RANGE"]
    return state


def _update(aws: Aws, name: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    in_place = {key: wanted.get(key) for key in changed & {"billingMode", "tableClass", "onDemandThroughput"}}
    arguments = to_aws(in_place, CREATED)
    if changed & {"billingMode", "readCapacity", "writeCapacity"}:
        arguments |= _provisioned(wanted)
    if "deletionProtectionEnabled" in changed:
        arguments["DeletionProtectionEnabled"] = bool(wanted.get("deletionProtectionEnabled"))
    if "serverSideEncryption" in changed:
        arguments |= _encryption(wanted) or {"SSESpecification": {"Enabled": False}}
    if arguments:
        aws.client("dynamodb").update_table(TableName=name, **arguments)
    _configure(aws, name, wanted, changed)


def _delete(aws: Aws, name: str, _outputs: Properties) -> None:
    aws.client("dynamodb").delete_table(TableName=name)


def _tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    dynamodb = aws.client("dynamodb")
    dynamodb.tag_resource(ResourceArn=state["arn"], Tags=tag_list(tags))
    if removed:
        dynamodb.untag_resource(ResourceArn=state["arn"], TagKeys=removed)


ENTRIES = (
    Entry(
        type=types.TABLE,
        inputs=frozenset(CREATED)
        | {
            "hashKey",
            "rangeKey",
            "pointInTimeRecovery",
            "ttl",
            "serverSideEncryption",
            "readCapacity",
            "writeCapacity",
            "tags",
        },
        required=frozenset({"attributes", "hashKey"}),
        recreated_by=frozenset({"attributes"}),  # AWS changes them with an index only
        unread=frozenset({"onDemandThroughput"}),  # AWS returns it, moto does not
        name_property="name",
        tags=_tags,
        create=_create,
        after_create=lambda aws, name, wanted: _configure(aws, name, wanted, frozenset(wanted)),
        read=_read,
        update=_update,
        delete=_delete,
    ),
)
