"""The verdict on each control of each catalogue, from the guarded resources and the mapped rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.policy.accepted import Allowance
from toolkit.policy.compliance.definitions import Definition, definitions
from toolkit.policy.compliance.evidence import WORST_FIRST, Evaluation, RuleReport, Verdict
from toolkit.policy.controls import Control, Framework, Unanswered
from toolkit.policy.pack import Pack
from toolkit.stacks.inputs import Inputs, MalformedPropertyError, UnknownPropertyError

NOT_EVALUATED = "no rule evaluates a resource of the type that it guards"

ACCOUNT_ONLY = "A rule of it is disabled for the stack in this environment, and is evaluated at the account only."


@dataclass(frozen=True)
class ControlReport:
    """The verdict on one control of a catalogue, with its evidence."""

    control: Control
    definition: Definition
    verdict: Verdict
    rules: tuple[RuleReport, ...] = ()
    """The mapped rules."""
    evaluated: tuple[str, ...] = ()
    """The URNs of its own types that its rules evaluated."""
    evaluations: tuple[Evaluation, ...] = ()
    """The findings of the rules at resources of its own types."""
    reason: str = ""
    """The reason why it is declined, beyond a stack, or not evaluated."""

    @property
    def blocks(self) -> bool:
        """Return whether the stack may not be updated because of it."""
        return any(one.blocks for one in self.evaluations)

    @property
    def allowances(self) -> tuple[tuple[str, Allowance], ...]:
        """Return the waivers and accepted deviations that apply to it, by URN."""
        return tuple(dict.fromkeys((one.result.urn, one.allowance) for one in self.evaluations if one.allowance))


@dataclass(frozen=True)
class FrameworkReport:
    """One catalogue and its controls; controls of services that no stack uses are not listed."""

    framework: Framework
    controls: tuple[ControlReport, ...]

    def count(self, *verdicts: Verdict) -> int:
        """Return the number of controls with one of these verdicts."""
        return sum(control.verdict in verdicts for control in self.controls)

    @property
    def evaluated(self) -> int:
        """Return the number of controls that were evaluated at a resource of this stack."""
        return self.count(Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED, Verdict.PASS)

    @property
    def not_mapped(self) -> int:
        """Return the number of controls of the catalogue without a rule and without a reason."""
        return self.framework.size - len(self.controls)


def framework_reports(
    pack: Pack, rules: Sequence[RuleReport], resources: Sequence[Inputs]
) -> tuple[FrameworkReport, ...]:
    """Return the results of every catalogue."""
    reading = _ControlEvaluation(pack, rules, resources)
    defined = dict(definitions())
    for control, criterion in pack.controls.criteria.items():
        defined[control] = defined[control].model_copy(update={"partial": criterion.partial})
    reports = [reading.report(control, definition) for control, definition in defined.items()]
    return tuple(
        FrameworkReport(
            framework,
            tuple(
                sorted(
                    (one for one in reports if one.control.framework == framework.name),
                    key=lambda one: order(one.control),
                )
            ),
        )
        for framework in Framework
    )


class _ControlEvaluation:
    def __init__(self, pack: Pack, rules: Sequence[RuleReport], resources: Sequence[Inputs]) -> None:
        self._pack = pack
        self._rules = rules
        self._resources = resources

    @cached_property
    def _types(self) -> Mapping[str, str]:
        return {inputs.urn: inputs.resource.type for inputs in self._resources}

    @cached_property
    def _rules_by_control(self) -> Mapping[Control, tuple[RuleReport, ...]]:
        found: dict[Control, list[RuleReport]] = {}
        for report in self._rules:
            for control in report.rule.controls:
                found.setdefault(control, []).append(report)
        by_name = {report.rule.name: report for report in self._rules}
        for control, criterion in self._pack.controls.criteria.items():
            found.setdefault(control, []).extend(by_name[name] for name in criterion.rules if name in by_name)
        return {control: tuple(reports) for control, reports in found.items()}

    def report(self, control: Control, definition: Definition) -> ControlReport:
        """Return the verdict on one control."""
        beyond = definition.beyond or _reason(control, self._pack.controls.beyond)
        if beyond:
            return ControlReport(control, definition, Verdict.BEYOND, reason=beyond)
        guarded = [inputs for inputs in self._resources if _guards(definition, inputs)]
        declined = _reason(control, self._pack.controls.declined)
        rules = self._rules_by_control.get(control, ())
        if definition.on and not guarded:
            reason = declined or _reason(control, self._pack.controls.not_in_use)
            return ControlReport(control, definition, Verdict.NOT_APPLICABLE, rules, reason=reason)
        if declined:
            return ControlReport(control, definition, Verdict.DECLINED, reason=declined)
        if rules and all(one.verdict is Verdict.DISABLED for one in rules):
            return ControlReport(control, definition, Verdict.DISABLED, rules)
        return self._evaluated(control, definition, rules, guarded)

    def _evaluated(
        self, control: Control, definition: Definition, rules: tuple[RuleReport, ...], guarded: Sequence[Inputs]
    ) -> ControlReport:
        guarded_urns = {inputs.urn for inputs in guarded}

        def its_own(urn: str) -> bool:
            type_ = self._types.get(urn, "")
            if not definition.on:
                return True
            return type_ in definition.evaluated and (type_ not in definition.guarded or urn in guarded_urns)

        evaluated = tuple(dict.fromkeys(urn for rule in rules for urn in rule.evaluated if its_own(urn)))
        if not evaluated:
            if definition.bare == "pass" or not definition.on:
                verdict = Verdict.PASS if definition.on else Verdict.NOT_APPLICABLE
                return ControlReport(control, definition, verdict, rules, tuple(inputs.urn for inputs in guarded))
            off = any(one.verdict is Verdict.DISABLED for one in rules)
            verdict, reason = (Verdict.DISABLED, "") if off else (Verdict.UNKNOWN, NOT_EVALUATED)
            return ControlReport(control, definition, verdict, rules, reason=reason)
        evaluations = tuple(
            one
            for rule in rules
            for one in rule.evaluations
            if its_own(one.result.urn) or (not one.result.urn and any(map(its_own, rule.evaluated)))
        )
        reason = ACCOUNT_ONLY if any(one.account_only for one in rules) else ""
        return ControlReport(
            control, definition, _verdict(evaluations, evaluated), rules, evaluated, evaluations, reason
        )


def _verdict(evaluations: Sequence[Evaluation], evaluated: Sequence[str]) -> Verdict:
    worst = min((one.verdict for one in evaluations), key=WORST_FIRST.index, default=Verdict.PASS)
    waived = {one.result.urn for one in evaluations if one.verdict is Verdict.WAIVED}
    # If the other rules hold, it is a pass that names its waivers.
    return Verdict.PASS if worst is Verdict.WAIVED and set(evaluated) - waived else worst


def _guards(definition: Definition, inputs: Inputs) -> bool:
    if inputs.resource.type not in definition.guarded:
        return False
    try:
        return not definition.having or bool(inputs.texts(definition.having))
    except (UnknownPropertyError, MalformedPropertyError):
        return True


def _reason(control: Control, entries: Iterable[Unanswered]) -> str:
    return next((entry.reason for entry in entries if control in entry.controls), "")


def order(control: Control) -> tuple[tuple[int, int, str], ...]:
    """Return the sort key of a control in numeric order: 4.9 before 4.10."""
    parts = control.id.replace("_", ".").split(".")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
