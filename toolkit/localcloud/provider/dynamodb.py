"""DynamoDB tables."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import dynamodb as types


class _Table(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        schema = [{"AttributeName": wanted["hashKey"], "KeyType": "HASH"}]
        if "rangeKey" in wanted:
            schema.append({"AttributeName": wanted["rangeKey"], "KeyType": "RANGE"})
        settings = {"billingMode": "PROVISIONED", **wanted, **_throughput(wanted), **_encryption(wanted)}
        self.call(aws, "create_table", settings, KeySchema=schema)
        return str(wanted["name"])

    def after_create(self, aws: Aws, name: str, wanted: Properties) -> None:
        self._configure(aws, name, wanted, frozenset(wanted))

    def _configure(self, aws: Aws, name: str, wanted: Properties, changed: frozenset[str]) -> None:
        """Set what AWS accepts only for an existing table."""
        if "pointInTimeRecovery" in changed:
            recovery = wanted.get("pointInTimeRecovery") or {"enabled": False}
            self.call(aws, "update_continuous_backups", {"name": name, "pointInTimeRecovery": recovery})
        ttl = wanted.get("ttl")
        if "ttl" in changed and ttl and ttl.get("attributeName"):
            specification = {"AttributeName": ttl["attributeName"], "Enabled": ttl.get("enabled", True)}
            aws.client("dynamodb").update_time_to_live(TableName=name, TimeToLiveSpecification=specification)

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        dynamodb, name = aws.client("dynamodb"), found["name"]
        keys = {key["keyType"]: key["name"] for key in found["keySchema"]}
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        return {
            "hashKey": keys["HASH"],
            "rangeKey": keys.get("RANGE"),
            "billingMode": found.get("billingModeSummary", {}).get("billingMode", "PROVISIONED"),
            "pointInTimeRecovery": {"enabled": recovery == "ENABLED"},
            "ttl": {"attributeName": expiry.get("AttributeName"), "enabled": expiry["TimeToLiveStatus"] == "ENABLED"},
            "serverSideEncryption": {"enabled": found.get("sseDescription", {}).get("status") == "ENABLED"},
            "streamArn": found.get("latestStreamArn", ""),
            "streamLabel": found.get("latestStreamLabel", ""),
        }

    def update(self, aws: Aws, name: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        settings = {key: wanted.get(key) for key in changed & {"billingMode", "tableClass", "onDemandThroughput"}}
        if changed & {"billingMode", "readCapacity", "writeCapacity"}:
            settings |= _throughput(wanted)
        if "deletionProtectionEnabled" in changed:
            settings["deletionProtectionEnabled"] = bool(wanted.get("deletionProtectionEnabled"))
        if "serverSideEncryption" in changed:
            settings |= _encryption(wanted) or {"serverSideEncryption": {"enabled": False}}
        if settings:
            self.call(aws, "update_table", {"name": name, **settings})
        self._configure(aws, name, wanted, changed)


def _throughput(wanted: Properties) -> dict[str, Any]:
    if wanted.get("billingMode", "PROVISIONED") != "PROVISIONED":
        return {}
    units = {"readCapacityUnits": wanted.get("readCapacity", 1), "writeCapacityUnits": wanted.get("writeCapacity", 1)}
    return {"provisionedThroughput": units}


def _encryption(wanted: Properties) -> dict[str, Any]:
    encryption = wanted.get("serverSideEncryption")
    return {"serverSideEncryption": {**encryption, "sseType": "KMS"}} if encryption else {}


ENTRIES = (
    _Table(
        type=types.TABLE,
        service="dynamodb",
        noun="table",
        read_call="describe_{noun}",
        result="table",
        names={
            "TableName": "name",
            "TableArn": "arn",
            "AttributeDefinitions": "attributes",
            "AttributeName": "name",
            "AttributeType": "type",
            "SSESpecification": "serverSideEncryption",
            "KMSMasterKeyId": "kmsKeyArn",
            "PointInTimeRecoverySpecification": "pointInTimeRecovery",
            "PointInTimeRecoveryEnabled": "enabled",
        },
        inputs=frozenset({"name", "attributes", "billingMode", "deletionProtectionEnabled", "onDemandThroughput"})
        | {"tableClass", "hashKey", "rangeKey", "pointInTimeRecovery", "ttl", "serverSideEncryption"}
        | {"readCapacity", "writeCapacity", "tags"},
        required=frozenset({"attributes", "hashKey"}),
        outputs=frozenset({"arn"}),
        recreated_by=frozenset({"attributes"}),  # AWS changes them with an index only
        not_returned=frozenset({"onDemandThroughput"}),  # AWS returns it, moto does not
        tag_calls=("tag_resource", "untag_resource", "list_tags_of_resource"),
    ),
)
