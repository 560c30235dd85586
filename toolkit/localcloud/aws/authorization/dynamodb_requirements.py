"""The authorization requirements of calls to DynamoDB, with the condition keys for fine-grained access.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from toolkit.localcloud.aws.authorization.requirements import Requirement, arn

TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_STREAM_ACTIONS = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
_EXPRESSIONS = ("ProjectionExpression", "UpdateExpression", "ConditionExpression", "FilterExpression")
_NAME = re.compile(r"(?<![\w:#.])#?[A-Za-z_]\w*")
_STATEMENT = re.compile(
    r"""\s*(insert(?=\s+into)|delete(?=\s+from)|update|select(?=\s[^"']*\sfrom))\b"""
    r"""(?:\s+into|\s[^"']*?\sfrom|\s+from)?\s*["']?([\w.-]+)""",
    re.IGNORECASE,
)
"""A statement's kind and table; an ambiguous one requires the permission for every table."""
_NOT_EVALUATED = ("(a PartiQL statement)",)
"""The keys and attributes of a statement: it is not parsed, so no condition that names some of them is met."""
_WORDS = {"set", "remove", "add", "delete", "and", "or", "not", "between", "in", "size", "contains", "begins_with"}
_WORDS |= {"if_not_exists", "list_append", "attribute_exists", "attribute_not_exists", "attribute_type"}


def dynamodb_requirements(action: str, params: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirements of a call: each action of a transaction, each table of a batch."""
    if "Statement" in params or "Statements" in params or "TransactStatements" in params:
        parts = [params, *(params.get("Statements") or ()), *(params.get("TransactStatements") or ())]
        return [_statement_requirement(handler, str(part["Statement"])) for part in parts if "Statement" in part]
    if "TransactItems" in params:
        enclosing = {"dynamodb:enclosingoperation": action}
        return [
            Requirement(
                TRANSACTION_ACTIONS.get(kind, kind),
                _table(handler, part),
                {**_keys(handler, [part], part), **enclosing},
            )
            for entry in params["TransactItems"]
            for kind, part in entry.items()
        ]
    if isinstance(params.get("RequestItems"), Mapping):
        return [
            Requirement(
                action, _table(handler, {"TableName": name}), _keys(handler, list(_batched(name, part)), params)
            )
            for name, part in params["RequestItems"].items()
        ]
    if action in _STREAM_ACTIONS:
        stream = params.get("StreamArn") or str(params.get("ShardIterator")).partition("|")[0]
        return [Requirement(action, "*" if action == "ListStreams" else str(stream))]
    if "TableName" not in params:
        return [Requirement(action, str(params.get("ResourceArn") or params.get("TableArn") or "*"))]
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    keys = _keys(handler, [params], params)
    if action == "Scan":
        keys["dynamodb:fulltablescan"] = "true"
    return [Requirement(action, _table(handler, params) + index, keys)]


def _statement_requirement(handler: Any, statement: str) -> Requirement:
    """Return the requirement of a PartiQL statement: PartiQLInsert, PartiQLSelect, PartiQLUpdate or PartiQLDelete."""
    found = _STATEMENT.match(statement)
    kind, table = (found[1].capitalize(), found[2]) if found else ("Select", "*")
    keys: dict[str, str | tuple[str, ...]] = {
        "dynamodb:leadingkeys": _NOT_EVALUATED,
        "dynamodb:attributes": _NOT_EVALUATED,
        "dynamodb:fulltablescan": "true",
    }
    return Requirement(f"PartiQL{kind}", _table(handler, {"TableName": table}) if table != "*" else "*", keys)


def _table(handler: Any, part: Mapping[str, Any]) -> str:
    name = str(part.get("TableName"))
    return name if name.startswith("arn:") else arn(handler, "dynamodb", f"table/{name}")


def _batched(name: str, part: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, Mapping):  # BatchGetItem
        options = {key: value for key, value in part.items() if key != "Keys"}
        yield from ({"TableName": name, "Key": key, **options} for key in part.get("Keys", ()))
        return
    for entry in part:
        for kind, write in entry.items():
            yield {
                "TableName": name,
                "Item" if kind == "PutRequest" else "Key": write.get("Item", write.get("Key", {})),
            }


def _keys(
    handler: Any, parts: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
) -> dict[str, str | tuple[str, ...]]:
    keys: dict[str, str | tuple[str, ...]] = {}
    leading: list[str] = []
    attributes: set[str] = set()
    for part in parts:
        partition_key = _partition_key(handler, part)
        leading.extend(_leading(part, partition_key) if partition_key else ())
        attributes.update(_attributes(part))
    if leading:
        keys["dynamodb:leadingkeys"] = tuple(dict.fromkeys(leading))
    if attributes:
        keys["dynamodb:attributes"] = tuple(sorted(attributes))
    for name in ("ReturnValues", "ReturnConsumedCapacity"):
        if isinstance(params.get(name), str):
            keys[f"dynamodb:{name.lower()}"] = params[name]
    some = all(part.get("ProjectionExpression") or part.get("AttributesToGet") for part in parts)
    keys["dynamodb:select"] = str(params.get("Select") or ("SPECIFIC_ATTRIBUTES" if some else "ALL_ATTRIBUTES"))
    return keys


def _partition_key(handler: Any, part: Mapping[str, Any]) -> str | None:
    name = str(part.get("TableName")).rpartition("/")[2]
    table = dynamodb_backends[handler.current_account][handler.region].tables.get(name)
    if table is None:
        return None
    schema = table.schema
    if "IndexName" in part:
        indexes = (*table.global_indexes, *table.indexes)
        schema = next((index.schema for index in indexes if index.name == part["IndexName"]), schema)
    return next((str(key["AttributeName"]) for key in schema if key["KeyType"] == "HASH"), None)


def _leading(part: Mapping[str, Any], name: str) -> Iterator[str]:
    for holder in ("Key", "Item", "ExclusiveStartKey"):
        if name in (part.get(holder) or {}):
            yield _scalar(part[holder][name])
    for value in ((part.get("KeyConditions") or {}).get(name) or {}).get("AttributeValueList", ()):
        yield _scalar(value)
    names, values = part.get("ExpressionAttributeNames") or {}, part.get("ExpressionAttributeValues") or {}
    for left, right in re.findall(r"([#\w]+)\s*=\s*(:\w+)", part.get("KeyConditionExpression") or ""):
        if names.get(left, left) == name and right in values:
            yield _scalar(values[right])


def _scalar(value: Mapping[str, Any]) -> str:
    return str(next(iter(value.values()), ""))


def _attributes(part: Mapping[str, Any]) -> Iterator[str]:
    yield from part.get("Item") or ()
    yield from part.get("Key") or ()
    yield from part.get("AttributesToGet") or ()
    names = part.get("ExpressionAttributeNames") or {}
    for expression in (str(part.get(name) or "") for name in (*_EXPRESSIONS, "KeyConditionExpression")):
        for word in _NAME.findall(expression):
            if word.lower() not in _WORDS:
                yield names.get(word, word)
