"""The rule on the resource option ignore_changes."""

from collections.abc import Iterable, Mapping

from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.cognito import USER_POOL
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import ALIAS, EVENT_SOURCE_MAPPING, PROVISIONED_CONCURRENCY
from toolkit.resource_types.s3 import BUCKET
from toolkit.stacks.inputs import Inputs, StackInputs, Violations

NAME = "changes-deployed"
_GENERAL = 20
_TAGS = frozenset({"tags", "tagsAll"})
_CHANGED_ELSEWHERE: Mapping[str, frozenset[str]] = {
    ALIAS: frozenset({"functionVersion", "routingConfig", "description"}),  # CodeDeploy
    TABLE: frozenset({"readCapacity", "writeCapacity", "globalSecondaryIndexes", "replicas"}),  # auto scaling
    PROVISIONED_CONCURRENCY: frozenset({"provisionedConcurrentExecutions"}),  # auto scaling
    EVENT_SOURCE_MAPPING: frozenset({"enabled"}),  # an operator who pauses it
    USER_POOL: frozenset({"schemas"}),  # AWS adds attributes of its own
    # The same settings as resources of their own:
    # https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/ (not verified)
    BUCKET: frozenset(
        {
            *("acl", "grants", "lifecycleRules", "corsRules", "versioning", "loggings", "logging", "policy", "website"),
            *("serverSideEncryptionConfiguration", "replicationConfiguration", "objectLockConfiguration"),
        }
    ),
}
"""By type, the properties that AWS or other services change."""


def ignored_changes_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that ignore_changes lists no property of these rules' types that a deployment must change."""
    evaluated = {type_ for rule in rules if len(rule.types) < _GENERAL for type_ in rule.types}

    def deployed(inputs: Inputs) -> bool:
        ignored = {change.partition(".")[0].partition("[")[0] for change in inputs.resource.ignore_changes}
        if "*" in ignored:
            return False
        type_ = inputs.resource.type
        return type_ not in evaluated or ignored <= _TAGS | _CHANGED_ELSEWHERE.get(type_, frozenset())

    def all_deployed(graph: StackInputs, _stack: Stack) -> bool | Violations:
        return Violations(inputs for inputs in graph.resources if not deployed(inputs)) or True

    return StackRule(
        name=NAME,
        description="ignoreChanges lists no property that a deployment must change",
        severity=Severity.HIGH,
        levels=Levels.WARNS_THEN_BLOCKS,
        checks={
            "ignoreChanges lists a property that a deployment must change, so AWS keeps the old value while rules "
            "evaluate the new one; remove it": all_deployed
        },
    )
