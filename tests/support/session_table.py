"""The session table looked at from outside: which operations a request costs, and how large a caller's record is."""

from collections.abc import Callable
from functools import partial
from typing import Any

from api.sessions.repository import DynamoSessions
from api.table import key


class CountingClient:
    """A DynamoDB client that remembers its operations, and can let another request in after one of them."""

    def __init__(self, client: Any) -> None:
        self.client, self.operations = client, list[str]()
        self.others: list[Callable[[], Any] | None] = []

    def after(self, operation: int, other: Callable[[], Any]) -> None:
        """Let another request in after the operation of that number, from 1."""
        self.others = [None] * (operation - 1) + [other]

    def __getattr__(self, name: str) -> Any:
        if name == "exceptions":
            return self.client.exceptions
        self.operations.append(name)
        return partial(self._run, getattr(self.client, name))

    def _run(self, operation: Callable[..., Any], **request: Any) -> Any:
        try:
            return operation(**request)
        finally:
            other = self.others.pop(0) if self.others else None
            if other:
                other()


def caller_record(sessions: DynamoSessions, owner: str) -> dict[str, Any]:
    """What DynamoDB keeps, in its own form."""
    table = sessions._table  # noqa: SLF001 - the size of the record is the promise
    client = getattr(table._client, "client", table._client)  # noqa: SLF001 - likewise
    found = client.get_item(TableName=table.name, Key=key(owner, "caller"), ConsistentRead=True)
    record: dict[str, Any] = found.get("Item", {})
    return record


def size(attributes: dict[str, Any]) -> int:
    """The bytes that DynamoDB counts for attributes with their names.

    docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + value_size(value) for name, value in attributes.items())


def value_size(attribute: dict[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    if kind == "M":
        return 3 + len(value) + size(value)
    return len(value.encode()) if kind == "S" else len(value) // 2 + 2
