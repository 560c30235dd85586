"""One line of the doctor's answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Check:
    """One thing that the pipeline needs: whether it is there, and what to do where it is not."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True)
class Patient:
    """A stack of the project in `root`, whose file was read."""

    stack: str
    root: Path
    region: str
    account: str
    boundary: str | None
    """The name of the permissions boundary, which the account's own stack made."""


Examination = Callable[[Patient], Iterator[Check]]


def ok(name: str, detail: str) -> Check:
    """It is there."""
    return Check(name, ok=True, detail=detail)


def missing(name: str, detail: str, fix: str) -> Check:
    """It is not there, or cannot be read."""
    return Check(name, ok=False, detail=detail, fix=fix)
