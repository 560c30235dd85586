"""The settings of a stack's file that messages of rules name, because they correct what the rule found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Setting:
    """A setting by its path in the stack's settings, and a value that the rule accepts."""

    path: str
    value: str
    """A value, or a description of the values; in braces what the pack's template values hold, such as bounds."""
    message_part: str = ""
    """Only for messages that contain this text; by default for all messages of the rule."""
    at: str = ""
    """Only for resources whose logical name begins so; by default for all."""
    at_aws: bool = False
    """Only for stacks at AWS: on this machine the setting has one value."""

    def written(self, values: Mapping[str, Any]) -> str:
        """Return the setting as a stack's file has it."""
        return f"{self.path}: {self.value.format(**values)}"
