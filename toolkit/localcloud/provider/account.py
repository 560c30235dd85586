"""The explicit provider resource: which account it may touch and the tags that everything carries."""

import json
from typing import Any

from toolkit.localcloud.provider.entry import Properties
from toolkit.localcloud.provider.errors import ProviderError


class AccountSettings:
    """What `pulumi:providers:aws` was told last."""

    TOKEN = "pulumi:providers:aws"  # noqa: S105 - a type token
    INPUTS = frozenset(
        {"region", "allowedAccountIds", "defaultTags", "skipCredentialsValidation", "skipRegionValidation", "version"}
    )

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id
        self.default_tags: dict[str, str] = {}

    def configure(self, inputs: Properties) -> dict[str, Any]:
        """Take the provider's settings; ProviderError where they forbid this account."""
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
    """A provider's settings travel as JSON text, unlike a resource's; plain text stands for itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
