"""The report on one stack as data: the results of every rule, control and catalogue."""

from dataclasses import dataclass

from toolkit.policy.accepted import Allowance
from toolkit.policy.assessment import Assessment
from toolkit.policy.compliance.evidence import WORST_FIRST, Evaluation, Evidence, RuleReport, Verdict, rule_reports
from toolkit.policy.compliance.framework_report import ControlReport, FrameworkReport, framework_reports
from toolkit.policy.compliance.identity import Identity
from toolkit.policy.pack import Pack
from toolkit.stacks.graph import Gap

__all__ = ["ControlReport", "Evaluation", "FrameworkReport", "Report", "RuleReport", "Verdict", "report_on"]


@dataclass(frozen=True)
class Report:
    """The content of all forms of the report on one stack."""

    pack: Pack
    identity: Identity
    rules: tuple[RuleReport, ...]
    frameworks: tuple[FrameworkReport, ...]
    uncovered: tuple[str, ...]
    """Resource types without a rule."""
    gaps: tuple[Gap, ...] = ()
    """The gaps of an offline evaluation of the stack or its account."""

    @property
    def incomplete(self) -> bool:
        """Return whether resources may exist that no rule saw."""
        return any(gap.hides_resources for gap in self.gaps)

    @property
    def blocked(self) -> bool:
        """Return whether the stack may not be updated."""
        return any(rule.blocks for rule in self.rules)

    def count(self, *verdicts: Verdict) -> int:
        """Return the number of rules with one of these verdicts."""
        return sum(rule.verdict in verdicts for rule in self.rules)

    @property
    def findings(self) -> tuple[tuple[RuleReport, Evaluation], ...]:
        """Return the results that are no pass, with their rules: blocking ones first, waived ones last."""
        found = [(rule, one) for rule in self.rules for one in rule.findings]
        return tuple(sorted(found, key=lambda pair: (not pair[1].blocks, WORST_FIRST.index(pair[1].verdict))))

    @property
    def allowances(self) -> tuple[Allowance, ...]:
        """Return the waivers and accepted deviations behind the verdicts."""
        return tuple(one.allowance for _, one in self.findings if one.allowance)

    @property
    def headline(self) -> str:
        """Return the verdict on the stack as a short text."""
        broken = [rule for rule in self.rules if rule.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
        blocking = sum(rule.blocks for rule in broken)
        if blocking:
            return f"Blocked by {counted(blocking, 'rule')}"
        if self.incomplete:
            hidden = sum(gap.hides_resources for gap in self.gaps)
            return f"Incomplete: {counted(hidden, 'part')} of the stack could not be evaluated"
        return f"Passed with warnings of {counted(len(broken), 'rule')}" if broken else "Passed"


def report_on(assessment: Assessment, identity: Identity, account: Assessment | None = None) -> Report:
    """Return the report on an assessment, with that of the account's bootstrap stack where there is one."""
    evidence = [Evidence.of(one) for one in (assessment, account) if one]
    pack, rules = assessment.pack, rule_reports(assessment.pack, evidence)
    types = {inputs.urn: inputs.resource.type for one in evidence for inputs in one.inputs.resources}
    uncovered = {
        types[one.result.urn]
        for rule in rules
        if rule.rule.name == assessment.pack.coverage_rule
        for one in rule.findings
        if one.result.urn in types
    }
    resources = [inputs for one in evidence for inputs in one.inputs.resources]
    gaps = tuple(gap for one in (assessment, account) if one for gap in one.graph.gaps)
    return Report(pack, identity, rules, framework_reports(pack, rules, resources), tuple(sorted(uncovered)), gaps)


def counted(number: int, what: str) -> str:
    """Return a number with its noun."""
    return f"{number} {what}" + ("s" if number > 1 else "")
