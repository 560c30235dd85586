"""The account: the settings of the explicit provider resource, and the functions for identity, region and partition."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Properties
from toolkit.localcloud.provider.errors import ProviderError


class AccountSettings:
    """The last inputs of `pulumi:providers:aws`."""

    TOKEN = "pulumi:providers:aws"  # noqa: S105 - a type token
    INPUTS = frozenset(
        {"region", "allowedAccountIds", "defaultTags", "skipCredentialsValidation", "skipRegionValidation", "version"}
    )

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id
        self.default_tags: dict[str, str] = {}

    def configure(self, inputs: Properties) -> dict[str, Any]:
        """Keep the settings and return the outputs. Raises ProviderError where they do not allow this account."""
        given = {key: _plain(value) for key, value in inputs.items() if value is not None}
        unknown = sorted(given.keys() - self.INPUTS)
        if unknown:
            raise ProviderError(f"no support for {', '.join(unknown)}; known: {', '.join(sorted(self.INPUTS))}")
        allowed = given.get("allowedAccountIds")
        if allowed is not None and self._account_id not in allowed:
            raise ProviderError(f"account {self._account_id} is not among allowedAccountIds {', '.join(allowed)}")
        self.default_tags = dict((given.get("defaultTags") or {}).get("tags") or {})
        return dict(inputs)


def _plain(value: Any) -> Any:
    """Return the value of a setting, which the engine sends as JSON text; plain text is its own value."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _caller_identity(aws: Aws, _args: Properties) -> dict[str, Any]:
    identity = aws.client("sts").get_caller_identity()
    return {
        "accountId": identity["Account"],
        "arn": identity["Arn"],
        "userId": identity["UserId"],
        "id": identity["Account"],
    }


def _region(aws: Aws, _args: Properties) -> dict[str, Any]:
    return {"name": aws.region, "region": aws.region, "id": aws.region, "endpoint": f"ec2.{aws.region}.amazonaws.com"}


def _partition(_aws: Aws, _args: Properties) -> dict[str, Any]:
    return {
        "partition": "aws",
        "id": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


INVOKES: Mapping[str, Callable[[Aws, Properties], Mapping[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
}
