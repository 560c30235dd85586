"""How resources refer to each other, and the region, accounts and tags that the provider gives them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from toolkit.stacks import reveal
from toolkit.stacks.errors import FileError
from toolkit.stacks.facts import Facts, GraphFacts, MalformedPropertyError, UnknownPropertyError
from toolkit.stacks.json_documents import parse_json

_ARN_PARTS = 6


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


def names_of(facts: Facts, *outputs: str) -> frozenset[str]:
    """Return the known texts by which other resources refer to this one: its id and the named outputs."""
    found: list[object] = [facts.resource.id]
    for source in (facts.properties, reveal(facts.resource.outputs)):
        found += [source.get(name) for name in ("id", *outputs)]
    return frozenset(one for one in found if isinstance(one, str) and one)


def reference(facts: Facts, name: str) -> str | None:
    """Return the resource's name, ARN or other output; None while it is not known.

    An input counts first: where the program sets a name, AWS takes it.
    """
    if (given := known_text(facts, name)) is not None:
        return given
    found = facts.resource.id if name == "id" else reveal(facts.resource.outputs.get(name))
    return found if isinstance(found, str) and found else None


def known_text(part: Facts, path: str) -> str | None:
    """Return the text at the path; None where it is absent or not known."""
    try:
        return part.text(path) or None
    except UnknownPropertyError:
        return None


def known_texts(facts: Facts, path: str) -> tuple[str, ...]:
    """Return the texts in a list that are known."""
    try:
        entries = facts.entries(path)
    except UnknownPropertyError:
        return ()
    return tuple(text for entry in entries if (text := known_text(entry, "")) is not None)


def referred_to(
    user: Facts,
    path: str,
    value: str | None,
    candidates: Iterable[Facts],
    *outputs: str,
    fits: Callable[[str, str], bool] = str.__eq__,
) -> tuple[Facts, ...]:
    """Return the candidates that the value at the path names.

    Where the value or the candidate's names are absent or not known, the dependencies of the property decide.
    """
    root = path.partition(".")[0]

    def named(one: Facts) -> bool:
        names = names_of(one, *outputs)
        if not value or not names:
            return one.urn in user.depends_on(root)
        return any(fits(value, name) for name in names)

    return tuple(one for one in candidates if named(one))


def refers(user: Facts, path: str, value: str | None, target: Facts, *outputs: str) -> bool:
    """Return whether the value at the path names the target."""
    return bool(referred_to(user, path, value, (target,), *outputs))


def named_by(graph: GraphFacts, user: Facts, path: str, type_: str, *outputs: str) -> tuple[Facts, ...]:
    """Return the resources of the type that a text property names."""
    return referred_to(user, path, known_text(user, path), graph.of(type_), *outputs)


def comes_from(graph: GraphFacts, user: Facts, path: str, *types: str, outputs: tuple[str, ...] = ()) -> bool:
    """Return whether a text property refers to a resource of these types in the stack."""
    return bool(referred_to(user, path, known_text(user, path), graph.of(*types), *outputs))


def comes_from_elsewhere(graph: GraphFacts, user: Facts, path: str) -> bool:
    """Return whether a property depends on another resource than this stack's AWS resources, e.g. a StackReference."""
    here = {facts.urn for facts in graph.resources if facts.resource.type.startswith("aws")}
    return any(urn not in here for urn in user.depends_on(path.partition(".")[0]))


def account_of(facts: Facts) -> str | None:
    """Return the account of a resource: the only one that its provider may work in, else that of its ARN."""
    accounts = provider_accounts(facts)
    if len(accounts) == 1:
        return accounts[0]
    parts = (reference(facts, "arn") or "").split(":")
    return parts[4] if len(parts) >= _ARN_PARTS and parts[4] else None


def is_of_this_place(user: Facts, arn: str) -> bool:
    """Return whether an ARN has the region and the account of the resource that names it."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    region, account = region_of(user), account_of(user)
    return parts[3] in {region or parts[3], ""} and parts[4] in {account or parts[4], ""}
