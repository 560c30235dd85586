"""The inputs of a resource's provider: region, accounts and tags; nested inputs come as JSON."""

from dataclasses import replace
from typing import Any

from toolkit.stacks.errors import FileError
from toolkit.stacks.inputs import Inputs, MalformedPropertyError
from toolkit.stacks.json_documents import parse_json


def provider_region(inputs: Inputs) -> str:
    """Return the region of the provider; empty where it has none."""
    return _provider(inputs).text("region")


def region_of(inputs: Inputs) -> str:
    """Return the region of the resource: its own input, else its provider's."""
    return inputs.text("region") or provider_region(inputs)


def provider_accounts(inputs: Inputs) -> tuple[str, ...]:
    """Return the accounts that the provider allows; none where it sets none."""
    return provider_inputs(inputs, "allowedAccountIds").texts("allowedAccountIds")


def provider_inputs(inputs: Inputs, *nested: str) -> Inputs:
    """Return the provider's inputs; those named are parsed from JSON."""
    provider = _provider(inputs)
    return replace(provider, properties={**provider.properties, **{name: _value(provider, name) for name in nested}})


def default_tags(inputs: Inputs) -> Inputs:
    """Return the default tags of the provider."""
    return _provider(inputs).json("defaultTags").part("tags")


def _provider(inputs: Inputs) -> Inputs:
    return Inputs(inputs.resource, inputs.provider, place="provider")


def _value(provider: Inputs, name: str) -> Any:
    found = provider.properties.get(name)
    if not isinstance(found, str):
        return found
    try:
        return parse_json(found, name)
    except FileError:
        raise MalformedPropertyError(f"provider.{name} is not JSON") from None
