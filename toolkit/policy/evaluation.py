"""Evaluate rules at resources: the one place that decides between pass, fail and unknown."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

from toolkit.policy.rule import Level, ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import Waiver
from toolkit.stacks.inputs import Inputs, MalformedPropertyError, StackInputs, UnknownPropertyError, Violations


class Outcome(Enum):
    """The result of a rule at a resource, the worst last."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    UNKNOWN = "unknown"
    FAIL = "fail"
    CRASH = "crash"


_WORST_LAST = tuple(Outcome)


@dataclass(frozen=True)
class Result:
    """One rule at one resource, or at the stack where `urn` is empty; `messages` give the reasons."""

    rule: Rule
    urn: str
    outcome: Outcome
    messages: tuple[str, ...] = ()
    """Of a failure what is wrong with its fix, of an unknown the properties' paths, of a crash the error's kind."""
    waiver: Waiver | None = None
    remediated: bool = False
    """Whether the rule passes because it added an absent property."""

    @property
    def unsatisfied(self) -> bool:
        """Return whether the rule fails or is unknown, and no waiver covers it."""
        return self.outcome is not Outcome.PASS and self.waiver is None

    def blocks(self, stack: Stack) -> bool:
        """Return whether it blocks an update of the stack; a rule that crashed always blocks."""
        mandatory = self.rule.levels[stack.environment] in {Level.MANDATORY, Level.REMEDIATE}
        return self.outcome is Outcome.CRASH or (self.unsatisfied and mandatory)


def remediation_for(rule: ResourceRule, present: Collection[str], stack: Stack) -> Mapping[str, Any]:
    """Return the properties that the rule adds to a resource with these properties: only absent ones."""
    if rule.remediation is None or rule.levels[stack.environment] is not Level.REMEDIATE:
        return {}
    return {name: value for name, value in rule.remediation(stack).items() if name not in present}


def remediate(
    rules: Iterable[Rule], graph: StackInputs, stack: Stack
) -> tuple[StackInputs, frozenset[tuple[str, str]]]:
    """Return the resources with every remediation of this environment, and by which rules: each name with the URN."""
    by: set[tuple[str, str]] = set()
    remediating = [rule for rule in rules if isinstance(rule, ResourceRule) and rule.remediation]

    def remediated(inputs: Inputs) -> Inputs:
        for rule in remediating:
            written = remediation_for(rule, inputs.properties, stack) if inputs.resource.type in rule.types else {}
            if written:
                by.add((rule.name, inputs.urn))
                inputs = replace(inputs, properties={**inputs.properties, **written})
        return inputs

    return StackInputs(tuple(remediated(inputs) for inputs in graph.resources)), frozenset(by)


def evaluate_rules(rules: Iterable[Rule], graph: StackInputs, stack: Stack) -> tuple[Result, ...]:
    """Evaluate every enabled rule at every resource of its types, after remediation."""
    enabled = [rule for rule in rules if rule.levels[stack.environment] is not Level.DISABLED]
    remediated, by = remediate(enabled, graph, stack)
    results = (result for rule in enabled for result in _evaluate_rule(rule, remediated, stack))
    return tuple(replace(one, remediated=True) if (one.rule.name, one.urn) in by else one for one in results)


def evaluate_resource(rule: ResourceRule, inputs: Inputs, stack: Stack) -> Result:
    """Evaluate the rule at one resource; a known failure counts although other properties are unknown."""
    checked = [
        _check(partial(stack.message, template), partial(check, inputs, stack))
        for template, check in rule.checks.items()
    ]
    outcome = max((one.outcome for one in checked), key=_WORST_LAST.index)
    found = (one.described() for one in checked if one.outcome is outcome is not Outcome.PASS)
    messages = tuple(_with_settings(rule, inputs.urn, outcome, one, stack) for one in found)
    return Result(rule, inputs.urn, outcome, messages, _waiver(rule, inputs.urn, stack))


def evaluate_stack(rule: StackRule, graph: StackInputs, stack: Stack) -> tuple[Result, ...]:
    """Return a result for every resource that breaks the rule, or one pass for the stack."""
    found: dict[tuple[str, Outcome], list[str]] = {}
    for template, check in rule.checks.items():
        checked = _check(partial(stack.message, template), partial(check, graph, stack))
        if checked.outcome is not Outcome.PASS:
            for part in checked.violations or (None,):
                urn = part.urn if part else ""
                message = _with_settings(rule, urn, checked.outcome, checked.described(part), stack)
                found.setdefault((urn, checked.outcome), []).append(message)
    results = tuple(
        Result(rule, urn, outcome, tuple(messages), _waiver(rule, urn, stack))
        for (urn, outcome), messages in found.items()
    )
    return results or (Result(rule, "", Outcome.PASS),)


def _evaluate_rule(rule: Rule, graph: StackInputs, stack: Stack) -> Iterator[Result]:
    if isinstance(rule, StackRule):
        yield from evaluate_stack(rule, graph, stack)
    else:
        yield from (evaluate_resource(rule, inputs, stack) for inputs in graph.of(*rule.types))


@dataclass(frozen=True)
class _Check:
    outcome: Outcome
    message: str = ""
    violations: tuple[Inputs, ...] = ()

    def described(self, part: Inputs | None = None) -> str:
        """Return the message with the place in the resource; of an unknown property, its path."""
        if self.outcome is Outcome.UNKNOWN:
            return self.message
        places = [one.place for one in ([part] if part else self.violations) if one.place]
        return f"{self.message} (at {', '.join(places)})" if places else self.message


def _check(message: Callable[[], str], check: Callable[[], bool | Violations]) -> _Check:
    try:
        holds = check()
    except UnknownPropertyError as error:
        return _Check(Outcome.UNKNOWN, str(error), (error.inputs,))
    except MalformedPropertyError as error:
        return _Check(Outcome.FAIL, str(error))
    except Exception as error:  # a defect in a rule must neither end the evaluation nor pass
        return _Check(Outcome.CRASH, type(error).__name__)
    if holds is True:
        return _Check(Outcome.PASS)
    return _Check(Outcome.FAIL, message(), holds if isinstance(holds, Violations) else ())


def _with_settings(rule: Rule, urn: str, outcome: Outcome, message: str, stack: Stack) -> str:
    return stack.with_settings(rule.name, urn, message) if outcome is Outcome.FAIL else message


def _waiver(rule: Rule, urn: str, stack: Stack) -> Waiver | None:
    """Return the waiver for this rule and resource that has not expired."""
    for waiver in stack.waivers:
        if waiver.rule == rule.name and waiver.urn == urn and waiver.expires >= stack.today:
            return waiver
    return None
