"""Rules that are built from the other rules: each type has a rule and a price, and what the rules read is deployed."""

from collections.abc import Iterable, Mapping

from toolkit.cost.services import SERVICES
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.cognito import USER_POOL
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import ALIAS, EVENT_SOURCE_MAPPING, PROVISIONED_CONCURRENCY
from toolkit.resource_types.lookup import is_free, resource_type
from toolkit.resource_types.s3 import BUCKET
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every

NAME = "type-covered"
_GENERAL = 20
"""A rule on at least so many types does not count as a rule of one of them."""
_HELPERS = ("pulumi:", "random:", "tls:", "time:", "null:", "std:", "archive:", "local:", "command:")
"""Providers without cloud resources."""
_TAGS = frozenset({"tags", "tagsAll"})
_CHANGED_ELSEWHERE: Mapping[str, frozenset[str]] = {
    ALIAS: frozenset({"functionVersion", "routingConfig", "description"}),  # CodeDeploy
    TABLE: frozenset({"readCapacity", "writeCapacity", "globalSecondaryIndexes", "replicas"}),  # auto scaling
    PROVISIONED_CONCURRENCY: frozenset({"provisionedConcurrentExecutions"}),  # auto scaling
    EVENT_SOURCE_MAPPING: frozenset({"enabled"}),  # an operator who pauses it
    USER_POOL: frozenset({"schemas"}),  # AWS adds attributes of its own
    # The same inputs as resources of their own:
    # https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/ (not verified)
    BUCKET: frozenset(
        {
            *("acl", "grants", "lifecycleRules", "corsRules", "versioning", "loggings", "logging", "policy", "website"),
            *("serverSideEncryptionConfiguration", "replicationConfiguration", "objectLockConfiguration"),
        }
    ),
}
"""By type, the properties that AWS or other services change."""


def _evaluated_types(rules: Iterable[ResourceRule]) -> set[str]:
    return {type_ for rule in rules if len(rule.types) < _GENERAL for type_ in rule.types}


def pricing_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that each type is priced, is known to be free, or is evaluated by one of these rules."""
    known = _evaluated_types(rules) | set(SERVICES)

    def is_priced(graph: StackInputs, _stack: Stack) -> bool | Violations:
        return every(graph.resources, lambda one: one.resource.type in known or is_free(one.resource.type))

    return StackRule(
        name="type-priced",
        description="Resource types that cost money have a price or a rule",
        severity=Severity.HIGH,
        levels=Levels.WARNS_THEN_BLOCKS,
        message="the type may cost money, and the estimate does not count it; price it in toolkit/cost, or waive it "
        "with a reason and the amount",
        check=is_priced,
    )


def coverage_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that one of these rules evaluates each type, or that its record has a reason why none does."""
    evaluated = _evaluated_types(rules)

    def is_known(type_: str) -> bool:
        return type_ in evaluated or bool(resource_type(type_).no_rule) or type_.startswith(_HELPERS)

    def is_covered(graph: StackInputs, _stack: Stack) -> bool | Violations:
        first: dict[str, Inputs] = {}
        for inputs in graph.resources:
            first.setdefault(inputs.resource.type, inputs)
        return every(first.values(), lambda one: is_known(one.resource.type))

    return StackRule(
        name=NAME,
        description="Every resource type has a rule, or a reason why it needs none",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        message="no rule evaluates this type; write one, or set no_rule in its record in toolkit/resource_types",
        check=is_covered,
    )


def ignored_changes_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that ignore_changes lists no property of these rules' types that a deployment must change."""
    evaluated = _evaluated_types(rules)

    def deployed(inputs: Inputs) -> bool:
        ignored = {change.partition(".")[0].partition("[")[0] for change in inputs.resource.ignore_changes}
        if "*" in ignored:
            return False
        type_ = inputs.resource.type
        return type_ not in evaluated or ignored <= _TAGS | _CHANGED_ELSEWHERE.get(type_, frozenset())

    def all_deployed(graph: StackInputs, _stack: Stack) -> bool | Violations:
        return every(graph.resources, deployed)

    return StackRule(
        name="changes-deployed",
        description="ignoreChanges lists no property that a deployment must change",
        severity=Severity.HIGH,
        levels=Levels.WARNS_THEN_BLOCKS,
        message="ignoreChanges lists a property that a deployment must change, so AWS keeps the old value while rules "
        "evaluate the new one; remove it",
        check=all_deployed,
    )
