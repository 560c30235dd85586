"""DynamoDB tables."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import dynamodb as types

STREAM = frozenset({"streamEnabled", "streamViewType"})
STREAM_OUTPUTS = frozenset({"streamArn", "streamLabel"})

_KEYS = {"hashKey": "HASH", "rangeKey": "RANGE"}


class _Table(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        schema = [{"AttributeName": wanted["hashKey"], "KeyType": "HASH"}]
        if "rangeKey" in wanted:
            schema.append({"AttributeName": wanted["rangeKey"], "KeyType": "RANGE"})
        settings = {"billingMode": "PROVISIONED", **wanted, **_throughput(wanted), **_encryption(wanted)}
        indexes = [_index(each, wanted) for each in wanted.get("globalSecondaryIndexes") or ()]
        settings["globalSecondaryIndexes"] = indexes or None
        settings["streamSpecification"] = _stream(wanted) if wanted.get("streamEnabled") else None
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

    def computed(self, aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
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
            "globalSecondaryIndexes": _indexes(found, known),
            "streamEnabled": found.get("streamSpecification", {}).get("streamEnabled", False),
            "streamViewType": found.get("streamSpecification", {}).get("streamViewType"),
            "streamArn": found.get("latestStreamArn", ""),
            "streamLabel": found.get("latestStreamLabel", ""),
        }

    def update(self, aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        settings = {key: wanted.get(key) for key in changed & {"billingMode", "tableClass", "onDemandThroughput"}}
        if changed & {"billingMode", "readCapacity", "writeCapacity"}:
            settings |= _throughput(wanted)
        if "deletionProtectionEnabled" in changed:
            settings["deletionProtectionEnabled"] = bool(wanted.get("deletionProtectionEnabled"))
        if "serverSideEncryption" in changed:
            settings |= _encryption(wanted) or {"serverSideEncryption": {"enabled": False}}
        if settings:
            self.call(aws, "update_table", {"name": name, **settings})
        if changed & {"globalSecondaryIndexes", "attributes"}:
            self._update_indexes(aws, name, state, wanted)
        if changed & STREAM:
            self._update_stream(aws, name, state, wanted)
        self._configure(aws, name, wanted, changed)

    def _update_indexes(self, aws: Aws, name: str, state: Properties, wanted: Properties) -> None:
        """Delete and create indexes, one with each call.

        AWS changes one index of a table at a time:
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
        """
        before = {each["name"]: _index(each, state) for each in state.get("globalSecondaryIndexes") or ()}
        after = {each["name"]: _index(each, wanted) for each in wanted.get("globalSecondaryIndexes") or ()}
        same = {each for each in before.keys() & after.keys() if _keys(before[each]) == _keys(after[each])}
        throughput = [each for each in same if before[each] != after[each]]
        changes = (
            *({"delete": {"indexName": each}} for each in before if each not in same),
            *({"create": index} for each, index in after.items() if each not in same),
            *({"update": _without_keys(after[each])} for each in throughput),
        )
        for change in changes or (None,):
            updates = [change] if change else None
            request = {"name": name, "attributes": wanted["attributes"], "globalSecondaryIndexUpdates": updates}
            self.call(aws, "update_table", request)

    def _update_stream(self, aws: Aws, name: str, state: Properties, wanted: Properties) -> None:
        """Disable the stream before it is enabled with another view type, which AWS requires."""
        if state.get("streamEnabled"):
            self.call(aws, "update_table", {"name": name, "streamSpecification": {"streamEnabled": False}})
        if wanted.get("streamEnabled"):
            self.call(aws, "update_table", {"name": name, "streamSpecification": _stream(wanted)})


def _stream(wanted: Properties) -> dict[str, Any]:
    return {"streamEnabled": True, "streamViewType": wanted.get("streamViewType")}


def _index(index: Properties, table: Properties) -> dict[str, Any]:
    """Return a global secondary index in AWS's form."""
    keys = [{"name": index[key], "keyType": kind} for key, kind in _KEYS.items() if index.get(key)]
    projection = {"projectionType": index["projectionType"], "nonKeyAttributes": index.get("nonKeyAttributes") or None}
    limit = index.get("onDemandThroughput")
    return {
        "indexName": index["name"],
        "keySchema": keys,
        "projection": projection,
        **({"onDemandThroughput": limit} if limit else {}),
        **_throughput({**index, "billingMode": table.get("billingMode", "PROVISIONED")}),
    }


def _keys(index: Properties) -> tuple[Any, Any]:
    return index["keySchema"], index["projection"]


def _without_keys(index: Properties) -> dict[str, Any]:
    return {name: value for name, value in index.items() if name not in {"keySchema", "projection"}}


def _indexes(found: Properties, known: Properties) -> list[dict[str, Any]] | None:
    """Return the indexes in the order of the program: AWS has no order."""
    given = {each["name"]: (order, each) for order, each in enumerate(known.get("globalSecondaryIndexes") or ())}
    listed = [_pulumi_index(each, found) for each in found.get("globalSecondaryIndexes") or ()]
    listed.sort(key=lambda index: given.get(index["name"], (len(given), {}))[0])
    return listed or None


def _pulumi_index(index: Properties, table: Properties) -> dict[str, Any]:
    keys = {key["keyType"]: key["name"] for key in index["keySchema"]}
    units = index.get("provisionedThroughput", {})
    provisioned = table.get("billingModeSummary", {}).get("billingMode", "PROVISIONED") == "PROVISIONED"
    state = {
        "name": index["indexName"],
        **{key: keys.get(kind) for key, kind in _KEYS.items()},
        **index["projection"],
        "onDemandThroughput": index.get("onDemandThroughput"),
        "readCapacity": units.get("readCapacityUnits") if provisioned else None,
        "writeCapacity": units.get("writeCapacityUnits") if provisioned else None,
    }
    return {name: value for name, value in state.items() if value is not None}


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
        | {"readCapacity", "writeCapacity", "globalSecondaryIndexes", *STREAM, "tags"},
        required=frozenset({"attributes", "hashKey"}),
        outputs=frozenset({"arn"}),
        not_returned=frozenset({"onDemandThroughput"}),  # AWS returns it, moto does not
        changed_outputs=lambda changed: STREAM_OUTPUTS if changed & STREAM else frozenset(),
        tag_calls=("tag_resource", "untag_resource", "list_tags_of_resource"),
    ),
)
