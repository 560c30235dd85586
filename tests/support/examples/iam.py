"""Examples of the resource types of AWS IAM."""

from tests.support.aws import ACCOUNT, unique
from tests.support.examples.parents import TRUST, Example, Maker, Parents, policy
from toolkit.resource_types import iam as types


def role(_parents: Parents) -> Example:
    return Example(
        {"assumeRolePolicy": TRUST, "description": "Runs the API", "maxSessionDuration": 3600, "tags": {"a": "b"}},
        {
            "description": "Runs the API well",
            "permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/ceiling",
            "tags": {"b": "c"},
        },
        {"path": "/service/"},
    )


def role_policy(parents: Parents) -> Example:
    return Example(
        {"role": parents.role["name"], "policy": policy("dynamodb:GetItem")},
        {"policy": policy("dynamodb:PutItem")},
        {"role": "other"},
    )


def oidc_provider(_parents: Parents) -> Example:
    return Example(
        {
            "url": f"https://{unique('tokens')}.example.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["0" * 40],
            "tags": {"a": "b"},
        },
        {"thumbprintLists": ["1" * 40], "tags": {"b": "c"}},
        {"url": "https://other.example.com"},
    )


def managed_policy(_parents: Parents) -> Example:
    return Example(
        {"policy": policy("dynamodb:GetItem"), "description": "A ceiling", "path": "/", "tags": {"a": "b"}},
        {"policy": policy("dynamodb:PutItem"), "tags": {"b": "c"}},
        {"description": "Another ceiling"},
    )


def attachment(parents: Parents) -> Example:
    arn = parents.made(types.POLICY, {"policy": policy("dynamodb:GetItem")})[0]
    return Example({"role": parents.role["name"], "policyArn": arn}, replaces={"role": "other"})


EXAMPLES: dict[str, Maker] = {
    types.OIDC_PROVIDER: oidc_provider,
    types.POLICY: managed_policy,
    types.ROLE: role,
    types.ROLE_POLICY: role_policy,
    types.ROLE_ATTACHMENT: attachment,
}
