"""Examples of the resource types of AWS CloudTrail."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import cloudtrail as types


def trail(parents: Parents) -> Example:
    return Example(
        {
            "s3BucketName": parents.bucket,
            "kmsKeyId": parents.key,
            "isMultiRegionTrail": True,
            "includeGlobalServiceEvents": True,
            "enableLogFileValidation": True,
            "tags": {"a": "b"},
        },
        {"isMultiRegionTrail": False, "enableLogging": False, "tags": {"b": "c"}},
        {"name": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.TRAIL: trail,
}
