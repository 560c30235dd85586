"""Run a smoke test: time each check, stop at the first failure, clean up, and keep secrets out of the report."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import httpx

from toolkit.configuration import configuration, load
from toolkit.pipeline.smoke.session import CheckError, Session, SmokeChecks
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.pipeline.web_address import is_local

WAIT_SECONDS = 60.0
TIMEOUT_SECONDS = 30.0
HIDDEN = "[hidden]"


@dataclass(frozen=True)
class CheckOutcome:
    """The outcome of one check: status, seconds and detail."""

    name: str
    status: Literal["passed", "failed", "not run"]
    seconds: float
    detail: str


@dataclass(frozen=True)
class SmokeReport:
    """The outcomes of all checks of a stack."""

    stack: str
    url: str
    version: str | None
    steps: Sequence[CheckOutcome]

    @property
    def failure(self) -> CheckOutcome | None:
        """The check that failed."""
        return next((step for step in self.steps if step.status == "failed"), None)

    @property
    def seconds(self) -> float:
        """The duration of all checks."""
        return sum(step.seconds for step in self.steps)

    def document(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "stack": self.stack,
            "url": self.url,
            "version": self.version,
            "ok": self.failure is None,
            "seconds": round(self.seconds, 3),
            "steps": [asdict(step) for step in self.steps],
        }


def smoke(
    target: SmokeTarget, report: Callable[[str], object] = lambda _name: None, wait_seconds: float = WAIT_SECONDS
) -> SmokeReport:
    """Run every check; `wait_seconds` limits the wait for the first answer, `report` gets the name of each check."""
    # Ignore the proxy for loopback addresses.
    with httpx.Client(base_url=target.url, timeout=TIMEOUT_SECONDS, trust_env=not is_local(target.url)) as client:
        session = Session(target, client, wait_seconds)
        service: SmokeChecks = load(configuration().smoke_checks)(session)
        steps: list[CheckOutcome] = []
        for name, check in service.checks():
            if steps and steps[-1].status != "passed":
                steps.append(CheckOutcome(name, "not run", 0.0, ""))
                continue
            report(name)
            steps.append(_timed(name, check, session))
        if any(step.status == "failed" for step in steps):
            steps.append(_timed("clean-up", service.clean_up, session))
    return SmokeReport(target.stack, target.url, target.version, tuple(steps))


def _timed(name: str, check: Callable[[], str], session: Session) -> CheckOutcome:
    started = time.perf_counter()
    status: Literal["passed", "failed"] = "passed"
    try:
        detail = check()
    except CheckError as error:
        status, detail = "failed", str(error)
    except httpx.HTTPError as error:
        status, detail = "failed", f"no answer ({error or type(error).__name__})"
    for secret in session.secrets:
        detail = detail.replace(secret, HIDDEN)
    return CheckOutcome(name, status, round(time.perf_counter() - started, 3), detail)
