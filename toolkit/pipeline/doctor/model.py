"""The target and the result of a check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CheckResult:
    """One thing that the pipeline needs: whether it exists, and how to create it."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True)
class Target:
    """A stack of the project in `root`, whose file was read."""

    stack: str
    root: Path
    region: str
    account: str
    boundary: str | None
    """Return the name of the permissions boundary that the bootstrap stack creates."""


Check = Callable[[Target], Iterator[CheckResult]]


def ok(name: str, detail: str) -> CheckResult:
    """Return the result of a check that passed."""
    return CheckResult(name, ok=True, detail=detail)


def missing(name: str, detail: str, fix: str) -> CheckResult:
    """Return the result of a check that failed."""
    return CheckResult(name, ok=False, detail=detail, fix=fix)
