"""A resource provider that makes nothing and answers as if it had."""

import json
from collections.abc import Mapping
from typing import Any

from stackgraph.imagined.aws import BY_TYPE
from stackgraph.imagined.new import New
from stackgraph.provider import Created

_NO_ACCOUNT = "000000000000"


class ImaginedCloud:
    """A resource provider that makes nothing and answers as if it had."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._account = _NO_ACCOUNT

    def create(self, type: str, name: str, inputs: Mapping[str, Any]) -> Created:
        """The id and the computed outputs that this resource would have."""
        if type == "pulumi:providers:aws":
            self._believe(inputs)
        imagine = BY_TYPE.get(type, _unfamiliar)
        region = str(inputs.get("region") or self._region)  # a resource may name another than the provider's
        return imagine(New(region, self._account, type, name, inputs))

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Refuse: what AWS alone knows cannot be imagined."""
        raise LookupError(f"only AWS can answer {token}({', '.join(args)}), so the program must not ask")

    def _believe(self, inputs: Mapping[str, Any]) -> None:
        """Take region and account from the program's provider, whose nested inputs are JSON."""
        self._region = str(inputs.get("region", self._region))
        accounts = json.loads(inputs.get("allowedAccountIds", "[]"))
        self._account = str(accounts[0]) if accounts else _NO_ACCOUNT


def _unfamiliar(new: New) -> Created:
    """A name and an ARN, which most resources have."""
    module, _, kind = new.type.removeprefix("aws:").partition("/")
    name = new.named()
    return Created(name, {"name": name, "arn": new.arn(module, f"{kind.split(':')[-1].lower()}/{name}")})
