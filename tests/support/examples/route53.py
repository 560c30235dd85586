"""Examples of the resource types of Amazon Route 53."""

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import route53 as types


def record(parents: Parents) -> Example:
    target = {"name": "d-1.execute-api.us-east-1.amazonaws.com", "zoneId": "Z1UJRXOUMOOFQ8"}
    return Example(
        {
            "zoneId": parents.zone,
            "name": f"{unique('api')}.example.com",
            "type": "A",
            "aliases": [{**target, "evaluateTargetHealth": False}],
        },
        {"aliases": [{**target, "evaluateTargetHealth": True}]},
        {"type": "AAAA"},
    )


EXAMPLES: dict[str, Maker] = {
    types.RECORD: record,
}
