"""What every rule, and every condition of a published control, comes to at a stack and at its account."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from toolkit.policy.accepted import Acceptance, Allowance, load_accepted
from toolkit.policy.assessment import Assessment
from toolkit.policy.compliance.verdicts import WORST_FIRST, Judgement, Verdict
from toolkit.policy.evaluation import Outcome, Result, judge, judge_stack
from toolkit.policy.pack import Pack
from toolkit.policy.rule import Level, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks.facts import Facts, GraphFacts, facts_of

_OPEN = "apigw-route-authorized"
_UNEXPLAINED = "the route is open, and policies/accepted.yaml does not say why; add it there"


@dataclass(frozen=True)
class RuleReport:
    """One rule at the stack and its account."""

    rule: Rule
    level: Level
    verdict: Verdict
    judged: tuple[str, ...]
    """The URNs that it looked at."""
    judgements: tuple[Judgement, ...]
    """One for each resource; of a rule on the whole stack one for each that breaks it."""
    account_only: bool = False
    """Whether it is off for the stack itself, and asked of its account alone."""
    reported_only: bool = False
    """Whether it is a condition of a published control that no pack enforces."""

    @property
    def blocks(self) -> bool:
        """Whether the stack may not be updated because of it."""
        return any(one.blocks for one in self.judgements)

    @property
    def findings(self) -> tuple[Judgement, ...]:
        """What is no pass, and what passes by an accepted deviation."""
        return tuple(one for one in self.judgements if one.verdict is not Verdict.PASS)


@dataclass(frozen=True)
class Evidence:
    """The results of the rules and conditions at one graph."""

    pack: Pack
    stack: Stack
    facts: GraphFacts
    results: tuple[Result, ...]
    accepted: tuple[Acceptance, ...]

    @classmethod
    def of(cls, assessment: Assessment) -> "Evidence":
        """The results of an assessment, and those of the conditions that the report adds."""
        facts = facts_of(assessment.graph)
        pack, stack = assessment.pack, assessment.stack
        results = (*assessment.results, *judge(pack.conditions, facts, stack))
        return cls(pack, stack, facts, results, load_accepted(pack.accepted_file))

    def report(self, rule: Rule) -> RuleReport:
        """What one rule comes to."""
        level = rule.levels[self.stack.environment]
        condition = rule in self.pack.conditions
        if level is Level.DISABLED:
            return RuleReport(rule, level, Verdict.NOT_ASKED, judged=(), judgements=(), reported_only=condition)
        results = [result for result in self.results if result.rule is rule]
        judged = _looked_at(rule, self.facts, self.stack) if isinstance(rule, StackRule) else [r.urn for r in results]
        by_urn = {facts.urn: facts for facts in self.facts.resources}
        judgements = tuple(self._judgement(one, by_urn.get(one.urn)) for one in results)
        return RuleReport(rule, level, _worst(judgements, judged), tuple(judged), judgements, reported_only=condition)

    def _judgement(self, result: Result, facts: Facts | None) -> Judgement:
        blocks = result.blocks(self.stack)
        found = next(
            (one for one in self.accepted if facts and one.covers(result.rule.name, facts)),
            None,
        )
        if result.outcome is Outcome.PASS:
            if result.rule.name != _OPEN or facts is None or facts.text("authorizationType", "NONE") != "NONE":
                return Judgement(result, Verdict.PASS, blocks)
            if found:
                return Judgement(result, Verdict.WAIVED, blocks, Allowance.of_acceptance(found))
            return Judgement(replace(result, outcome=Outcome.FAIL, messages=(_UNEXPLAINED,)), Verdict.FAIL, blocks)
        if result.outcome is not Outcome.CRASH and result.waiver:
            return Judgement(result, Verdict.WAIVED, blocks, Allowance.of_waiver(result.waiver))
        if found and result.rule in self.pack.conditions and result.outcome is Outcome.FAIL:
            return Judgement(result, Verdict.WAIVED, blocks, Allowance.of_acceptance(found))
        verdict = Verdict.UNKNOWN if result.outcome is Outcome.UNKNOWN else Verdict.FAIL
        return Judgement(result, verdict, blocks)


def rule_reports(pack: Pack, evidence: Iterable[Evidence]) -> tuple[RuleReport, ...]:
    """What every rule and condition comes to at all the graphs together."""
    found = [[one.report(rule) for one in evidence] for rule in (*pack.rules, *pack.conditions)]
    return tuple(_together(reports) for reports in found)


def _together(reports: list[RuleReport]) -> RuleReport:
    """One report of the same rule at several graphs; the level is the first one's that is not off."""
    asked = [one for one in reports if one.verdict is not Verdict.NOT_ASKED]
    if all(one.verdict is Verdict.NOT_APPLICABLE for one in asked) and len(asked) < len(reports):
        return reports[0]
    if len(asked) == 1:
        return replace(asked[0], account_only=len(reports) > 1 and asked[0] is not reports[0])
    judgements = tuple(one for report in asked for one in report.judgements)
    judged = tuple(urn for report in asked for urn in report.judged)
    return replace(asked[0], verdict=_worst(judgements, judged), judged=judged, judgements=judgements)


def _worst(judgements: Iterable[Judgement], judged: Iterable[str]) -> Verdict:
    verdict = min((one.verdict for one in judgements), key=WORST_FIRST.index, default=Verdict.NOT_APPLICABLE)
    return Verdict.NOT_APPLICABLE if verdict is Verdict.PASS and not list(judged) else verdict


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
