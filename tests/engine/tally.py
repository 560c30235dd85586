"""Counts what the engine did in a run of these tests, over all their processes, and says it by stack at the end."""

from collections import Counter
from typing import Any

import pytest

OPERATIONS: Counter[tuple[str, str]] = Counter()
"""By stack and operation: the commands that were run, and the resources that the engine created, updated, deleted …"""

_COLUMNS = ("commands", "create", "update", "replace", "delete")


def count(stack: str, operations: Counter[str]) -> None:
    """Note a command of the CLI and what it did."""
    OPERATIONS[stack, "commands"] += 1
    for operation, times in operations.items():
        OPERATIONS[stack, operation] += times


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its counts to the process that reports."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = [[*key, times] for key, times in OPERATIONS.items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the counts of a worker that has ended."""
    for stack, operation, times in getattr(node, "workeroutput", {}).get("tally", []):
        OPERATIONS[stack, operation] += times


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each stack."""
    if OPERATIONS:
        terminalreporter.section("through the Pulumi engine")
        terminalreporter.write_line("".join(f"{title:>12}" for title in ("stack", *_COLUMNS)))
    for stack in sorted({stack for stack, _ in OPERATIONS}):
        counts = (OPERATIONS[stack, column] for column in _COLUMNS)
        terminalreporter.write_line(f"{stack:>12}" + "".join(f"{times:>12}" for times in counts))
