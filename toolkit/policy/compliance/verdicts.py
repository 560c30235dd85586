"""What a rule or a control comes to, the worst first."""

from dataclasses import dataclass
from enum import Enum

from toolkit.policy.accepted import Allowance
from toolkit.policy.evaluation import Result


class Verdict(Enum):
    """What is said of a rule or control at a stack, the worst first."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    NOT_ASKED = "not asked"
    """The rule is off in this environment."""
    NOT_APPLICABLE = "not applicable"
    """The stack has no resource that the rule speaks of, or that the control guards."""
    DECLINED = "declined"
    """No rule answers to the control, for the reason in policies/declined.py."""
    BEYOND = "beyond a stack"
    """No stack can give evidence of the control."""


WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True)
class Evaluation:
    """One rule at one resource."""

    result: Result
    verdict: Verdict
    blocks: bool
    """Whether the stack may not be updated because of it."""
    allowance: Allowance | None = None
    """Why it may be so, where it is no pass."""
