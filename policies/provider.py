"""What the provider of a resource was told: region, accounts and tags; nested inputs come as JSON."""

import json

from policies.facts import UNKNOWN, Facts, UnknownPropertyError


def provider_region(facts: Facts) -> str:
    """The region that the provider works in; empty where it was told none."""
    return _provider(facts).text("region")


def provider_accounts(facts: Facts) -> tuple[str, ...]:
    """The accounts that the provider may work in; none where it was told nothing."""
    found = facts.provider.get("allowedAccountIds")
    if not isinstance(found, str):
        return _provider(facts).texts("allowedAccountIds")
    return Facts(facts.resource, {"allowedAccountIds": json.loads(found)}).texts("allowedAccountIds")


def default_tags(facts: Facts) -> Facts:
    """The tags that the provider gives to everything."""
    return _provider(facts).json("defaultTags").part("tags")


def _provider(facts: Facts) -> Facts:
    if any(facts.provider.get(name) is UNKNOWN for name in ("region", "allowedAccountIds", "defaultTags")):
        raise UnknownPropertyError("provider")
    return Facts(facts.resource, facts.provider)
