"""What the provider of a resource was told: region, accounts and tags; nested inputs come as JSON."""

from dataclasses import replace

from policies.facts import Facts, MalformedPropertyError
from stackgraph.errors import FileError
from stackgraph.json_documents import parse_json


def provider_region(facts: Facts) -> str:
    """The region that the provider works in; empty where it was told none."""
    return _provider(facts).text("region")


def region_of(facts: Facts) -> str:
    """Return where the resource is made: the region that it names itself, else its provider's."""
    return facts.text("region") or provider_region(facts)


def provider_accounts(facts: Facts) -> tuple[str, ...]:
    """The accounts that the provider may work in; none where it was told nothing."""
    provider = _provider(facts)
    if not isinstance(found := provider.properties.get("allowedAccountIds"), str):
        return provider.texts("allowedAccountIds")
    try:
        accounts = parse_json(found, "allowedAccountIds")
    except FileError:
        raise MalformedPropertyError("provider.allowedAccountIds is not JSON") from None
    return replace(provider, properties={"allowedAccountIds": accounts}).texts("allowedAccountIds")


def default_tags(facts: Facts) -> Facts:
    """The tags that the provider gives to everything."""
    return _provider(facts).json("defaultTags").part("tags")


def _provider(facts: Facts) -> Facts:
    return Facts(facts.resource, facts.provider, place="provider")
