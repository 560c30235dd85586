"""Find the changes of the policies: lower levels, waivers and changed files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toolkit.policy.levels import levels_in
from toolkit.policy.pack import Pack
from toolkit.policy.waivers import Waiver, WaiverFileError, load_waivers
from toolkit.stacks.errors import FileError
from toolkit.stacks.git import changed_files, file_at
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.settings import ENVIRONMENTS
from toolkit.stacks.urns import name_in

_WAIVERS = "policies/waivers.yaml"
_NO_DECISION = ("toolkit/cost/", "toolkit/policy/compliance/", "policies/config/", _WAIVERS)
"""Prices, reports and generated files; the sums show their effect, and waivers are listed one by one."""
_STRICTEST_FIRST = ("mandatory", "remediate", "advisory", "disabled")


@dataclass(frozen=True)
class GuardReport:
    """The changes of the policies against the base."""

    weakened: tuple[str, ...] = ()
    """Rules that are removed, or at a lower level than before."""
    files: tuple[str, ...] = ()
    waivers_added: tuple[str, ...] = ()
    waivers_removed: tuple[str, ...] = ()
    waivers_expired: tuple[str, ...] = ()
    """The waivers of the file that have expired."""


def guard_changes(pack: Pack, root: Path, base: str, files: Path, today: date) -> GuardReport:
    """Compare the policies of the working tree with those of the base, whose files are in a folder."""
    old, new = _waivers(files / _WAIVERS), _waivers(root / _WAIVERS)
    changed = changed_files(root, base, "policies")
    return GuardReport(
        weakened=tuple(_weakened(pack, root, base)),
        files=tuple(name for name in changed if not name.startswith(_NO_DECISION)),
        waivers_added=tuple(sorted(map(_line, new - old))),
        waivers_removed=tuple(sorted(map(_line, old - new))),
        waivers_expired=tuple(sorted(_line(waiver) for waiver in new if waiver.expires < today)),
    )


def _weakened(pack: Pack, root: Path, base: str) -> Iterator[str]:
    """Yield the lowered levels: the base has its levels in generated files, the working tree in the loaded rules."""
    lowered: dict[str, list[str]] = {}
    for environment in ENVIRONMENTS:
        text = file_at(root, base, f"policies/config/{environment}.json")
        try:
            before = parse_json(text, environment) if text else {}
        except FileError:
            continue
        now = levels_in(pack, environment)
        for rule, level in before.items():
            if _rank(now.get(rule, "disabled")) > _rank(level):
                lowered.setdefault(f"{rule}: {level} to {now.get(rule, 'removed')}", []).append(environment)
    yield from (f"{what} in {', '.join(where)}" for what, where in sorted(lowered.items()))


def _rank(level: object) -> int:
    return _STRICTEST_FIRST.index(level) if isinstance(level, str) and level in _STRICTEST_FIRST else 0


def _waivers(file: Path) -> set[Waiver]:
    try:
        return set(load_waivers(file)) if file.is_file() else set()
    except WaiverFileError:
        return set()


def _line(waiver: Waiver) -> str:
    name = name_in(waiver.urn)
    return f"{waiver.rule} at {name} of {waiver.stack}, until {waiver.expires} ({waiver.owner}): {waiver.reason}"
