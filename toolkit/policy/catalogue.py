"""The text of docs/policies.md, where the rules' URLs lead; `./stack generate` writes it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

from toolkit.policy.compliance.words import by_catalogue
from toolkit.policy.pack import Pack
from toolkit.policy.rule import Level, ResourceRule, Rule
from toolkit.policy.services import STACK, service_of
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import MAX_DURATION
from toolkit.stacks.settings import ENVIRONMENTS

FILE = Path(__file__).parents[2] / "docs" / "policies.md"
_FEW = 12


def catalogue(pack: Pack) -> str:
    """Return the text of docs/policies.md."""
    on_resources = sum(isinstance(rule, ResourceRule) for rule in pack.rules)
    preface = pack.preface_file.read_text(encoding="utf-8").format(
        resource_rules=on_resources,
        stack_rules=len(pack.rules) - on_resources,
        longest=MAX_DURATION.days,
        name=pack.name,
    )
    return preface + "\n".join([*_bounds(pack), *_rules(pack), *_conditions(pack), *_unanswered(pack)]) + "\n"


def _bounds(pack: Pack) -> Iterator[str]:
    yield _row("", *ENVIRONMENTS)
    yield "|---" * (len(ENVIRONMENTS) + 1) + "|"
    for field in fields(pack.bounds["prod"]):
        values = [_value(getattr(pack.bounds[environment], field.name)) for environment in ENVIRONMENTS]
        yield _row(field.name.replace("_", " "), *values)


def _value(value: Any) -> str:
    if value is None:
        return "any"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} until {end}" for name, end in sorted(value.items()))
    if isinstance(value, tuple | frozenset):
        return ", ".join(f"`{one}`" for one in sorted(value))
    return str(value)


def _rules(pack: Pack) -> Iterator[str]:
    services = sorted({service_of(rule) for rule in pack.rules}, key=lambda service: (service == STACK, service))
    yield "\n## Rules"
    yield " · ".join(f"[{service}](#{service.lower().replace(' ', '-')})" for service in services)
    for service in services:
        yield f"\n## {service}"
        for rule in pack.rules:
            if service_of(rule) == service:
                yield from _rule(rule, pack)


def _conditions(pack: Pack) -> Iterator[str]:
    yield "\n## Conditions of the report"
    yield (
        "Conditions of published controls that no rule above checks. Only the compliance report evaluates them; "
        "they never block, and `policies/accepted.yaml` lists the accepted deviations."
    )
    for rule in pack.conditions:
        yield from _rule(rule, pack)


def _rule(rule: Rule, pack: Pack) -> Iterator[str]:
    yield f"\n### {rule.name}"
    yield f"{rule.description}\n"
    yield f"- **Severity** {rule.severity.value}; {_levels(rule)}"
    if isinstance(rule, ResourceRule):
        yield f"- **On** {_types(rule)}"
    if rule.controls:
        yield f"- **Controls** {'; '.join(by_catalogue(rule.controls))}"
    yield "- **Messages**"
    yield from (f"  - {_message(template)}" for template in rule.checks)
    if settings := pack.settings.get(rule.name):
        yield f"- **Set by** {', '.join(f'`{path}`' for path in dict.fromkeys(one.path for one in settings))}"
    if isinstance(rule, ResourceRule) and rule.remediation:
        yield from _remediation(rule)


def _levels(rule: Rule) -> str:
    by_level: dict[Level, list[str]] = {}
    for environment in ENVIRONMENTS:
        by_level.setdefault(rule.levels[environment], []).append(environment)
    if len(by_level) == 1:
        return f"{next(iter(by_level)).value} everywhere"
    return "; ".join(f"{level.value} in {', '.join(names)}" for level, names in by_level.items())


def _types(rule: ResourceRule) -> str:
    if len(rule.types) > _FEW:
        return f"{len(rule.types)} types"
    return ", ".join(f"`{type_}`" for type_ in rule.types)


def _message(template: str) -> str:
    """The message, each bound in it a link to its row."""
    return "".join(
        words + (f"[{bound.partition('.')[2].replace('_', ' ')}](#bounds)" if bound else "")
        for words, bound, _, _ in Formatter().parse(template.replace("<", "&lt;").replace("*", "\\*"))
    )


def _remediation(rule: ResourceRule) -> Iterator[str]:
    for environment in ENVIRONMENTS:
        if rule.remediation and rule.levels[environment] is Level.REMEDIATE:
            written = json.dumps(dict(rule.remediation(Stack(environment, environment, date.min))), sort_keys=True)
            yield f"- **Remediation** in {environment}, where it is absent: `{written}`"


def _unanswered(pack: Pack) -> Iterator[str]:
    for title, entries in (
        ("Declined", pack.controls.declined),
        ("Beyond a stack", pack.controls.beyond),
        ("Not in use", pack.controls.not_in_use),
    ):
        yield f"\n## {title}"
        yield _row("controls", "requirement", "why no rule implements it")
        yield "|---|---|---|"
        yield from (_row("; ".join(by_catalogue(one.controls)), one.asks, one.reason) for one in entries)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
