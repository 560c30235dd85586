"""Callers go back to the version before: the alias at once, then a look at what answers, then a record of it."""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from pipeline.errors import RefusedError
from pipeline.release.delivery import Delivery
from pipeline.release.live_alias import LiveAlias, Pointing

ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class RolledBack:
    """What a rollback did; the seconds are until the alias had moved, and until the old version answered."""

    stack: str
    from_version: str
    to_version: str
    stopped_delivery: str | None
    serves: str
    alias_seconds: float
    seconds: float
    at: str


def version_before(alias: LiveAlias, delivery: Delivery | None, left: frozenset[str], to: str | None = None) -> str:
    """The version to go back to: `to`, else the one that callers reached before; never one that was rolled back.

    Raises RefusedError where there is none.
    """
    now, published = alias.pointing(), alias.versions()
    if to is not None:
        if not to.isdigit() or int(to) not in published:
            found = ", ".join(map(str, published)) or "none"
            raise RefusedError(f"{alias.function} has no version {to!r}: its versions are {found}.")
        if to == now.version and now.newer is None:
            raise RefusedError(f"{alias.function} serves version {to} already: nothing is to be rolled back.")
        return to
    if now.newer is not None:  # a delivery is under way: whoever is not part of it still reaches the one before
        return now.version
    came_from = delivery.came_from(now.version) if delivery else None
    if came_from is not None and int(came_from) in published and came_from not in left:
        return came_from
    earlier = [str(number) for number in published if number < int(now.version) and str(number) not in left]
    if not earlier:
        raise RefusedError(
            f"{alias.function} has no version before {now.version} to go back to: deploy a good package."
        )
    return earlier[0]


def roll_back(stack: str, alias: LiveAlias, delivery: Delivery | None, to: str, url: str, record: Path) -> RolledBack:
    """Send all callers to version `to`, wait until `url` says that it answers, and write that down.

    Raises RefusedError where it cannot be done or something else answers.
    """
    started, before = time.monotonic(), alias.pointing()
    stopped = delivery.stop_running() if delivery else None
    if alias.pointing() != Pointing(to, None):
        alias.point_to(to)
    moved = time.monotonic() - started
    serves = alias.calls_itself(to)
    _wait_for(url, serves)
    result = RolledBack(
        stack=stack,
        from_version=before.newer or before.version,
        to_version=to,
        stopped_delivery=stopped,
        serves=serves,
        alias_seconds=round(moved, 3),
        seconds=round(time.monotonic() - started, 3),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_record(record, result)
    return result


def record_path(root: Path, stack: str) -> Path:
    """Where the rollbacks of a stack are written down."""
    return root / "build" / "release" / f"{stack}-rollbacks.json"


def left_versions(record: Path) -> frozenset[str]:
    """The versions that were rolled back, as far as it is written down here."""
    return frozenset(str(entry["from_version"]) for entry in _entries(record))


def write_record(record: Path, result: RolledBack) -> None:
    """Add a rollback to those that are written down."""
    record.parent.mkdir(parents=True, exist_ok=True)
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps([*_entries(record), asdict(result)], indent=2) + "\n")
    draft.replace(record)


def _entries(record: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = json.loads(record.read_text())
    except FileNotFoundError:
        return []
    except ValueError:
        raise RefusedError(f"{record} is no JSON: remove it, or name the version with --to.") from None
    return entries


def _wait_for(url: str, version: str) -> None:
    deadline, local = time.monotonic() + ANSWER_SECONDS, urlsplit(url).hostname in {"127.0.0.1", "localhost"}
    with httpx.Client(timeout=5, trust_env=not local) as client:
        while True:
            try:
                answer = client.get(f"{url}/health")
                found = answer.json().get("version") if answer.status_code == 200 else f"status {answer.status_code}"
            except (httpx.TransportError, ValueError) as error:
                found = str(error) or type(error).__name__
            if found == version:
                return
            if time.monotonic() >= deadline:
                raise RefusedError(f"The alias moved, but {url}/health answers {found}, not version {version}.")
            time.sleep(0.2)
