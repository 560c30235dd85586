"""Examples of the resource types of AWS KMS."""

from tests.support.aws import ACCOUNT
from tests.support.examples.parents import Example, Maker, Parents, policy
from toolkit.resource_types import kms as types


def key(_parents: Parents) -> Example:
    return Example(
        {
            "description": "Alarms",
            "enableKeyRotation": True,
            "deletionWindowInDays": 7,
            "policy": policy("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
            "region": "us-west-1",
            "tags": {"a": "b"},
        },
        {"description": "Alarms and more", "enableKeyRotation": False, "tags": {"b": "c"}},
        {"keyUsage": "SIGN_VERIFY"},
    )


def kms_alias(parents: Parents) -> Example:
    one, other = (parents.made(types.KEY, {"region": "us-west-1"})[0] for _ in range(2))
    return Example({"targetKeyId": one, "region": "us-west-1"}, {"targetKeyId": other}, {"region": "us-west-2"})


EXAMPLES: dict[str, Maker] = {
    types.KEY_ALIAS: kms_alias,
    types.KEY: key,
}
