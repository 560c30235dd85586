"""Holds the rules against the facts: the one place where pass, fail and unknown are decided."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from toolkit.policy.remediation import mend
from toolkit.policy.rule import Level, ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import Waiver
from toolkit.stacks.facts import Broken, Facts, GraphFacts, MalformedPropertyError, UnknownPropertyError


class Outcome(Enum):
    """What became of a rule at a resource, the worst last."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    UNKNOWN = "unknown"
    FAIL = "fail"
    CRASH = "crash"


_BY_BADNESS = tuple(Outcome)


@dataclass(frozen=True)
class Result:
    """One rule at one resource, or at the stack where `urn` is empty; `messages` say why it is not a pass."""

    rule: Rule
    urn: str
    outcome: Outcome
    messages: tuple[str, ...] = ()
    """Of a failure the facts with their fixes, of an unknown the properties' paths, of a crash the error's kind."""
    waiver: Waiver | None = None
    mended: bool = False
    """Whether the rule wrote what was absent, and was asked only then."""

    @property
    def broken(self) -> bool:
        """Whether the rule does not hold, or cannot be seen to, and nobody allowed that."""
        return self.outcome is not Outcome.PASS and self.waiver is None

    def blocks(self, stack: Stack) -> bool:
        """Whether the stack may not be updated because of it; a rule that crashed is never taken for kept."""
        mandatory = self.rule.levels[stack.environment] in {Level.MANDATORY, Level.REMEDIATE}
        return self.outcome is Outcome.CRASH or (self.broken and mandatory)


def judge(rules: Iterable[Rule], graph: GraphFacts, stack: Stack) -> tuple[Result, ...]:
    """Every rule of this environment at every resource that it speaks of, after the rules mended what they may."""
    asked = [rule for rule in rules if rule.levels[stack.environment] is not Level.DISABLED]
    mended = mend(asked, graph, stack)
    results = (result for rule in asked for result in _judge_rule(rule, mended.graph, stack))
    return tuple(replace(one, mended=True) if (one.rule.name, one.urn) in mended.by else one for one in results)


def judge_resource(rule: ResourceRule, facts: Facts, stack: Stack) -> Result:
    """The rule at one resource: a known break counts also where other parts are unknown."""
    tried = [
        _try(partial(stack.message, template), partial(check, facts, stack)) for template, check in rule.checks.items()
    ]
    outcome = max((one.outcome for one in tried), key=_BY_BADNESS.index)
    said = (one.described() for one in tried if one.outcome is outcome is not Outcome.PASS)
    messages = tuple(_advised(rule, facts.urn, outcome, one, stack) for one in said)
    return Result(rule, facts.urn, outcome, messages, _waiver(rule, facts.urn, stack))


def judge_stack(rule: StackRule, graph: GraphFacts, stack: Stack) -> tuple[Result, ...]:
    """The rule at every resource that breaks it, or one pass for the stack."""
    found: dict[tuple[str, Outcome], list[str]] = {}
    for template, check in rule.checks.items():
        tried = _try(partial(stack.message, template), partial(check, graph, stack))
        if tried.outcome is not Outcome.PASS:
            for part in tried.broken or (None,):
                urn = part.urn if part else ""
                said = _advised(rule, urn, tried.outcome, tried.described(part), stack)
                found.setdefault((urn, tried.outcome), []).append(said)
    results = tuple(
        Result(rule, urn, outcome, tuple(messages), _waiver(rule, urn, stack))
        for (urn, outcome), messages in found.items()
    )
    return results or (Result(rule, "", Outcome.PASS),)


def _judge_rule(rule: Rule, graph: GraphFacts, stack: Stack) -> Iterator[Result]:
    if isinstance(rule, StackRule):
        yield from judge_stack(rule, graph, stack)
    else:
        yield from (judge_resource(rule, facts, stack) for facts in graph.of(*rule.types))


@dataclass(frozen=True)
class _Tried:
    outcome: Outcome
    message: str = ""
    broken: tuple[Facts, ...] = ()

    def described(self, part: Facts | None = None) -> str:
        """The message, and where in the resource it is so; of what is unknown the message is the place."""
        if self.outcome is Outcome.UNKNOWN:
            return self.message
        places = [one.place for one in ([part] if part else self.broken) if one.place]
        return f"{self.message} (at {', '.join(places)})" if places else self.message


def _try(message: Callable[[], str], check: Callable[[], bool | Broken]) -> _Tried:
    try:
        holds = check()
    except UnknownPropertyError as error:
        return _Tried(Outcome.UNKNOWN, str(error), (error.facts,))
    except MalformedPropertyError as error:
        return _Tried(Outcome.FAIL, str(error))
    except Exception as error:  # a rule that cannot judge must neither end the judging nor pass
        return _Tried(Outcome.CRASH, type(error).__name__)
    if holds is True:
        return _Tried(Outcome.PASS)
    return _Tried(Outcome.FAIL, message(), holds if isinstance(holds, Broken) else ())


def _advised(rule: Rule, urn: str, outcome: Outcome, message: str, stack: Stack) -> str:
    return stack.with_settings(rule.name, urn, message) if outcome is Outcome.FAIL else message


def _waiver(rule: Rule, urn: str, stack: Stack) -> Waiver | None:
    """The exception for this rule and resource, as long as it lasts."""
    for waiver in stack.waivers:
        if waiver.rule == rule.name and waiver.urn == urn and waiver.expires >= stack.today:
            return waiver
    return None
