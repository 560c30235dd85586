"""How resources refer to each other: by the name, id or ARN that the program or AWS gives a resource."""

from policies.facts import Facts, GraphFacts, UnknownPropertyError
from policies.provider import provider_accounts, provider_region
from stackgraph import reveal

_ARN_PARTS = 6


def reference(facts: Facts, name: str) -> str | None:
    """Return the resource's name, ARN or other output; None while it is not known.

    An input counts first: where the program sets a name, AWS takes it.
    """
    if (given := known_text(facts, name)) is not None:
        return given
    found = facts.resource.id if name == "id" else reveal(facts.resource.outputs.get(name))
    return found if isinstance(found, str) and found else None


def known_text(facts: Facts, path: str) -> str | None:
    """Return a text property; None where it is absent or not known."""
    try:
        return facts.text(path) or None
    except UnknownPropertyError:
        return None


def known_texts(facts: Facts, path: str) -> tuple[str, ...]:
    """Return the texts in a list that are known."""
    try:
        entries = facts.entries(path)
    except UnknownPropertyError:
        return ()
    return tuple(text for entry in entries if (text := known_text(entry, "")) is not None)


def refers(user: Facts, path: str, value: str | None, target: Facts, *names: str) -> bool:
    """Return whether the value names the target; what the property comes from counts while one is unknown."""
    known = [found for name in names if (found := reference(target, name)) is not None]
    if value is None or not known:
        return target.urn in user.depends_on(path.partition(".")[0])
    return value in known


def named_by(graph: GraphFacts, user: Facts, path: str, type_: str, *names: str) -> tuple[Facts, ...]:
    """Return the resources of the type that a text property names by one of these outputs."""
    value = known_text(user, path)
    return tuple(one for one in graph.of(type_) if refers(user, path, value, one, *names))


def comes_from_elsewhere(graph: GraphFacts, user: Facts, path: str) -> bool:
    """Return whether a property comes from a resource that is none of AWS in this stack, such as a StackReference."""
    here = {facts.urn for facts in graph.resources if facts.resource.type.startswith("aws")}
    return any(urn not in here for urn in user.depends_on(path.partition(".")[0]))


def region_of(facts: Facts) -> str:
    """Return the region of a resource: its own, or its provider's."""
    return known_text(facts, "region") or provider_region(facts)


def account_of(facts: Facts) -> str | None:
    """Return the account of a resource: the only one that its provider may work in, else that of its ARN."""
    accounts = provider_accounts(facts)
    if len(accounts) == 1:
        return accounts[0]
    parts = (reference(facts, "arn") or "").split(":")
    return parts[4] if len(parts) >= _ARN_PARTS and parts[4] else None


def is_of_this_place(user: Facts, arn: str) -> bool:
    """Return whether an ARN is of the region and the account of its user."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    region, account = region_of(user), account_of(user)
    return parts[3] in {region or parts[3], ""} and parts[4] in {account or parts[4], ""}
