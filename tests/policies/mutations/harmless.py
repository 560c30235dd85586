"""Changed values that no rule has to report, each with the reason."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from tests.policies.mutations.every_property import Mutant

HARMLESS: Mapping[str, tuple[str, ...]] = {
    "a name, a description or a tag for people": (
        "* *.description *",
        "* *.comment *",
        "* *.tags* *",
    ),
}
"""By reason, patterns of `kind service/Type.path label`."""


def described(mutant: Mutant) -> str:
    """Return what the patterns are compared with."""
    module, _, kind = mutant.type.rpartition(":")
    service = module.removeprefix("aws:").partition("/")[0]
    return f"{mutant.changed.kind} {service}/{kind}.{mutant.changed.path} {mutant.changed.label}"


def reason(mutant: Mutant) -> str | None:
    """Return why no rule has to report the mutant; None where one has to."""
    text = described(mutant)
    return next((why for why, patterns in HARMLESS.items() if _first(patterns, text)), None)


def unused(survivors: Iterable[Mutant]) -> list[str]:
    """Return the patterns that no surviving mutant needs."""
    texts = [described(mutant) for mutant in survivors]
    return [
        pattern
        for patterns in HARMLESS.values()
        for pattern in patterns
        if not any(_first((pattern,), t) for t in texts)
    ]


def _first(patterns: tuple[str, ...], text: str) -> bool:
    # A path has brackets, which are no set of characters here.
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)
