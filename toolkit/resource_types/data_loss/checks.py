"""Kinds of checks on a resource that stays: what an update in place may not shorten, switch off, drop or redirect."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.resource_types.data_loss.values import UNKNOWN, Values, at, entries, is_known


@dataclass(frozen=True)
class Loss:
    """What one step does to a resource, and what is lost by it."""

    what: str
    lost: str
    needs_backup: bool = False
    """Whether a backup has to be there, because the step ends the continuous one."""


Check = Callable[[Values], Iterator[Loss]]


def stays(*path: str, on: tuple[Any, ...] = (True,), what: str, lost: str, needs_backup: bool = False) -> Check:
    """Report a setting that has one of the safe values and loses it."""

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if was != now and (was in on or not is_known(was)) and now not in on:
            yield Loss(what if is_known(now) else _unknown(path), lost, needs_backup)

    return check


def stays_off(*path: str, what: str, lost: str) -> Check:
    """Report a switch that is off, or not set, and is switched on."""
    return stays(*path, on=(False, None), what=what, lost=lost)


def not_shorter(
    *path: str, default: float, unit: str, lost: str, forever: tuple[Any, ...] = (), where: tuple[str, ...] = ()
) -> Check:
    """Report a time or a number that becomes less; `forever` lists what means no end, `where` a switch that was on."""

    def least(value: Any) -> float | None:
        """The shortest of several; None where one is unknown."""
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
    """Report any other value than before, on a resource that was there, or also on one that is `new`."""

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if (values.before or new) and values.after and was != now:
            yield Loss(what if is_known(now) else _unknown(path), lost)

    return check


def keeps(*path: str, by: tuple[str, ...], what: str, lost: str, where: tuple[str, ...] = ()) -> Check:
    """Report a list that loses an entry, or has it disabled; `by` is the path to what tells its entries apart.

    With `where` only the entries count that have a switch on.
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
    return f"gets another {'.'.join(path)}, {UNKNOWN!r}"


def _shown(number: float | None, unit: str) -> str:
    return "no end" if number == math.inf else f"{number:g} {unit}" if number is not None else "unknown"
