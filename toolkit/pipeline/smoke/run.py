"""Runs a smoke test: each check timed, the first failure ends it, what was made goes, no secret is told."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from toolkit.pipeline.smoke.checks import CheckError, Checks
from toolkit.pipeline.smoke.target import SmokeTarget

WAIT_SECONDS = 60.0
TIMEOUT_SECONDS = 30.0
HIDDEN = "[hidden]"


@dataclass(frozen=True)
class Step:
    """How one check ended, after how many seconds, and what it saw."""

    name: str
    status: Literal["passed", "failed", "not run"]
    seconds: float
    detail: str


@dataclass(frozen=True)
class Report:
    """A whole smoke test."""

    stack: str
    url: str
    version: str | None
    steps: Sequence[Step]

    @property
    def failure(self) -> Step | None:
        """The check that failed."""
        return next((step for step in self.steps if step.status == "failed"), None)

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return sum(step.seconds for step in self.steps)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "stack": self.stack,
            "url": self.url,
            "version": self.version,
            "ok": self.failure is None,
            "seconds": round(self.seconds, 3),
            "steps": [asdict(step) for step in self.steps],
        }


def smoke(
    target: SmokeTarget, tell: Callable[[str], object] = lambda _name: None, wait_seconds: float = WAIT_SECONDS
) -> Report:
    """Ask the stack everything; `wait_seconds` bounds the wait for its first answer, `tell` hears each check's name."""
    local = urlsplit(target.url).hostname in {"127.0.0.1", "localhost"}
    # A proxy of the machine's is for addresses beyond it.
    with httpx.Client(base_url=target.url, timeout=TIMEOUT_SECONDS, trust_env=not local) as client:
        checks = Checks(target, client, wait_seconds)
        steps: list[Step] = []
        for name, check in checks.steps():
            if steps and steps[-1].status != "passed":
                steps.append(Step(name, "not run", 0.0, ""))
                continue
            tell(name)
            steps.append(_timed(name, check, checks))
        if any(step.status == "failed" for step in steps):
            steps.append(_timed("clean-up", checks.clean_up, checks))
    return Report(target.stack, target.url, target.version, tuple(steps))


def _timed(name: str, check: Callable[[], str], checks: Checks) -> Step:
    started = time.perf_counter()
    status: Literal["passed", "failed"] = "passed"
    try:
        detail = check()
    except CheckError as error:
        status, detail = "failed", str(error)
    except httpx.HTTPError as error:
        status, detail = "failed", f"no answer ({error or type(error).__name__})"
    for secret in checks.secrets:
        detail = detail.replace(secret, HIDDEN)
    return Step(name, status, round(time.perf_counter() - started, 3), detail)
