"""The policies of a team as one value, which `[tool.toolkit]` names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit.configuration import configuration, load
from toolkit.policy.controls import ControlDecisions, load_decisions
from toolkit.policy.ownership import ownership_of
from toolkit.policy.rule import Rule
from toolkit.policy.stack import BOOTSTRAP, Setting, Stack
from toolkit.policy.waivers import load_waivers
from toolkit.stacks.settings import ENVIRONMENTS, AccountSettings, Environment, StackSettings


@dataclass(frozen=True)
class ReviewLimits:
    """The rise of a stack's cost that needs no review; None is no limit."""

    cost_rise: float | None
    """The share by which the expected or the worst month may rise."""
    budget_share: float | None
    """The share of the budget that the expected month may reach."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The rules of a team, and what it decides about them."""

    name: str
    folder: Path
    """Where PulumiPolicy.yaml, the waivers, the accepted deviations, the controls and the generated levels are."""
    rules: tuple[Rule, ...]
    conditions: tuple[Rule, ...] = ()
    """Conditions of published controls that only the compliance report evaluates; they never block."""
    coverage_rule: str
    """The name of the rule that reports types of resources without a rule."""
    bounds: Mapping[Environment, Any]
    """By environment, a dataclass of the limits that rules compare with; messages name them as `{bounds.field}`."""
    settings: Mapping[str, tuple[Setting, ...]]
    """By rule, the settings of a stack's file that correct what it finds."""
    review_limits: Mapping[Environment, ReviewLimits]
    trusted_accounts: Mapping[str, str] = field(default_factory=dict)
    """Other accounts that policies may name, by number, each with its reason."""

    @cached_property
    def controls(self) -> ControlDecisions:
        """What the team decides about published controls. Raises FileError."""
        return load_decisions(self.folder / "controls.yaml")

    @property
    def waivers_file(self) -> Path:
        """The waivers."""
        return self.folder / "waivers.yaml"

    @property
    def accepted_file(self) -> Path:
        """The accepted deviations."""
        return self.folder / "accepted.yaml"

    @property
    def preface_file(self) -> Path:
        """The text of docs/policies.md before the bounds and rules."""
        return self.folder / "preface.md"

    @property
    def levels_folder(self) -> Path:
        """The levels of each environment, generated for `--policy-pack-config`."""
        return self.folder / "config"

    @property
    def manifest(self) -> Path:
        """The file that the engine reads; it has the version of the pack."""
        return self.folder / "PulumiPolicy.yaml"

    def values(self, environment: Environment) -> Mapping[str, Any]:
        """Return what messages name in braces."""
        return {"bounds": self.bounds[environment]}


def configured_pack() -> Pack:
    """Return the pack that pyproject.toml names. Raises FileError."""
    pack: Pack = load(configuration().policy_pack)
    return pack


def describe_stack(pack: Pack, name: str, project: str, config: Mapping[str, Any]) -> Stack:
    """Return the stack by its name and configuration; one that names no environment is evaluated as prod.

    Raises WaiverFileError where the waivers cannot be read.
    """
    settings = AccountSettings.lenient(config.get(f"{project}:settings"))
    environment = environment_of(name, project, settings)
    return Stack(
        name,
        environment,
        datetime.now(UTC).date(),
        load_waivers(pack.waivers_file),
        project,
        config,
        ownership_of(settings, pack.trusted_accounts),
        pack.values(environment),
        pack.settings,
    )


def environment_of(name: str, project: str, settings: StackSettings) -> Environment:
    """Return the environment that the settings name, or the stack's name; the strictest where neither names one.

    The bootstrap stack of an account is evaluated as prod, whatever the account: its trail, keys and roles outlive
    every stack.
    """
    if project.endswith(BOOTSTRAP):
        return "prod"
    requested = settings.environment or name
    return next((known for known in ENVIRONMENTS if known == requested), "prod")
