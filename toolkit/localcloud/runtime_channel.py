"""The messages between the embedded AWS and the Lambda runtime, over a loopback port with a secret.

The embedded AWS is another process than the runtime. A runtime listens, and registers its address in a
call that the administrator signs. Each call is one connection with one line of JSON, and one line as answer.
"""

import secrets
from typing import Annotated, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

REGISTRATION_PATH = "lambda-runtimes"
"""Below /_embedded."""
MAX_LINE_BYTES = 16 * 1024 * 1024
"""More than the 6 MB of an invocation's payload as base64."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuntimeAddress(_Message):
    """Where a runtime listens on 127.0.0.1, and the secret that its callers send."""

    port: Annotated[int, Field(ge=1, le=65535)]
    secret: Annotated[str, Field(min_length=32, repr=False)]


class RuntimeCall(_Message):
    """One call of a runtime: run a function and wait, run it and do not wait, or read again what is deployed."""

    secret: Annotated[str, Field(repr=False)]
    kind: Literal["invoke", "start", "changed"]
    function: str = ""
    payload: Annotated[Base64Bytes, Field(repr=False)] = b""
    client_context: str | None = None


class RuntimeAnswer(_Message):
    """The outcome of a call; `code` is None unless Lambda rejects the invocation with `status` and `message`."""

    status: int = 200
    code: str | None = None
    message: str = ""
    payload: Annotated[Base64Bytes, Field(repr=False)] = b""
    function_error: str | None = None
    version: str = ""
    request_id: str = ""
    log_tail: Annotated[Base64Bytes, Field(repr=False)] = b""


def new_secret() -> str:
    """Return a secret for one runtime."""
    return secrets.token_urlsafe(32)
