"""Checks of an update in place: values that it may not shorten, disable, remove or redirect."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.resource_types.data_loss.values import UNKNOWN, Values, at, entries, is_known


@dataclass(frozen=True)
class Loss:
    """A change of a resource, and the data that it loses."""

    what: str
    lost: str
    needs_backup: bool = False
    """Whether a backup must exist, because the change ends the continuous one."""


Check = Callable[[Values], Iterator[Loss]]


def stays(*path: str, on: tuple[Any, ...] = (True,), what: str, lost: str, needs_backup: bool = False) -> Check:
    """Report a setting that changes from one of the safe values to another value."""

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if was != now and (was in on or not is_known(was)) and now not in on:
            yield Loss(what if is_known(now) else _unknown(path), lost, needs_backup)

    return check


def stays_off(*path: str, what: str, lost: str) -> Check:
    """Report a flag that is false or not set and becomes true."""
    return stays(*path, on=(False, None), what=what, lost=lost)


def stays_set(*path: str, what: str, lost: str) -> Check:
    """Report a setting that is removed; another value, or one that is not known yet, is no loss."""

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if was and not now:
            yield Loss(what, lost)

    return check


def not_shorter(
    *path: str, default: float, unit: str, lost: str, forever: tuple[Any, ...] = (), where: tuple[str, ...] = ()
) -> Check:
    """Report a number that decreases; `forever` lists the values without an end, `where` a flag that was true."""

    def least(value: Any) -> float | None:
        """Return the smallest of several numbers; None where one is unknown."""
        found = [default if each is None else each for each in entries(value)] or [default]
        if not all(isinstance(each, int | float) for each in found):
            return None
        return min(math.inf if each in forever else float(each) for each in found)

    def check(values: Values) -> Iterator[Loss]:
        if where and values.pair(*where)[0] is not True:
            return
        was, now = values.pair(*path)
        old, new = least(was), least(now)
        if was == now or (old is not None and new is not None and new >= old):
            return
        name = ".".join(path)
        what = f"shortens {name} from {_shown(old, unit)} to {_shown(new, unit)}"
        yield Loss(what if old is not None and new is not None else _unknown(path), lost)

    return check


def unchanged(*path: str, what: str, lost: str, new: bool = False) -> Check:
    """Report any change of a value, on an existing resource or also on one that is `new`."""

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if (values.before or new) and values.after and was != now:
            yield Loss(what if is_known(now) else _unknown(path), lost)

    return check


def keeps(*path: str, by: tuple[str, ...], what: str, lost: str, where: tuple[str, ...] = ()) -> Check:
    """Report a list from which an entry is removed or disabled; `by` is the path that identifies an entry.

    With `where` only entries with that flag count.
    """

    def names(value: Any) -> list[Any]:
        on = [each for each in entries(value) if not where or at(each, where) not in (False, None)]
        return [at(entry, by) for entry in on if at(entry, ["status"]) != "Disabled"]

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        old, new = names(was), names(now)
        gone = [name for name in old if name not in new]
        if gone or (old and now is UNKNOWN):
            shown = ", ".join(str(name) for name in gone if is_known(name))
            yield Loss(f"{what} {shown}".rstrip() if is_known(now) else _unknown(path), lost)

    return check


def _unknown(path: tuple[str, ...]) -> str:
    return f"changes {'.'.join(path)} to {UNKNOWN!r}"


def _shown(number: float | None, unit: str) -> str:
    return "no end" if number == math.inf else f"{number:g} {unit}" if number is not None else "unknown"
