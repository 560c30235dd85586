"""Adapt the rules to Pulumi's policy SDK, so that the engine evaluates them as the offline evaluation does."""

from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_policy as crossguard
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped] # protobuf ships no types
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import _is_unknown

from toolkit.policy.evaluation import Outcome, Result, evaluate_resource, evaluate_stack, remediation_for
from toolkit.policy.rule import ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks import Resource
from toolkit.stacks.inputs import UNKNOWN, Inputs, StackInputs

CATALOGUE = "docs/policies.md"
ANALYZED: ContextVar[StackInputs] = ContextVar("analyzed", default=StackInputs(()))  # noqa: B039 - it is frozen
"""The resources of the engine's call that this thread answers, converted once for all policies."""


@dataclass
class Run:
    """One run of the engine: its stack, and what could not be evaluated so far."""

    stack: Stack
    unknown: dict[str, set[str]] = field(default_factory=dict)
    """By rule, the unknown properties."""
    crashed: list[Result] = field(default_factory=list)


class TypedPolicy(crossguard.ResourceValidationPolicy):
    """A policy that is about some types of resources only."""

    types: tuple[str, ...] = ()


def pack_policies(rules: Iterable[Rule], stack: Stack) -> list[crossguard.Policy]:
    """Return the rules as policies of the SDK, and three policies that report what rules could not evaluate."""
    run = Run(stack)
    policies = [_policy(rule, run) for rule in rules]
    return [*policies, *_reporting_policies(run)]


def _policy(rule: Rule, run: Run) -> crossguard.Policy:
    first = rule.controls[0] if rule.controls else None
    described: dict[str, Any] = {
        "name": rule.name,
        "description": rule.description,
        "enforcement_level": crossguard.EnforcementLevel[rule.levels[run.stack.environment].name],
        "severity": crossguard.Severity[rule.severity.name],
        "framework": first and crossguard.PolicyComplianceFramework(*first.in_full),
        "tags": [str(control) for control in rule.controls],
        "url": f"{CATALOGUE}#{rule.name}",
    }
    if isinstance(rule, StackRule):
        return crossguard.StackValidationPolicy(validate=_stack_validation(rule, run), **described)
    remediate = _remediation(rule, run) if rule.remediation else None
    policy = TypedPolicy(validate=_validation(rule, run), remediate=remediate, **described)
    policy.types = rule.types
    return policy


def _validation(rule: ResourceRule, run: Run) -> crossguard.ResourceValidation:
    def validate(_args: crossguard.ResourceValidationArgs, report: crossguard.ReportViolation) -> None:
        for inputs in ANALYZED.get().of(*rule.types):
            _report(evaluate_resource(rule, inputs, run.stack), run, report)

    return validate


def _stack_validation(rule: StackRule, run: Run) -> crossguard.StackValidation:
    def validate(_args: crossguard.StackValidationArgs, report: crossguard.ReportViolation) -> None:
        for result in evaluate_stack(rule, ANALYZED.get(), run.stack):
            _report(result, run, report)

    return validate


def _remediation(rule: ResourceRule, run: Run) -> crossguard.ResourceRemediation:
    def remediate(args: crossguard.ResourceValidationArgs) -> Any:
        if args.resource_type not in rule.types:
            return None
        # The names alone are looked at: values may be unknown, which the SDK shows here as texts.
        absent = remediation_for(rule, set(args.props), run.stack)
        for name, value in absent.items():
            args.props[name] = value  # type: ignore[index] # the SDK's mapping can be written to
        return args.props if absent else None

    return remediate


def _report(result: Result, run: Run, report: crossguard.ReportViolation) -> None:
    if result.outcome is Outcome.CRASH:
        run.crashed.append(result)
    elif not result.unsatisfied:
        return
    elif result.outcome is Outcome.UNKNOWN and pulumi.runtime.is_dry_run():
        where = {f"{result.urn} {path}".strip() for path in result.messages}
        run.unknown.setdefault(result.rule.name, set()).update(where)
    else:
        unknown = "{} is not known, so the rule cannot be evaluated" if result.outcome is Outcome.UNKNOWN else "{}"
        for message in result.messages:
            report(unknown.format(message), result.urn or None)


def _reporting_policies(run: Run) -> list[crossguard.Policy]:
    """Return the policies that report on the rules; they are last, so that all others have run."""

    def report_crashes(report: crossguard.ReportViolation) -> None:
        for result in run.crashed:
            report(
                f"the rule {result.rule.name} failed with {', '.join(result.messages)}; correct the rule", result.urn
            )
        run.crashed.clear()

    def report_unknown(_args: crossguard.StackValidationArgs, report: crossguard.ReportViolation) -> None:
        waiting = [f"{rule} waits for {place}" for rule, places in run.unknown.items() for place in places]
        if waiting:
            report("\n".join(sorted(waiting)), None)

    mandatory, advisory = crossguard.EnforcementLevel.MANDATORY, crossguard.EnforcementLevel.ADVISORY
    crashes = "Every rule can evaluate every resource"
    return [
        crossguard.ResourceValidationPolicy("rule-works", crashes, lambda _, report: report_crashes(report), mandatory),
        crossguard.StackValidationPolicy(
            "stack-rule-works", crashes, lambda _, report: report_crashes(report), mandatory
        ),
        crossguard.StackValidationPolicy(
            "judged-at-update",
            "Values that a preview does not know are evaluated by the update",
            report_unknown,
            advisory,
        ),
    ]


def requested_resources(requests: Sequence[Any]) -> StackInputs:
    """Return the resources of a request of the engine; components and the stack have no provider."""
    urns = {request.urn for request in requests}
    return StackInputs(tuple(_inputs(request, urns) for request in requests if request.HasField("provider")))


def _inputs(request: Any, urns: set[str]) -> Inputs:
    dependencies = getattr(request, "propertyDependencies", {})  # only requests for a whole stack have them
    resource = Resource(
        urn=request.urn,
        type=request.type,
        name=request.name,
        custom=True,
        id="",
        parent=request.options.parent or None,
        inputs={},
        outputs={},
        protect=request.options.protect,
        ignore_changes=tuple(request.options.ignoreChanges),
        depends_on=tuple(getattr(request, "dependencies", ())),
        property_dependencies={
            name: tuple(urn for urn in found.urns if urn in urns) for name, found in dependencies.items()
        },
    )
    return Inputs(resource, _properties(request.properties), _properties(request.provider.properties))


def _properties(struct: Any) -> Any:
    return _plain(deserialize_properties(MessageToDict(struct)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if _is_unknown(value) else value
