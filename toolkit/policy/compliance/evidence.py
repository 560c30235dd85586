"""The results of every rule and of every condition of a published control at a stack and its account, as verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from toolkit.policy.accepted import Acceptance, Allowance, load_accepted
from toolkit.policy.assessment import Assessment
from toolkit.policy.evaluation import Outcome, Result, evaluate_rules, evaluate_stack
from toolkit.policy.pack import Pack
from toolkit.policy.rule import Level, ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks.inputs import Inputs, StackInputs, inputs_of


class Verdict(Enum):
    """The verdict on a rule or control at a stack, the worst first."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    DISABLED = "disabled"
    """The rule is off in this environment."""
    NOT_APPLICABLE = "not applicable"
    """The stack has no resource of the types of the rule or control."""
    DECLINED = "declined"
    """No rule implements the control, for a stated reason."""
    BEYOND = "beyond a stack"
    """No stack can give evidence of the control."""


WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True)
class Evaluation:
    """The result of one rule at one resource."""

    result: Result
    verdict: Verdict
    blocks: bool
    """Whether the stack may not be updated because of it."""
    allowance: Allowance | None = None
    """The waiver or accepted deviation of a result that is no pass."""


_UNEXPLAINED = "the resource deviates from the control and is not accepted; add it to accepted.yaml with the reason"


@dataclass(frozen=True)
class RuleReport:
    """The results of one rule at the stack and its account."""

    rule: Rule
    level: Level
    verdict: Verdict
    evaluated: tuple[str, ...]
    """The URNs that it evaluated."""
    evaluations: tuple[Evaluation, ...]
    """One for each resource; of a stack rule one for each violation."""
    account_only: bool = False
    """Whether it is disabled for the stack itself, and evaluated at its account only."""

    @property
    def blocks(self) -> bool:
        """Return whether the stack may not be updated because of it."""
        return any(one.blocks for one in self.evaluations)

    @property
    def findings(self) -> tuple[Evaluation, ...]:
        """Return the results that are no pass, and those that pass by an accepted deviation."""
        return tuple(one for one in self.evaluations if one.verdict is not Verdict.PASS)


@dataclass(frozen=True)
class Evidence:
    """The results of the rules and conditions at one graph."""

    pack: Pack
    stack: Stack
    inputs: StackInputs
    results: tuple[Result, ...]
    accepted: tuple[Acceptance, ...]

    @classmethod
    def of(cls, assessment: Assessment) -> "Evidence":
        """The results of an assessment, and those of the conditions that the report adds."""
        inputs = inputs_of(assessment.graph)
        pack, stack = assessment.pack, assessment.stack
        results = (*assessment.results, *evaluate_rules(pack.conditions, inputs, stack))
        return cls(pack, stack, inputs, results, load_accepted(pack.accepted_file))

    def report(self, rule: Rule) -> RuleReport:
        """Return the results of one rule."""
        level = rule.levels[self.stack.environment]
        if level is Level.DISABLED:
            return RuleReport(rule, level, Verdict.DISABLED, evaluated=(), evaluations=())
        results = [result for result in self.results if result.rule is rule]
        evaluated = (
            _evaluated_urns(rule, self.inputs, self.stack) if isinstance(rule, StackRule) else [r.urn for r in results]
        )
        by_urn = {inputs.urn: inputs for inputs in self.inputs.resources}
        evaluations = tuple(self._evaluation(one, by_urn.get(one.urn)) for one in results)
        return RuleReport(rule, level, _worst(evaluations, evaluated), tuple(evaluated), evaluations)

    def _evaluation(self, result: Result, inputs: Inputs | None) -> Evaluation:
        blocks = result.blocks(self.stack)
        found = next(
            (one for one in self.accepted if inputs and one.covers(result.rule.name, inputs)),
            None,
        )
        if result.outcome is Outcome.PASS:
            rule = result.rule
            if inputs is None or not isinstance(rule, ResourceRule) or not rule.deviates or not rule.deviates(inputs):
                return Evaluation(result, Verdict.PASS, blocks)
            if found:
                return Evaluation(result, Verdict.WAIVED, blocks, Allowance.of_acceptance(found))
            return Evaluation(replace(result, outcome=Outcome.FAIL, messages=(_UNEXPLAINED,)), Verdict.FAIL, blocks)
        if result.outcome is not Outcome.CRASH and result.waiver:
            return Evaluation(result, Verdict.WAIVED, blocks, Allowance.of_waiver(result.waiver))
        if found and not result.rule.enforced and result.outcome is Outcome.FAIL:
            return Evaluation(result, Verdict.WAIVED, blocks, Allowance.of_acceptance(found))
        verdict = Verdict.UNKNOWN if result.outcome is Outcome.UNKNOWN else Verdict.FAIL
        return Evaluation(result, verdict, blocks)


def rule_reports(pack: Pack, evidence: Iterable[Evidence]) -> tuple[RuleReport, ...]:
    """Return the results of every rule and condition at all graphs together."""
    found = [[one.report(rule) for one in evidence] for rule in (*pack.rules, *pack.conditions)]
    return tuple(_merged(reports) for reports in found)


def _merged(reports: list[RuleReport]) -> RuleReport:
    """Merge the reports of a rule at several graphs; the level is the first that is not off."""
    enabled = [one for one in reports if one.verdict is not Verdict.DISABLED]
    if all(one.verdict is Verdict.NOT_APPLICABLE for one in enabled) and len(enabled) < len(reports):
        return reports[0]
    if len(enabled) == 1:
        return replace(enabled[0], account_only=len(reports) > 1 and enabled[0] is not reports[0])
    evaluations = tuple(one for report in enabled for one in report.evaluations)
    evaluated = tuple(urn for report in enabled for urn in report.evaluated)
    return replace(enabled[0], verdict=_worst(evaluations, evaluated), evaluated=evaluated, evaluations=evaluations)


def _worst(evaluations: Iterable[Evaluation], evaluated: Iterable[str]) -> Verdict:
    verdict = min((one.verdict for one in evaluations), key=WORST_FIRST.index, default=Verdict.NOT_APPLICABLE)
    return Verdict.NOT_APPLICABLE if verdict is Verdict.PASS and not list(evaluated) else verdict


@dataclass(frozen=True)
class _RecordingGraph(StackInputs):
    """A graph that records which types a rule reads."""

    seen: dict[str, None] = field(default_factory=dict, hash=False)
    types: list[str] = field(default_factory=list, hash=False)

    def of(self, *types: str) -> tuple[Inputs, ...]:
        """Return the resources of these types."""
        found = super().of(*types)
        self.types.extend(types)
        self.seen.update(dict.fromkeys(inputs.urn for inputs in found))
        return found


def _evaluated_urns(rule: StackRule, graph: StackInputs, stack: Stack) -> list[str]:
    """Return the resources of the types that the rule reads."""
    watched = _RecordingGraph(graph.resources)
    evaluate_stack(rule, watched, stack)
    return list(watched.seen) if watched.types else [inputs.urn for inputs in graph.resources]
