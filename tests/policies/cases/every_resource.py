"""Resources of many services that keep each rule, and those that break it."""

import json

from policies.rules.every_resource import STATEFUL
from tests.support.policy_servicer import PROVIDER, Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.s3 import BUCKET
from toolkit.resource_types.sns import TOPIC

TAGS = {"project": "items-api", "stack": "prod", "owner": "a-team", "cost-center": "items"}
TOO_FEW = {**PROVIDER, "defaultTags": json.dumps({"tags": {"project": "items-api", "stack": "prod"}})}

CASES = {
    "required-tags": ResourceCase(
        BUCKET,
        good=Subject(BUCKET, {"tags": TAGS}, provider={}),
        bad={
            **{f"{name} emptied": {"tags": {name: ""}} for name in TAGS},
            "the provider's are too few": Subject(TOPIC, {}, provider=TOO_FEW),
            "one is missing": Subject(BUCKET, {"tags": {"owner": "a-team"}}, provider={}),
        },
        absent="pass",
        also_good={"some of each": Subject(BUCKET, {"tags": TAGS}, provider=TOO_FEW)},
    ),
    "stateful-protected": ResourceCase(
        BUCKET,
        good={"forceDestroy": False},
        bad={
            "emptied first": {"forceDestroy": True},
            **{type_: Subject(type_, {}, protect=False) for type_ in STATEFUL},
        },
        absent="pass",
        protect=True,
    ),
}
