"""The verdicts on a rule or a control, the worst first."""

from dataclasses import dataclass
from enum import Enum

from toolkit.policy.accepted import Allowance
from toolkit.policy.evaluation import Result


class Verdict(Enum):
    """The verdict on a rule or control at a stack, the worst first."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    DISABLED = "disabled"
    """The rule is off in this environment."""
    NOT_APPLICABLE = "not applicable"
    """The stack has no resource of the types of the rule or control."""
    DECLINED = "declined"
    """No rule implements the control, for a stated reason."""
    BEYOND = "beyond a stack"
    """No stack can give evidence of the control."""


WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True)
class Evaluation:
    """The result of one rule at one resource."""

    result: Result
    verdict: Verdict
    blocks: bool
    """Whether the stack may not be updated because of it."""
    allowance: Allowance | None = None
    """The waiver or accepted deviation of a result that is no pass."""
