"""Run in a fresh process beside an unpacked package: answers one event, and tells what was asked for.

usage: python invocation.py TASK_FOLDER EVENT_FILE once | whole | primed | unprimed | warm | answer
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

WARM_UP, WARM = 200, 1500


class Context:
    """The context object of an invocation."""

    function_name = "items-api"
    function_version = "1"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:items-api:live"
    aws_request_id = "8f5ad3b0-0f0e-4b0f-9a53-3a3bd1f4d1a5"

    def get_remaining_time_in_millis(self) -> int:
        """Time enough."""
        return 10_000


def import_handler(*, primed: bool = True) -> Any:
    """The handler, as Lambda imports it; unprimed, the requests that it makes of itself meanwhile are left out."""
    if primed:
        from api.lambda_handler import handler

        return handler
    from mangum import Mangum

    call = Mangum.__call__
    Mangum.__call__ = lambda *_: {"statusCode": 200}  # type: ignore[method-assign] # put back below
    from api.lambda_handler import handler

    Mangum.__call__ = call  # type: ignore[method-assign] # as it was
    return handler


def answer(handler: Any, event: dict[str, Any]) -> Any:
    """The handler's answer; the process ends if it is a refusal, which would be measured in vain."""
    response = handler(event, Context())
    if response["statusCode"] >= 400:
        sys.exit(f"The handler answered {response}")
    return response


def first_request(handler: Any, event: dict[str, Any]) -> float:
    """CPU seconds of the first request after the import."""
    started = time.process_time()
    answer(handler, event)
    return time.process_time() - started


def warm_request(handler: Any, event: dict[str, Any]) -> float:
    """CPU seconds of one warm request, when DynamoDB answers at once with what it answered first."""
    answer(handler, event)  # a window of the rate limit begins with a larger answer than the rest of it gets
    _replay_aws()
    for _ in range(WARM_UP):
        answer(handler, event)
    started = time.process_time()
    for _ in range(WARM):
        answer(handler, event)
    return (time.process_time() - started) / WARM


def _replay_aws() -> None:
    """Answer every operation of every client with what it answered first about the same table."""
    try:
        from botocore.client import BaseClient
    except ImportError:
        return
    clients: list[Any] = BaseClient.__subclasses__()
    for client in clients:
        for method in client._PY_TO_OP_NAME:  # noqa: SLF001 -- the names of a client's operations
            setattr(client, method, _replayed(getattr(client, method)))


def _replayed(call: Any) -> Any:
    answers: dict[str, Any] = {}

    def replay(self: Any, **request: Any) -> Any:
        table = request.get("TableName", "")
        if table not in answers:
            answers[table] = call(self, **request)
        return answers[table]

    return replay


def main(task: str, event_file: str, mode: str) -> None:
    """Do what `mode` asks for and print it as JSON."""
    sys.path.insert(0, task)
    handler = import_handler(primed=mode != "unprimed")
    event = json.loads(Path(event_file).read_text())
    measure: Any = {"answer": answer, "warm": warm_request}.get(mode, first_request)
    sys.stdout.write(f"{json.dumps(measure(handler, event))}\n")
    if mode != "whole":
        sys.stdout.flush()
        os._exit(0)  # an environment on Lambda does not tear its interpreter down: that is no part of a start


if __name__ == "__main__":
    main(*sys.argv[1:])
