"""Examples of the resource types of AWS Systems Manager."""

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import ssm as types


def parameter(_parents: Parents) -> Example:
    return Example(
        {
            "name": f"/items/{unique('limit')}",
            "type": "String",
            "value": "10",
            "description": "the limit",
            "allowedPattern": "[0-9]+",
            "tier": "Standard",
            "tags": {"a": "b"},
        },
        {"value": "20", "description": "another limit", "tags": {"a": "c"}},
        {"name": "/other"},
    )


EXAMPLES: dict[str, Maker] = {types.PARAMETER: parameter}
