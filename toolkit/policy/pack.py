"""Everything the pack knows of a stack before it judges: which environment it is, and which exceptions there are."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from policies.rules import RESOURCE_RULES
from policies.stack_rules import STACK_RULES
from policies.stack_rules.coverage import coverage_rule, pricing_rule
from policies.stack_rules.exceptions import waiver_rule
from policies.stack_rules.options import ignored_changes_rule
from toolkit.cost.usage import UsageError, usage_of
from toolkit.policy.ownership import ownership_in
from toolkit.policy.rule import Rule
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import load_waivers
from toolkit.stacks.environments import ENVIRONMENTS, Environment
from toolkit.stacks.settings import AccountSettings, StackSettings

_WAIVABLE: tuple[Rule, ...] = (
    *RESOURCE_RULES,
    *STACK_RULES,
    ignored_changes_rule(RESOURCE_RULES),
    pricing_rule(RESOURCE_RULES),
    coverage_rule(RESOURCE_RULES),
)
RULES: tuple[Rule, ...] = (*_WAIVABLE, waiver_rule(_WAIVABLE))


_FOUNDATION = "-bootstrap"
"""How the project of an account's foundation ends."""


def describe_stack(name: str, project: str, config: Mapping[str, Any]) -> Stack:
    """The stack by its name and configuration; one that says nothing of its environment is judged as prod.

    Raises WaiverFileError, one sentence, where the exceptions cannot be read.
    """
    settings = AccountSettings.lenient(config.get(f"{project}:settings"))
    environment = environment_of(name, project, settings)
    try:
        usage = usage_of(config, project, f"Pulumi.{name}.yaml")
    except UsageError:
        usage = None  # the rules that need it say so
    return Stack(name, environment, datetime.now(UTC).date(), load_waivers(), usage, ownership_in(settings))


def environment_of(name: str, project: str, settings: StackSettings) -> Environment:
    """The environment that the settings name, or the stack's name; the strictest where neither says one.

    An account's foundation is judged as prod, whatever the account: its trail, keys and roles outlive every stack.
    """
    if project.endswith(_FOUNDATION):
        return "prod"
    said = settings.environment or name
    return next((known for known in ENVIRONMENTS if known == said), "prod")
