"""The report on one stack as data: what every rule, control and catalogue comes to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from policies.assessment import Assessment
from policies.compliance.identity import Identity
from policies.controls import Control, Framework
from policies.facts import Facts, GraphFacts, facts_of
from policies.judging import Outcome, Result, judge_stack
from policies.pack import RULES
from policies.refused import OUT_OF_REACH, REFUSED, Unanswered
from policies.rule import Level, Rule, StackRule
from policies.stack import Stack
from policies.stack_rules.coverage import NAME as COVERAGE
from policies.waivers import Waiver


class Verdict(Enum):
    """What is said of a rule or control at a stack, the worst first."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    NOT_APPLICABLE = "not applicable"
    """The stack has no resource that the rule speaks of."""
    NOT_ASKED = "not asked"
    """The rule is off in this environment."""


_WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True)
class Judgement:
    """One rule at one resource."""

    result: Result
    verdict: Verdict
    blocks: bool
    """Whether the stack may not be updated because of it."""


@dataclass(frozen=True)
class RuleReport:
    """One rule at the whole stack."""

    rule: Rule
    level: Level
    verdict: Verdict
    judged: tuple[str, ...]
    """The URNs that it looked at."""
    judgements: tuple[Judgement, ...]
    """One for each resource; of a rule on the whole stack one for each that breaks it."""

    @property
    def blocks(self) -> bool:
        """Whether the stack may not be updated because of it."""
        return any(one.blocks for one in self.judgements)

    @property
    def findings(self) -> tuple[Judgement, ...]:
        """What is no pass."""
        return tuple(one for one in self.judgements if one.result.outcome is not Outcome.PASS)


