"""What every test relies on: none of the caller's settings, no network beyond loopback."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "::1"}


HIDDEN_PREFIXES = (
    *("AWS_", "OTEL_", "POWERTOOLS_", "PULUMI_"),
    *("ACTIONS_", "GH_", "GITHUB_", "RUNNER_"),  # a workflow's job; GITHUB_ACTIONS makes typer print colours
    *("CLICOLOR", "TTY_", "_TYPER_"),
    *("GIT_", "HYPOTHESIS_"),  # a git hook's GIT_DIR would move every commit of a test into this repository
)
HIDDEN = {"CI", "COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "PY_COLORS"}


def _hide_this_machine() -> None:
    """Remove the caller's clouds, job, terminal and git settings before any test module is imported."""
    for name in list(os.environ):
        if name.startswith(HIDDEN_PREFIXES) or name in HIDDEN or name.lower().endswith("_proxy"):
            del os.environ[name]
    nowhere = os.devnull
    os.environ |= {
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": "us-east-1",
        "GIT_CONFIG_GLOBAL": nowhere,
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
    }


_hide_this_machine()

# Every run tries the same examples, and how long one takes says how busy the machine is.
settings.register_profile(
    "items-api", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("items-api")


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket has no address beyond this machine
    host = str(address[0])
    return host in LOOPBACK or host.startswith("127.")


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(method: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if not _is_local(address):
                raise OSError(f"a test tried to reach {address!r}; tests stay on this machine")
            return method(self, address)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT
