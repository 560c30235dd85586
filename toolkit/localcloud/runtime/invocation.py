"""Invocations: requests, outcomes and errors, as Lambda defines them."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from toolkit.stacks.errors import RefusedError

MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
MAX_RESPONSE_BYTES = 6_291_556  # the figure in Lambda's error message


@dataclass(frozen=True, kw_only=True)
class InvocationRequest:
    """One event for a worker; times are epoch milliseconds."""

    request_id: str
    event: bytes
    invoked_arn: str
    trace_id: str
    client_context: str | None
    deadline_ms: int

    def headers(self) -> dict[str, str]:
        """The Runtime API's headers that go with the event."""
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.invoked_arn,
            "Lambda-Runtime-Trace-Id": self.trace_id,
        }
        if self.client_context:
            headers["Lambda-Runtime-Client-Context"] = self.client_context
        return headers


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """The response of an invocation: `function_error` is None or `Unhandled`, `log_tail` the last 4 KB of its log."""

    request_id: str
    payload: bytes
    function_error: str | None
    version: str
    log_tail: bytes

    @property
    def error_message(self) -> str:
        """The `errorMessage` of a failed invocation; empty for a successful one."""
        if self.function_error is None:
            return ""
        try:
            return str(json.loads(self.payload).get("errorMessage", ""))
        except (ValueError, AttributeError):
            return self.payload.decode("utf-8", "replace")


class InvokeError(RefusedError):
    """Lambda rejected the invocation before any code ran, with the API's status and error code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Outcome:
    """A worker's result for an event."""

    payload: bytes
    failed: bool = False


def failure(error_type: str, message: str, request_id: str) -> Outcome:
    """Return the outcome that Lambda writes in place of the function."""
    body: dict[str, Any] = {"errorType": error_type, "errorMessage": f"RequestId: {request_id} Error: {message}"}
    return Outcome(json.dumps(body).encode(), failed=True)


def new_trace_id() -> str:
    """Return a new X-Ray trace header, not sampled: there is no collector."""
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"
