"""Examples of the resource types of AWS Secrets Manager."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import secretsmanager as types


def secret(_parents: Parents) -> Example:
    return Example(
        {"description": "signs cursors", "recoveryWindowInDays": 7, "tags": {"a": "b"}},
        {"description": "still signs cursors", "tags": {"a": "c"}},
        {"name": "other"},
    )


def secret_version(parents: Parents) -> Example:
    return Example({"secretId": parents.secret, "secretString": "hush"}, replaces={"secretString": "other"})


EXAMPLES: dict[str, Maker] = {
    types.SECRET: secret,
    types.SECRET_VERSION: secret_version,
}
