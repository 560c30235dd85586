"""How resources refer to each other, and the region, accounts and tags that the provider gives them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from toolkit.stacks import reveal
from toolkit.stacks.errors import FileError
from toolkit.stacks.inputs import Inputs, MalformedPropertyError, StackInputs, UnknownPropertyError
from toolkit.stacks.json_documents import parse_json

_ARN_PARTS = 6


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


def names_of(inputs: Inputs, *outputs: str) -> frozenset[str]:
    """Return the known texts by which other resources refer to this one: its id and the named outputs."""
    found: list[object] = [inputs.resource.id]
    for source in (inputs.properties, reveal(inputs.resource.outputs)):
        found += [source.get(name) for name in ("id", *outputs)]
    return frozenset(one for one in found if isinstance(one, str) and one)


def reference(inputs: Inputs, name: str) -> str | None:
    """Return the resource's name, ARN or other output; None while it is not known.

    An input counts first: where the program sets a name, AWS takes it.
    """
    if (given := known_text(inputs, name)) is not None:
        return given
    found = inputs.resource.id if name == "id" else reveal(inputs.resource.outputs.get(name))
    return found if isinstance(found, str) and found else None


def known_text(part: Inputs, path: str) -> str | None:
    """Return the text at the path; None where it is absent or not known."""
    try:
        return part.text(path) or None
    except UnknownPropertyError:
        return None


def known_texts(inputs: Inputs, path: str) -> tuple[str, ...]:
    """Return the texts in a list that are known."""
    try:
        entries = inputs.entries(path)
    except UnknownPropertyError:
        return ()
    return tuple(text for entry in entries if (text := known_text(entry, "")) is not None)


def referred_to(
    user: Inputs,
    path: str,
    value: str | None,
    candidates: Iterable[Inputs],
    *outputs: str,
    fits: Callable[[str, str], bool] = str.__eq__,
) -> tuple[Inputs, ...]:
    """Return the candidates that the value at the path names.

    Where the value or the candidate's names are absent or not known, the dependencies of the property decide.
    """
    root = path.partition(".")[0]

    def named(one: Inputs) -> bool:
        names = names_of(one, *outputs)
        if not value or not names:
            return one.urn in user.depends_on(root)
        return any(fits(value, name) for name in names)

    return tuple(one for one in candidates if named(one))


def refers(user: Inputs, path: str, value: str | None, target: Inputs, *outputs: str) -> bool:
    """Return whether the value at the path names the target."""
    return bool(referred_to(user, path, value, (target,), *outputs))


def named_by(graph: StackInputs, user: Inputs, path: str, type_: str, *outputs: str) -> tuple[Inputs, ...]:
    """Return the resources of the type that a text property names."""
    return referred_to(user, path, known_text(user, path), graph.of(type_), *outputs)


def comes_from(graph: StackInputs, user: Inputs, path: str, *types: str, outputs: tuple[str, ...] = ()) -> bool:
    """Return whether a text property refers to a resource of these types in the stack."""
    return bool(referred_to(user, path, known_text(user, path), graph.of(*types), *outputs))


def comes_from_elsewhere(graph: StackInputs, user: Inputs, path: str) -> bool:
    """Return whether a property depends on another resource than this stack's AWS resources, e.g. a StackReference."""
    here = {inputs.urn for inputs in graph.resources if inputs.resource.type.startswith("aws")}
    return any(urn not in here for urn in user.depends_on(path.partition(".")[0]))


def account_of(inputs: Inputs) -> str | None:
    """Return the account of a resource: the only one that its provider may work in, else that of its ARN."""
    accounts = provider_accounts(inputs)
    if len(accounts) == 1:
        return accounts[0]
    parts = (reference(inputs, "arn") or "").split(":")
    return parts[4] if len(parts) >= _ARN_PARTS and parts[4] else None


def is_of_this_place(user: Inputs, arn: str) -> bool:
    """Return whether an ARN has the region and the account of the resource that names it."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    region, account = region_of(user), account_of(user)
    return parts[3] in {region or parts[3], ""} and parts[4] in {account or parts[4], ""}
