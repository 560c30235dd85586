"""Which resources of the stack a property refers to: by its value where that is known, else by where it comes from."""

from collections.abc import Callable, Iterable

from policies.facts import Facts, GraphFacts, UnknownPropertyError
from stackgraph import reveal


def names_of(facts: Facts, *outputs: str) -> frozenset[str]:
    """Return the known texts by which other resources refer to this one: its id and the named outputs."""
    found: list[object] = [facts.resource.id]
    for source in (facts.properties, reveal(facts.resource.outputs)):
        found += [source.get(name) for name in ("id", *outputs)]
    return frozenset(one for one in found if isinstance(one, str) and one)


def known_text(part: Facts, path: str) -> str | None:
    """Return the text at the path; None where it waits for something."""
    try:
        return part.text(path)
    except UnknownPropertyError:
        return None


def referred_to(
    user: Facts,
    root: str,
    value: str | None,
    candidates: Iterable[Facts],
    *outputs: str,
    fits: Callable[[str, str], bool] = str.__eq__,
) -> tuple[Facts, ...]:
    """Return those candidates that the value names.

    Where the value or the candidate's names are absent or not known, the dependencies of the property `root` decide.
    """

    def named(one: Facts) -> bool:
        names = names_of(one, *outputs)
        if not value or not names:
            return one.urn in user.depends_on(root)
        return any(fits(value, name) for name in names)

    return tuple(one for one in candidates if named(one))


def comes_from(graph: GraphFacts, user: Facts, path: str, *types: str, outputs: tuple[str, ...] = ()) -> bool:
    """Return whether a text property refers to a resource of these types in the stack."""
    root = path.partition(".")[0]
    return bool(referred_to(user, root, known_text(user, path), graph.of(*types), *outputs))
