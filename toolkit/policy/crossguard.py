"""Adapt the rules to Pulumi's policy SDK, so that the engine evaluates them as the offline evaluation does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_policy as crossguard
from pulumi_policy.proxy import _DictProxy, _is_unknown, _ListProxy

from toolkit.policy.evaluation import Outcome, Result, evaluate_resource, evaluate_stack
from toolkit.policy.remediation import remediation_for
from toolkit.policy.rule import ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks import Resource
from toolkit.stacks.facts import UNKNOWN, Facts, GraphFacts

CATALOGUE = "docs/policies.md"


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
    return [*policies, *_about_the_rules(run)]


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
    def validate(args: crossguard.ResourceValidationArgs, report: crossguard.ReportViolation) -> None:
        if args.resource_type in rule.types:
            _report(evaluate_resource(rule, _facts(args), run.stack), run, report)

    return validate


def _stack_validation(rule: StackRule, run: Run) -> crossguard.StackValidation:
    def validate(args: crossguard.StackValidationArgs, report: crossguard.ReportViolation) -> None:
        made = tuple(_facts(resource) for resource in args.resources if resource.provider)
        for result in evaluate_stack(rule, GraphFacts(made), run.stack):
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
    elif not result.broken:
        return
    elif result.outcome is Outcome.UNKNOWN and pulumi.runtime.is_dry_run():
        where = {f"{result.urn} {path}".strip() for path in result.messages}
        run.unknown.setdefault(result.rule.name, set()).update(where)
    else:
        unknown = "{} is not known, so the rule cannot be evaluated" if result.outcome is Outcome.UNKNOWN else "{}"
        for message in result.messages:
            report(unknown.format(message), result.urn or None)


def _about_the_rules(run: Run) -> list[crossguard.Policy]:
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


def _facts(args: crossguard.ResourceValidationArgs | crossguard.PolicyResource) -> Facts:
    """Return what the SDK passes to a policy, as plain values."""
    dependencies = getattr(args, "property_dependencies", {})
    resource = Resource(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        custom=True,
        id="",
        parent=args.opts.parent,
        inputs={},
        outputs={},
        protect=args.opts.protect,
        ignore_changes=tuple(args.opts.ignore_changes),
        property_dependencies={name: tuple(one.urn for one in found) for name, found in dependencies.items()},
    )
    provider = _plain(args.provider.props) if args.provider else {}
    return Facts(resource, _plain(args.props), provider)


def _plain(value: Any) -> Any:
    if isinstance(value, _DictProxy):
        return {name: _plain(inner) for name, inner in value["__target"].items() if inner is not None}
    if isinstance(value, _ListProxy):
        return [_plain(inner) for inner in value["__target"]]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if _is_unknown(value) else value
