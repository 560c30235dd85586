"""The automatic names of resources, as Pulumi's engine makes them with `pulumi:autonaming`.

https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming-configuration (read 2026-11-30).
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

_HEX = "0123456789abcdef"
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = {"hex": _HEX, "alphanum": _LETTERS + _DIGITS, "string": _LETTERS, "num": _DIGITS}
_RANDOM_TEXT = re.compile(rf"\$\{{(?:({'|'.join(_ALPHABETS)})\((\d+)\)|uuid)\}}")
_SUFFIX_LENGTH = 7


@dataclass(frozen=True)
class NamePattern:
    """The pattern of automatic names; only `${name}` and random text are left to fill in."""

    text: str = f"${{name}}-${{hex({_SUFFIX_LENGTH})}}"
    enforced: bool = False
    """Whether the provider may not change the name to the form that the type needs."""
    disabled: bool = False
    """Whether each resource needs a name of the program."""

    @property
    def random(self) -> bool:
        """Return whether two resources of one logical name get different names."""
        return _RANDOM_TEXT.search(self.text) is not None

    def name(self, logical_name: str, source: Random) -> str:
        """Return the name of a resource. Raises ValueError where automatic names are disabled."""
        if self.disabled:
            raise ValueError("pulumi:autonaming disables automatic names, and the program gives no name")

        def drawn(found: re.Match[str]) -> str:
            if found[1] is None:
                return str(uuid.UUID(bytes=source.randbytes(16)))
            return "".join(source.choices(_ALPHABETS[found[1]], k=int(found[2])))

        return _RANDOM_TEXT.sub(drawn, self.text.replace("${name}", logical_name))


@dataclass(frozen=True)
class AutomaticNames:
    """The patterns of a stack: one for all resources, and others for providers and types."""

    pattern: NamePattern = NamePattern()
    providers: Mapping[str, NamePattern] = field(default_factory=dict)
    types: Mapping[str, NamePattern] = field(default_factory=dict)

    def of(self, type: str) -> NamePattern:
        """Return the pattern for the names of a type."""
        return self.types.get(type) or self.providers.get(type.partition(":")[0]) or self.pattern


DEFAULT_NAMES = AutomaticNames()


@dataclass(frozen=True)
class NameForm:
    """The names that AWS accepts for a type."""

    longest: int
    property: str = "name"
    """The property with the name; Pulumi fills it where it is optional and the program does not."""
    pattern: str = ""
    """A regular expression for the whole name; empty where AWS accepts all characters of a pattern."""
    accepted: str = ""
    """What the pattern accepts, for messages."""
    adapt: Callable[[str], str] = str
    """The change that the provider makes to an automatic name, such as to lower case."""

    def automatic(self, logical_name: str, pattern: NamePattern, source: Random) -> str:
        """Return the automatic name of a resource. Raises ValueError where automatic names are disabled."""
        name = pattern.name(logical_name, source)
        return name if pattern.enforced else self.adapt(name)

    def prefixed(self, prefix: str, source: Random) -> str:
        """Return an automatic name with the `namePrefix` of the program."""
        return self.adapt(prefix + "".join(source.choices(_HEX, k=_SUFFIX_LENGTH)))

    def mistake(self, inputs: Mapping[str, Any], logical_name: str, pattern: NamePattern) -> str:
        """Return in a sentence what AWS refuses in the name of a new resource; empty where it accepts it."""
        given = inputs.get(self.property)
        if given is None and inputs.get(f"{self.property}Prefix"):
            return ""
        if given is not None and not isinstance(given, str):
            return ""  # known after the update
        try:
            name = given or self.automatic(logical_name, pattern, Random(logical_name))  # noqa: S311 - only its form matters
        except ValueError as error:
            return str(error)
        problem = self._problem(name)
        if not problem:
            return ""
        if given:
            return f"the program gives the {self.property} {name}, which {problem}; give another one"
        return (
            f"pulumi:autonaming makes the {self.property} {name}, which {problem}; "
            "shorten or change the project, the stack, the logical name or the pattern"
        )

    def _problem(self, name: str) -> str:
        if len(name) > self.longest:
            return f"has {len(name)} characters, and AWS accepts {self.longest}"
        if self.pattern and not re.fullmatch(self.pattern, name, re.ASCII):
            return f"AWS does not accept; it takes {self.accepted}"
        return ""
