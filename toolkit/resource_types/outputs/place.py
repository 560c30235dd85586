"""The region, account and partition of a provider's resources, from its inputs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_NO_ACCOUNT = "000000000000"
_ACCOUNT_DIGITS = 12
_ARN_ACCOUNT = 4
_OTHER_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@dataclass(frozen=True)
class Place:
    """A region of an account."""

    region: str
    account: str
    role: str = ""
    """The role that the provider assumes, by ARN; empty where it assumes none."""

    @property
    def partition(self) -> str:
        """Return the partition of the region."""
        found = (name for start, name in _OTHER_PARTITIONS.items() if self.region.startswith(start))
        return next(found, "aws")

    @property
    def dns_suffix(self) -> str:
        """Return the domain of the partition's service endpoints."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


def place_of(provider: Mapping[str, Any], default: Place) -> Place:
    """Return the place of a provider's resources; what its inputs do not name is as in the rest of the stack."""
    given = provider.get("region")
    region = given if isinstance(given, str) and given else default.region
    role = _assumed_role(provider)
    accounts = _json(provider.get("allowedAccountIds"))
    account = accounts[0] if isinstance(accounts, list) and accounts else role.split(":")[_ARN_ACCOUNT] if role else ""
    return Place(region, _account(account) or default.account, role)


def stack_place(config: Mapping[str, Any], project: str) -> Place:
    """Return the region and account that the stack's configuration names."""
    provider = {key.removeprefix("aws:"): value for key, value in config.items() if key.startswith("aws:")}
    settings = _json(config.get(f"{project}:settings"))
    named = settings.get("account-id") if isinstance(settings, Mapping) else None
    return place_of(provider, Place("us-east-1", _account(named) or _NO_ACCOUNT))


@cache
def region_names() -> Mapping[str, str]:
    """Return the name of each region, such as Europe (Frankfurt)."""
    document = json.loads(files("botocore").joinpath("data", "partitions.json").read_text())
    return {
        name: region["description"]
        for partition in document["partitions"]
        for name, region in partition["regions"].items()
    }


def _assumed_role(provider: Mapping[str, Any]) -> str:
    """Return the last role of a chain, which creates the resources."""
    found = _json(provider.get("assumeRoles", provider.get("assumeRole")))
    last = found[-1] if isinstance(found, list) and found else found
    role = last.get("roleArn") if isinstance(last, Mapping) else None
    return role if isinstance(role, str) and role.count(":") > _ARN_ACCOUNT else ""


def _account(value: Any) -> str:
    text = str(value)
    return text if len(text) == _ACCOUNT_DIGITS and text.isdigit() else ""


def _json(value: Any) -> Any:
    """Return the value of a JSON text; nested inputs of providers are such texts."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
