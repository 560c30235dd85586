"""The settings of the explicit provider resource: the allowed accounts and the default tags."""

import json
from typing import Any

from toolkit.localcloud.provider.entry import Properties
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
