"""What a rule reads of a stack besides its resources, and the settings that messages of rules name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from toolkit.policy.ownership import Ownership
from toolkit.policy.waivers import Waiver
from toolkit.stacks.settings import Environment
from toolkit.stacks.urns import Urn

BOOTSTRAP = "-bootstrap"
"""The suffix of the bootstrap project's name."""


@dataclass(frozen=True)
class Setting:
    """A setting of a stack's file that corrects what a rule found: its path, and a value that the rule accepts."""

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


@dataclass(frozen=True)
class Stack:
    """The stack that is evaluated."""

    name: str
    environment: Environment
    today: date
    waivers: tuple[Waiver, ...] = ()
    project: str = ""
    config: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The stack's configuration: text as the engine sends it, or values as the stack's file has them."""
    ownership: Ownership = field(default_factory=Ownership)
    """Which account and repository it belongs to, by its settings."""
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The values of the placeholders in messages of rules."""
    settings: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict, hash=False)
    """By rule, the settings that correct what it finds."""

    def message(self, template: str) -> str:
        """Return the message of a rule with the values of this environment."""
        return template.format(**self.values)

    def with_settings(self, rule: str, urn: str, message: str) -> str:
        """Return the message of a broken rule with the settings that correct it, if there are any."""
        parts = Urn.parse(urn)
        if not self.name or parts.project.endswith(BOOTSTRAP):
            return message
        found = self._settings_for(rule, parts.name, message)
        written = ", ".join(setting.written(self.values) for setting in found)
        return f"{message}; in Pulumi.{self.name}.yaml: {written}" if written else message

    def _settings_for(self, rule: str, name: str, message: str) -> Iterator[Setting]:
        for setting in self.settings.get(rule, ()):
            here = not setting.at_aws or self.environment != "local"
            if here and setting.message_part in message and name.startswith(setting.at):
                yield setting
