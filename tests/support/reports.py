"""Reports on stacks of a few resources, evaluated by all the rules."""

from datetime import timedelta
from typing import Any

from policies.pack import PACK
from tests.support.policy_servicer import TODAY, a_stack, urn
from toolkit.policy.assessment import Assessment
from toolkit.policy.compliance.identity import Commit, Identity
from toolkit.policy.compliance.report import ControlReport, Report, RuleReport, report_on
from toolkit.policy.evaluation import evaluate_rules
from toolkit.policy.waivers import Waiver
from toolkit.stacks import Resource, ResourceGraph
from toolkit.stacks.inputs import inputs_of
from toolkit.stacks.settings import Environment

FUNCTION = "aws:lambda/function:Function"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
KEY = "aws:kms/key:Key"


def resource(type_: str, name: str = "subject", **inputs: Any) -> Resource:
    """A resource of the stack that is evaluated."""
    return Resource(urn(type_, name), type_, name, custom=True, id="", parent=None, inputs=inputs, outputs={})


def waiver(rule: str, of: Resource, reason: str = "an import takes long", owner: str = "a-team") -> Waiver:
    """Leave to break the rule, for a week."""
    return Waiver(rule=rule, urn=of.urn, reason=reason, owner=owner, expires=TODAY + timedelta(days=7))


def identity(stack: str = "prod", environment: Environment = "prod") -> Identity:
    """A stack evaluated at a commit."""
    return Identity(
        project="items-api",
        stack=stack,
        environment=environment,
        account="333333333333",
        region="eu-central-1",
        evaluated="the program",
        on=TODAY.isoformat(),
        resources=1,
        pack="0.1.0",
        commit=Commit("0123456789abcdef", "2026-11-20T12:00:00+00:00", changed=False),
        file=f"Pulumi.{stack}.yaml",
    )


def report(*resources: Resource, waivers: tuple[Waiver, ...] = (), environment: Environment = "prod") -> Report:
    """What a stack of these resources comes to."""
    stack = a_stack(environment, waivers=waivers)
    graph = ResourceGraph("items-api", "prod", resources, {})
    assessment = Assessment(PACK, stack, graph, evaluate_rules(PACK.rules, inputs_of(graph), stack))
    return report_on(assessment, identity(environment=environment))


def rule(report: Report, name: str) -> RuleReport:
    """What the rule comes to."""
    (found,) = (one for one in report.rules if one.rule.name == name)
    return found


def control(report: Report, framework: str, id_: str) -> ControlReport:
    """What the control comes to."""
    (catalogue,) = (one for one in report.frameworks if one.framework.name == framework)
    (found,) = (one for one in catalogue.controls if one.control.id == id_)
    return found
