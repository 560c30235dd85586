"""Rules on resources of many services: their tags, and that what keeps data is kept."""

from toolkit.policy.rule import BLOCKS_WHERE_KEPT, WARNS_THEN_BLOCKS, ResourceCheck, ResourceRule, Severity
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.s3 import BUCKET
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.taggable import taggable_types
from toolkit.stacks.facts import Facts
from toolkit.stacks.provider_inputs import default_tags

STATEFUL = ("aws:cognito/userPool:UserPool", "aws:dynamodb/table:Table", BUCKET, KEY, TRAIL, SECRET)
_TAGS = ("project", "stack", "owner", "cost-center")


def _has_tag(name: str) -> ResourceCheck:
    """The resource's own tag counts, also where it empties the provider's."""

    def holds(resource: Facts) -> bool:
        own = resource.part("tags")
        return bool(own.text(name) if own.has(name) else default_tags(resource).text(name))

    return lambda resource, _: holds(resource)


required_tags = ResourceRule(
    name="required-tags",
    says="Everything says what it belongs to, whom to ask about it and who pays.",
    severity=Severity.LOW,
    levels=WARNS_THEN_BLOCKS,
    types=taggable_types(),
    checks={
        f"the tag {name} is absent or empty; add it to the provider's defaultTags": _has_tag(name) for name in _TAGS
    },
)

stateful_protected = ResourceRule(
    name="stateful-protected",
    says="What keeps data, or what data is read with, is not deleted by a mistake in the program.",
    severity=Severity.HIGH,
    levels=BLOCKS_WHERE_KEPT,
    types=STATEFUL,
    checks={
        "the resource option protect is off; set it": lambda resource, _: resource.resource.protect,
        "forceDestroy is on, which deletes the data too; remove it": lambda resource, _: (
            not resource.flag("forceDestroy")
        ),
    },
)

RULES = (required_tags, stateful_protected)
