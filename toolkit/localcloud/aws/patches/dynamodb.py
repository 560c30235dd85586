"""Patches of moto's DynamoDB: calls one at a time, and client request tokens that are valid for ten minutes.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.dynamodb.responses:DynamoHandler.call_action",
    "moto.dynamodb.responses:DynamoHandler.execute_transaction",
    "moto.dynamodb.responses:DynamoHandler.transact_write_items",
)

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
    handler: Any = DynamoHandler
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
