"""Access to a DynamoDB table with plain Python values."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from api.definition import Index
from api.errors import ConflictError, UnavailableError
from api.telemetry import logger

Record = dict[str, Any]
_PLACEHOLDER = re.compile(r"#(\w+)")
_ATTEMPTS = 3
"""The attempts of a write that conflicts with a transaction, and of a batch with missing records: botocore repeats
neither."""


class ConditionNotMetError(Exception):
    """The condition of a write is not met; `old` is the current record, if any.

    `repeated`: the client sent the write more than once because a response was lost; an earlier one may be applied.
    """

    def __init__(self, old: Record | None, *, repeated: bool = False) -> None:
        super().__init__("the condition of the write is not met")
        self.old = old
        self.repeated = repeated


class TransactionCancelledError(Exception):
    """A transaction was cancelled; `reasons` has per write the code of the reason and the current record."""

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
        """Return the record, or None."""
        response = self._client.get_item(TableName=self.name, Key=key(owner, record), ConsistentRead=consistent)
        return plain(response["Item"]) if "Item" in response else None

    def get_all(self, owner: str, records: Iterable[str]) -> dict[str, Record]:
        """Return those of at most 100 records that exist, by name.

        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
        Raise UnavailableError where DynamoDB returns only some of them.
        """
        keys, found = [key(owner, record) for record in records], dict[str, Record]()
        for _ in range(_ATTEMPTS):
            if not keys:
                return found
            response = self._client.batch_get_item(RequestItems={self.name: {"Keys": keys, "ConsistentRead": True}})
            found |= {each["record"]["S"]: plain(each) for each in response["Responses"].get(self.name, ())}
            keys = response.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        if keys:
            raise UnavailableError("Too many requests to AWS. Try again in a moment.", headers={"Retry-After": "1"})
        return found

    def put(self, record: Record, condition: str) -> None:
        """Write a record. Raise ConditionNotMetError."""
        self._conditionally(self._client.put_item, self.put_request(record, condition))

    def update(self, request: Mapping[str, Any], returns: str = "NONE") -> Record:
        """Run an update_request and return the requested attributes. Raise ConditionNotMetError."""
        response = self._conditionally(self._client.update_item, {**request, "ReturnValues": returns})
        return plain(response.get("Attributes", {}))

    def delete(self, request: Mapping[str, Any]) -> None:
        """Run a delete_request. Raise ConditionNotMetError."""
        self._conditionally(self._client.delete_item, request)

    def transact(self, writes: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Run writes ("Put" | "Update" | "Delete", request), all or none. Raise TransactionCancelledError."""
        try:
            self._client.transact_write_items(TransactItems=[{kind: request} for kind, request in writes])
        except self._client.exceptions.TransactionCanceledException as failure:
            reasons = failure.response.get("CancellationReasons", [])
            raise TransactionCancelledError(
                [(r.get("Code", ""), plain(r.get("Item") or {})) for r in reasons]
            ) from None

    def query(
        self, owner: str, prefix: str, *, after: str | None, limit: int, descending: bool = False
    ) -> list[Record]:
        """Return at most `limit` records of the owner that start with the prefix, after the given one."""
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
        return self._queried(request, limit)

    def query_index(
        self, index: Index, value: str, prefix: str, *, after: Mapping[str, str] | None, limit: int
    ) -> list[Record]:
        """Return at most `limit` records with this hash key whose range key starts with the prefix, after a position.

        The index has each change a moment after the table: a global secondary index is eventually consistent.
        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "IndexName": index.name,
            "KeyConditionExpression": f"#{index.hash_key} = :value AND begins_with(#{index.range_key}, :prefix)",
            "ExpressionAttributeNames": _names(f"#{index.hash_key} #{index.range_key}"),
            "ExpressionAttributeValues": {":value": {"S": value}, ":prefix": {"S": prefix}},
            "Limit": limit,
        }
        if after is not None:
            request["ExclusiveStartKey"] = _attributes(after)
        return self._queried(request, limit)

    def _queried(self, request: dict[str, Any], limit: int) -> list[Record]:
        records: list[Record] = []
        while len(records) < limit:  # a page also ends after 1 MB
            response = self._client.query(**request)
            records += map(plain, response["Items"])
            if "LastEvaluatedKey" not in response:
                break
            request |= {"ExclusiveStartKey": response["LastEvaluatedKey"], "Limit": limit - len(records)}
        return records

    def put_request(self, record: Record, condition: str | None, values: Record | None = None) -> dict[str, Any]:
        """Return a Put for put or transact."""
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
        """Return an Update for update or transact."""
        request = _conditioned(condition, values)
        request |= {"TableName": self.name, "Key": key(owner, record), "UpdateExpression": expression}
        request["ExpressionAttributeNames"] = _names(f"{expression} {condition or ''}") | dict(names or {})
        return request

    def delete_request(
        self, owner: str, record: str, condition: str | None, values: Record | None = None
    ) -> dict[str, Any]:
        """Return a Delete for delete or transact."""
        return {"TableName": self.name, "Key": key(owner, record), **_conditioned(condition, values)}

    def _conditionally(self, call: Any, request: Mapping[str, Any]) -> Any:
        repeated = False
        for _ in range(_ATTEMPTS):
            try:
                return call(**request)
            except self._client.exceptions.ConditionalCheckFailedException as failure:
                old = failure.response.get("Item")
                repeated = repeated or _repeated(failure)
                raise ConditionNotMetError(plain(old) if old else None, repeated=repeated) from None
            except self._client.exceptions.TransactionConflictException as failure:
                repeated = repeated or _repeated(failure)
        raise ConflictError("Another request is changing this resource. Try again.")


def all_readable(*tables: Table) -> bool:
    """Return whether each table can be read; log the reason if one cannot."""
    for table in tables:
        try:
            table.get("health", "ready", consistent=False)
        except (BotoCoreError, ClientError) as error:
            logger.warning("A table cannot be read", extra={"table": table.name, "reason": str(error)})
            return False
    return True


def position(index: Index, record: Mapping[str, Any]) -> dict[str, str]:
    """Return the position of a record in an index: the keys of the table and of the index."""
    return {name: record[name] for name in ("owner", "record", index.hash_key, index.range_key)}


def key(owner: str, record: str) -> dict[str, Any]:
    """Return the primary key of a record, as DynamoDB represents it."""
    return {"owner": {"S": owner}, "record": {"S": record}}


def plain(attributes: Mapping[str, Any]) -> Record:
    """Return DynamoDB's attributes as Python values; all numbers are integers."""
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


def _repeated(failure: Any) -> bool:
    """Return whether botocore sent the request more than once; the response has the number of retries."""
    return bool(failure.response.get("ResponseMetadata", {}).get("RetryAttempts"))


@cache
def _names(expression: str) -> dict[str, str]:
    return {f"#{name}": name for name in _PLACEHOLDER.findall(expression)}


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _attribute(value) for name, value in values.items()}


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": _attributes(value)}
    if isinstance(value, list | tuple):
        return {"L": [_attribute(each) for each in value]}
    raise TypeError(f"A record can have text, integers, booleans, lists and maps, not {type(value).__name__}")


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
    return None if kind == "NULL" else value
