"""Roll back: point the alias to an earlier version, and wait until that version answers."""

import time
from dataclasses import dataclass

import httpx

from toolkit.pipeline.deploy.live_alias import AliasRouting
from toolkit.pipeline.deploy.released_stack import ReleasedStack
from toolkit.pipeline.deploy.version_history import History
from toolkit.pipeline.smoke.target import HEALTH
from toolkit.pipeline.web_address import is_local
from toolkit.stacks.errors import RefusedError

ANSWER_SECONDS = 20.0
PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class RolledBack:
    """The result of a rollback, with the seconds until the alias was changed and until the old version answered."""

    stack: str
    from_version: str
    to_version: str
    stopped_deployment: str | None
    serves: str
    alias_seconds: float
    seconds: float


def version_before(released: ReleasedStack, history: History, to: str | None = None) -> str:
    """Return the version to roll back to: `to`, else the previous one that was not rolled back.

    Raises RefusedError where there is none.
    """
    alias, now = released.alias, released.alias.routing()
    published = [str(number) for number in alias.versions()]
    if to is not None:
        if to not in published:
            raise RefusedError(f"{alias.function} has no version {to!r}: its versions are {', '.join(published)}.")
        return to
    if now.newer is not None:  # during a canary deployment most callers have the version before
        return now.version
    moved = released.canary.predecessor_of(now.version) if released.canary else None
    known = (history.predecessor_of(now.version), moved)
    earlier = (each for each in published if int(each) < int(now.version))
    good = (each for each in (*known, *earlier) if each in published and each not in history.rolled_back)
    before = next((each for each in good if each != now.version), None)
    if before is None:
        raise RefusedError(f"{alias.function} has no version before {now.version}: deploy a good package instead.")
    return before


def roll_back(stack: str, released: ReleasedStack, history: History, to: str) -> RolledBack:
    """Point the alias to version `to`, record the move, and wait until the API answers with it.

    Raises RefusedError where it cannot be done or something else answers.
    """
    started, alias, before = time.monotonic(), released.alias, released.alias.routing()
    stopped = released.canary.stop_running() if released.canary else None
    if alias.routing() != AliasRouting(to, None):
        alias.point_to(to)
    moved = time.monotonic() - started
    bad = before.newer or before.version
    if bad != to:
        history.add("rolled back", bad, to)
    serves = alias.version_text(to)
    _wait_for(released.url, serves)
    seconds = time.monotonic() - started
    return RolledBack(stack, bad, to, stopped, serves, round(moved, 3), round(seconds, 3))


def _wait_for(url: str, version: str) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    with httpx.Client(timeout=5, trust_env=not is_local(url)) as client:
        while True:
            try:
                answer = client.get(f"{url}{HEALTH}")
                found = answer.json().get("version") if answer.status_code == 200 else f"status {answer.status_code}"
            except (httpx.TransportError, ValueError) as error:
                found = str(error) or type(error).__name__
            if found == version:
                return
            if time.monotonic() >= deadline:
                raise RefusedError(f"The alias moved, but {url}{HEALTH} answers {found}, not version {version}.")
            time.sleep(PAUSE_SECONDS)
