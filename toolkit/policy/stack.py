"""What a rule may know of a stack besides its resources."""

from dataclasses import dataclass, field
from datetime import date

from policies.bounds import BOUNDS, Bounds
from toolkit.cost.usage import Usage
from toolkit.policy.ownership import Ownership
from toolkit.policy.waivers import Waiver
from toolkit.stacks.environments import Environment


@dataclass(frozen=True)
class Stack:
    """The stack that is judged."""

    name: str
    environment: Environment
    today: date
    waivers: tuple[Waiver, ...] = field(default=())
    usage: Usage | None = None
    """How it is used in a month; nothing where its file does not say so, or not in a form that counts."""

    ownership: Ownership = field(default_factory=Ownership)
    """Whose it is, by its settings."""

    @property
    def bounds(self) -> Bounds:
        """How far this environment may go."""
        return BOUNDS[self.environment]
