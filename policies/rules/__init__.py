"""The rules by AWS service: each module-level rule of each module counts."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from toolkit.policy.rule import ResourceRule, Rule, StackRule


def _rules_of_modules() -> Iterator[Rule]:
    """Yield the rules in the order of their modules' names, then as each module defines them."""
    found: dict[str, Rule] = {}
    folder = Path(__file__).parent
    parts = (file.relative_to(folder).with_suffix("").parts for file in folder.rglob("*.py") if file != Path(__file__))
    for module in sorted(".".join((__name__, *names)) for names in parts):
        for value in vars(import_module(module)).values():
            if isinstance(value, ResourceRule | StackRule) and found.get(value.name) is not value:
                if value.name in found:
                    raise ValueError(f"{module}: another rule has the name {value.name}; choose another name.")
                found[value.name] = value
                yield value


_RULES = tuple(_rules_of_modules())
RESOURCE_RULES = tuple(rule for rule in _RULES if isinstance(rule, ResourceRule) and rule.enforced)
STACK_RULES = tuple(rule for rule in _RULES if isinstance(rule, StackRule) and rule.enforced)
CONDITIONS = tuple(rule for rule in _RULES if not rule.enforced)
"""Conditions of published controls beyond the rules; policies/accepted.yaml has the accepted deviations."""
