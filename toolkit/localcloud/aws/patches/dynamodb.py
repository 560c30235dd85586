"""Patches of moto's DynamoDB: calls one at a time, client request tokens, and transactions that copy what they write.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import copy
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.dynamodb.models:DynamoDBBackend.get_keys_value",
    "moto.dynamodb.models:DynamoDBBackend.transact_write_items",
    "moto.dynamodb.models.table:Table.get_item",
    "moto.dynamodb.responses:DynamoHandler.call_action",
    "moto.dynamodb.responses:DynamoHandler.execute_transaction",
    "moto.dynamodb.responses:DynamoHandler.transact_write_items",
)

ADDED_NAMES = ("moto.dynamodb.models.table:Table.__deepcopy__",)
"""The method that a transaction has in place of a copy."""

VALID_SECONDS = 600
MAX_LENGTH = 36


class TransactionTokens:
    """The tokens of the transactions that succeeded, with a digest of what each wrote."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._used: dict[tuple[str, str, str], _Use] = {}

    def once(self, key: tuple[str, str, str], content: Any, write: Callable[[], Any]) -> Any:
        """Write, or return the response of the same earlier write; `key`: account, region and token.

        DynamoDB's calls are handled one at a time, so a second use waits until the first has ended. Raises
        JsonRESTError (IdempotentParameterMismatchException) for other content.
        """
        now = self._clock()
        self._used = {known: use for known, use in self._used.items() if use.expires_at > now}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
        use = self._used.get(key)
        if use is None:
            answer = write()
            self._used[key] = _Use(digest, answer, self._clock() + VALID_SECONDS)
            return answer
        if use.digest != digest:
            sentence = "Idempotent request has mismatched parameters: the ClientRequestToken was used for others."
            raise JsonRESTError("IdempotentParameterMismatchException", sentence)
        return use.answer


@dataclass(frozen=True)
class _Use:
    digest: bytes
    answer: Any
    expires_at: float


def patch_dynamodb() -> None:
    """Handle calls one at a time; have TransactWriteItems and ExecuteTransaction apply a token once."""
    backend: Any = DynamoDBBackend
    handler: Any = DynamoHandler
    backend.transact_write_items = copying_items(backend.transact_write_items)
    handler.call_action = one_at_a_time(handler.call_action)
    tokens = TransactionTokens()
    handler.transact_write_items = _once(handler.transact_write_items, "TransactItems", tokens)
    handler.execute_transaction = _once(handler.execute_transaction, "TransactStatements", tokens)


def _once(call: Callable[[Any], Any], content: str, tokens: TransactionTokens) -> Callable[[Any], Any]:
    def once(handler: Any) -> Any:
        token = handler.body.get("ClientRequestToken")
        if not token:
            return call(handler)
        if not isinstance(token, str) or len(token) > MAX_LENGTH:
            sentence = f"ClientRequestToken must be a string of at most {MAX_LENGTH} characters."
            raise JsonRESTError("ValidationException", sentence)
        key = (str(handler.current_account), str(handler.region), token)
        return tokens.once(key, handler.body.get(content), lambda: call(handler))

    return once


def one_at_a_time(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the call behind a lock: moto checks a condition and writes in two steps, so two threads could both win."""
    lock = threading.Lock()

    @wraps(call)
    def locked(handler: Any) -> Any:
        with lock:
            return call(handler)

    return locked


def copying_items(transact: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return the transaction with a copy of each item that it writes: moto copies the whole table for each of them."""

    @wraps(transact)
    def transact_items(backend: Any, writes: Sequence[Mapping[str, Any]]) -> None:
        earlier = list(_earlier(backend, writes))
        shards = {id(shard): (shard, len(shard.items)) for table, *_ in earlier if (shard := table.stream_shard)}
        try:
            with _without_copies_of_tables():
                transact(backend, writes)
        except Exception:
            for table, hash_key, range_key, item in earlier:
                _restore(table, hash_key, range_key, item)
            for shard, length in shards.values():
                del shard.items[length:]
            raise

    return transact_items


def _earlier(backend: Any, writes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield table, keys and a copy of each item before the transaction; None is an item that does not exist."""
    for write in writes:
        for operation in write.values():
            with suppress(Exception):  # an invalid write, which moto rejects before it writes anything for it
                table = backend.tables[operation["TableName"]]
                keys = backend.get_keys_value(table, operation.get("Key") or operation["Item"])
                yield table, *keys, copy.deepcopy(table.get_item(*keys))


def _restore(table: Any, hash_key: Any, range_key: Any, item: Any) -> None:
    items, name = (table.items, hash_key) if range_key is None else (table.items[hash_key], range_key)
    if item is None:
        items.pop(name, None)
    else:
        items[name] = item


@contextmanager
def _without_copies_of_tables() -> Iterator[None]:
    """Have a copy of a table be the table itself. Calls are handled one at a time, so no other call is affected."""
    table: Any = Table
    table.__deepcopy__ = lambda self, _memo: self
    try:
        yield
    finally:
        del table.__deepcopy__