@dataclass(frozen=True)
class ControlReport:
    """One control of a catalogue, and the rules that answer to it."""

    control: Control
    verdict: Verdict
    rules: tuple[RuleReport, ...]

    @property
    def blocks(self) -> bool:
        """Whether the stack may not be updated because of it."""
        return any(rule.blocks for rule in self.rules)

    @property
    def judged(self) -> tuple[str, ...]:
        """The URNs that its rules looked at."""
        return tuple(dict.fromkeys(urn for rule in self.rules for urn in rule.judged))

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The exceptions that stand between a rule of it and a failure."""
        found = (one.result.waiver for rule in self.rules for one in rule.findings)
        return tuple(dict.fromkeys(waiver for waiver in found if waiver))


@dataclass(frozen=True)
class FrameworkReport:
    """One catalogue: the controls that rules answer to, and how many are left out knowingly."""

    framework: Framework
    controls: tuple[ControlReport, ...]
    refused: int
    out_of_reach: int

    def count(self, *verdicts: Verdict) -> int:
        """How many controls have one of these verdicts."""
        return sum(control.verdict in verdicts for control in self.controls)

    @property
    def judged(self) -> int:
        """How many controls were held against a resource of this stack."""
        return len(self.controls) - self.count(Verdict.NOT_APPLICABLE, Verdict.NOT_ASKED)


@dataclass(frozen=True)
class Report:
    """Everything that the documents say of one stack."""

    identity: Identity
    rules: tuple[RuleReport, ...]
    frameworks: tuple[FrameworkReport, ...]
    uncovered: tuple[str, ...]
    """Types of resources that no rule speaks of."""

    @property
    def blocked(self) -> bool:
        """Whether the stack may not be updated."""
        return any(rule.blocks for rule in self.rules)

    def count(self, *verdicts: Verdict) -> int:
        """How many rules have one of these verdicts."""
        return sum(rule.verdict in verdicts for rule in self.rules)

    @property
    def findings(self) -> tuple[tuple[RuleReport, Judgement], ...]:
        """What is no pass, with its rule: what blocks first, what is waived last."""
        found = [(rule, one) for rule in self.rules for one in rule.findings]
        return tuple(sorted(found, key=lambda pair: (not pair[1].blocks, _WORST_FIRST.index(pair[1].verdict))))

    @property
    def headline(self) -> str:
        """The verdict on the stack in a few words."""
        broken = [rule for rule in self.rules if rule.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
        blocking = sum(rule.blocks for rule in broken)
        if blocking:
            return f"Blocked by {_counted(blocking, 'rule')}"
        return f"Passed with warnings of {_counted(len(broken), 'rule')}" if broken else "Passed"


def report_on(assessment: Assessment, identity: Identity) -> Report:
    """What the assessment comes to."""
    facts = facts_of(assessment.graph)
    rules = tuple(_rule_report(rule, assessment, facts) for rule in RULES)
    types = {facts.urn: facts.resource.type for facts in facts.resources}
    told = {one.result.urn for rule in rules if rule.rule.name == COVERAGE for one in rule.findings}
    uncovered = {types[urn] for urn in told & types.keys()}
    return Report(identity, rules, _frameworks(rules), tuple(sorted(uncovered)))


def _rule_report(rule: Rule, assessment: Assessment, graph: GraphFacts) -> RuleReport:
    level = rule.levels[assessment.stack.environment]
    if level is Level.DISABLED:
        return RuleReport(rule, level, Verdict.NOT_ASKED, judged=(), judgements=())
    results = tuple(result for result in assessment.results if result.rule is rule)
    judged = _looked_at(rule, graph, assessment.stack) if isinstance(rule, StackRule) else [one.urn for one in results]
    judgements = tuple(Judgement(one, _verdict(one), one.blocks(assessment.stack)) for one in results)
    verdict = min((one.verdict for one in judgements), key=_WORST_FIRST.index, default=Verdict.NOT_APPLICABLE)
    if verdict is Verdict.PASS and not judged:
        verdict = Verdict.NOT_APPLICABLE
    return RuleReport(rule, level, verdict, tuple(judged), judgements)


def _verdict(result: Result) -> Verdict:
    if result.outcome is Outcome.PASS:
        return Verdict.PASS
    if result.outcome is not Outcome.CRASH and result.waiver:
        return Verdict.WAIVED
    return Verdict.UNKNOWN if result.outcome is Outcome.UNKNOWN else Verdict.FAIL


@dataclass(frozen=True)
class _Watched(GraphFacts):
    """A graph that remembers what a rule asked it for."""

    seen: dict[str, None] = field(default_factory=dict, hash=False)
    asked: list[str] = field(default_factory=list, hash=False)

    def of(self, *types: str) -> tuple[Facts, ...]:
        """The resources of these types."""
        found = super().of(*types)
        self.asked.extend(types)
        self.seen.update(dict.fromkeys(facts.urn for facts in found))
        return found


def _looked_at(rule: StackRule, graph: GraphFacts, stack: Stack) -> list[str]:
    """The resources of the types that the rule asks for: a rule on trails says nothing of a stack without one."""
    watched = _Watched(graph.resources)
    judge_stack(rule, watched, stack)
    return list(watched.seen) if watched.asked else [facts.urn for facts in graph.resources]


def _frameworks(rules: Iterable[RuleReport]) -> tuple[FrameworkReport, ...]:
    answering: dict[Control, list[RuleReport]] = {}
    for rule in rules:
        for control in rule.rule.controls:
            answering.setdefault(control, []).append(rule)
    controls = [
        ControlReport(control, min((one.verdict for one in found), key=_WORST_FIRST.index), tuple(found))
        for control, found in answering.items()
    ]
    return tuple(
        FrameworkReport(
            framework,
            tuple(
                sorted(
                    (one for one in controls if one.control.framework == framework.name),
                    key=lambda one: order(one.control),
                )
            ),
            _counted_in(framework, REFUSED),
            _counted_in(framework, OUT_OF_REACH),
        )
        for framework in Framework
    )


def order(control: Control) -> tuple[tuple[int, int, str], ...]:
    """Controls as people count: 4.9 before 4.10."""
    parts = control.id.replace("_", ".").split(".")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def _counted_in(framework: Framework, entries: Iterable[Unanswered]) -> int:
    return sum(control.framework == framework.name for entry in entries for control in entry.controls)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number > 1 else "")
