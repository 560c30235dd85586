"""A DynamoDB table spoken to in plain Python values: owner, record, and what is kept there."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from api.errors import ConflictError

Record = dict[str, Any]
_PLACEHOLDER = re.compile(r"#(\w+)")
_ATTEMPTS = 3
"""How often a write is sent that meets a transaction, which DynamoDB refuses and botocore does not send again."""


class ConditionNotMetError(Exception):
    """A conditional write was refused; `old` is the record that stood in its way, if any.

    `repeated`: the client sent the write more than once, because a response was lost; an earlier one may be applied.
    """

    def __init__(self, old: Record | None, *, repeated: bool = False) -> None:
        super().__init__("the record is not as the write expected")
        self.old = old
        self.repeated = repeated


class TransactionRefusedError(Exception):
    """A transaction was cancelled: per write the reason's code and the record in its way."""

    def __init__(self, reasons: list[tuple[str, Record | None]]) -> None:
        super().__init__(", ".join(code for code, _ in reasons))
        self.reasons = reasons


class Table:
    """One table with the keys `owner` and `record`.

    Expressions write every attribute as `#attribute` (many plain words are reserved); `names` adds other placeholders.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, owner: str, record: str, *, consistent: bool = True) -> Record | None:
        """The record, or None."""
        answer = self._client.get_item(TableName=self.name, Key=key(owner, record), ConsistentRead=consistent)
        return plain(answer["Item"]) if "Item" in answer else None

    def put(self, record: Record, condition: str) -> None:
        """Write a whole record; raises ConditionNotMetError."""
        self._conditionally(self._client.put_item, self.put_request(record, condition))

    def update(self, request: Mapping[str, Any], returns: str = "NONE") -> Record:
        """Run an update_request and return the attributes asked for; raises ConditionNotMetError."""
        answer = self._conditionally(self._client.update_item, {**request, "ReturnValues": returns})
        return plain(answer.get("Attributes", {}))

    def delete(self, request: Mapping[str, Any]) -> None:
        """Run a delete_request; raises ConditionNotMetError."""
        self._conditionally(self._client.delete_item, request)

    def transact(self, writes: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """All of the writes, each ("Put" | "Update" | "Delete", request), or none; raises TransactionRefusedError."""
        try:
            self._client.transact_write_items(TransactItems=[{kind: request} for kind, request in writes])
        except self._client.exceptions.TransactionCanceledException as refusal:
            reasons = refusal.response.get("CancellationReasons", [])
            raise TransactionRefusedError([(r.get("Code", ""), plain(r.get("Item") or {})) for r in reasons]) from None

    def query(
        self, owner: str, prefix: str, *, after: str | None, limit: int, descending: bool = False
    ) -> list[Record]:
        """At most `limit` of the owner's records whose name starts with the prefix, after the named one."""
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": "#owner = :owner AND begins_with(#record, :prefix)",
            "ExpressionAttributeNames": _names("#owner #record"),
            "ExpressionAttributeValues": {":owner": {"S": owner}, ":prefix": {"S": prefix}},
            "ScanIndexForward": not descending,
            "ConsistentRead": True,
            "Limit": limit,
        }
        if after is not None:
            request["ExclusiveStartKey"] = key(owner, after)
        found: list[Record] = []
        while len(found) < limit:  # a page also ends after 1 MB
            answer = self._client.query(**request)
            found += map(plain, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                break
            request |= {"ExclusiveStartKey": answer["LastEvaluatedKey"], "Limit": limit - len(found)}
        return found

    def put_request(self, record: Record, condition: str, values: Record | None = None) -> dict[str, Any]:
        """A Put for put or transact."""
        return {"TableName": self.name, "Item": _attributes(record), **_conditioned(condition, values)}

    def update_request(
        self,
        owner: str,
        record: str,
        expression: str,
        condition: str | None,
        values: Record,
        names: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """An Update for update or transact."""
        request = _conditioned(condition, values)
        request |= {"TableName": self.name, "Key": key(owner, record), "UpdateExpression": expression}
        request["ExpressionAttributeNames"] = _names(f"{expression} {condition or ''}") | dict(names or {})
        return request

    def delete_request(self, owner: str, record: str, condition: str, values: Record | None = None) -> dict[str, Any]:
        """A Delete for delete or transact."""
        return {"TableName": self.name, "Key": key(owner, record), **_conditioned(condition, values)}

    def _conditionally(self, call: Any, request: Mapping[str, Any]) -> Any:
        repeated = False
        for _ in range(_ATTEMPTS):
            try:
                return call(**request)
            except self._client.exceptions.ConditionalCheckFailedException as refusal:
                old = refusal.response.get("Item")
                repeated = repeated or _repeated(refusal)
                raise ConditionNotMetError(plain(old) if old else None, repeated=repeated) from None
            except self._client.exceptions.TransactionConflictException as refusal:
                repeated = repeated or _repeated(refusal)
        raise ConflictError("Another request is changing this right now; try again.")


def key(owner: str, record: str) -> dict[str, Any]:
    """A record's address in DynamoDB's words."""
    return {"owner": {"S": owner}, "record": {"S": record}}


def plain(attributes: Mapping[str, Any]) -> Record:
    """DynamoDB's attributes as Python values; every number of ours is whole."""
    return {name: _value(attribute) for name, attribute in attributes.items()}


def _conditioned(condition: str | None, values: Record | None) -> dict[str, Any]:
    request: dict[str, Any] = {}
    if condition is not None:
        request["ConditionExpression"] = condition
        request["ExpressionAttributeNames"] = _names(condition)
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if values:
        request["ExpressionAttributeValues"] = _attributes(values)
    return request


def _repeated(refusal: Any) -> bool:
    """Return whether botocore had sent the request before; its standard retries count this (from 1) in the response."""
    return bool(refusal.response.get("ResponseMetadata", {}).get("RetryAttempts"))


@cache
def _names(expression: str) -> dict[str, str]:
    return {f"#{name}": name for name in _PLACEHOLDER.findall(expression)}


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _attribute(value) for name, value in values.items()}


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": _attributes(value)}
    if isinstance(value, list | tuple):
        return {"L": [_attribute(each) for each in value]}
    raise TypeError(f"DynamoDB records hold text, whole numbers, lists and maps, not {type(value).__name__}")


def _value(attribute: Mapping[str, Any]) -> Any:
    if "S" in attribute:  # most are text
        return attribute["S"]
    ((kind, value),) = attribute.items()
    if kind == "N":
        return int(value)
    if kind == "M":
        return plain(value)
    if kind == "L":
        return [_value(each) for each in value]
    return value
