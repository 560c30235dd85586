"""Everything the pack knows of a stack before it judges: which environment it is, and which exceptions there are."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from policies.bounds import ENVIRONMENTS, Environment
from policies.rule import Rule
from policies.rules import RESOURCE_RULES
from policies.stack import Stack
from policies.stack_rules import STACK_RULES
from policies.stack_rules.coverage import coverage_rule
from policies.stack_rules.exceptions import waiver_rule
from policies.waivers import load_waivers

_WAIVABLE: tuple[Rule, ...] = (*RESOURCE_RULES, *STACK_RULES, coverage_rule(RESOURCE_RULES))
RULES: tuple[Rule, ...] = (*_WAIVABLE, waiver_rule(_WAIVABLE))


def describe_stack(name: str, settings: Mapping[str, Any]) -> Stack:
    """The stack by its name and settings; one that says nothing of its environment is judged as prod.

    Raises WaiverFileError, one sentence, where the exceptions cannot be read.
    """
    return Stack(name, environment_of(name, settings), datetime.now(UTC).date(), load_waivers())


def environment_of(name: str, settings: Mapping[str, Any]) -> Environment:
    """The environment that the settings name, or the stack's name; the strictest where neither says one."""
    said = settings.get("environment", name)
    return next((known for known in ENVIRONMENTS if known == said), "prod")


def settings_in(config: str | None) -> Mapping[str, Any]:
    """The settings in a stack's configuration, empty where they are none."""
    try:
        settings = json.loads(config or "{}")
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}
