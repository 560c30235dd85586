"""The inputs of a resource's provider: region, accounts and tags; nested inputs come as JSON."""

from dataclasses import replace
from typing import Any

from toolkit.stacks.errors import FileError
from toolkit.stacks.facts import Facts, MalformedPropertyError
from toolkit.stacks.json_documents import parse_json


def provider_region(facts: Facts) -> str:
    """Return the region of the provider; empty where it has none."""
    return _provider(facts).text("region")


def region_of(facts: Facts) -> str:
    """Return the region of the resource: its own input, else its provider's."""
    return facts.text("region") or provider_region(facts)


def provider_accounts(facts: Facts) -> tuple[str, ...]:
    """Return the accounts that the provider allows; none where it sets none."""
    return provider_inputs(facts, "allowedAccountIds").texts("allowedAccountIds")


def provider_inputs(facts: Facts, *nested: str) -> Facts:
    """Return the provider's inputs; those named are parsed from JSON."""
    provider = _provider(facts)
    return replace(provider, properties={**provider.properties, **{name: _value(provider, name) for name in nested}})


def default_tags(facts: Facts) -> Facts:
    """Return the default tags of the provider."""
    return _provider(facts).json("defaultTags").part("tags")


def _provider(facts: Facts) -> Facts:
    return Facts(facts.resource, facts.provider, place="provider")


def _value(provider: Facts, name: str) -> Any:
    found = provider.properties.get(name)
    if not isinstance(found, str):
        return found
    try:
        return parse_json(found, name)
    except FileError:
        raise MalformedPropertyError(f"provider.{name} is not JSON") from None
