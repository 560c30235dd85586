"""Reads `pulumi:autonaming` of a stack as the engine does.

`Pulumi.yaml` has it as `config: pulumi:autonaming: value: …`, a stack's file without `value`; the stack's file wins.
Pulumi's CLI reads it from 3.146.0, pulumi-aws from 6.66.0 (pulumi.com/blog/autonaming-configuration). The engine's
reader is pkg/cmd/pulumi/autonaming/config.go of github.com/pulumi/pulumi, version 3.260.0.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from toolkit.resource_types.automatic_names import DEFAULT_NAMES, AutomaticNames, NamePattern
from toolkit.stacks.errors import StackFileError, mistakes
from toolkit.stacks.marks import Secret

KEY = "pulumi:autonaming"
ORGANIZATION = "organization"
"""The organization of stacks in a backend without organizations, and of an evaluation."""

_EXPRESSION = re.compile(r"\$\{([^}]*)\}?")
_KEPT = re.compile(r"name|uuid|(?:hex|alphanum|string|num)\([0-9]+\)")
_KNOWN = "name, project, stack, organization, config.<key>, hex(n), alphanum(n), string(n), num(n) and uuid"


class _Naming(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    mode: Literal["default", "verbatim", "disabled"] | None = None
    pattern: str | None = None
    enforce: bool | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.mode is not None and (self.pattern is not None or self.enforce is not None):
            raise ValueError("write mode, or pattern with enforce, not both")
        if self.enforce is not None and self.pattern is None:
            raise ValueError("enforce needs a pattern")
        return self


class _TypeNaming(_Naming):
    @model_validator(mode="after")
    def _given(self) -> Self:
        if self.mode is None and self.pattern is None:
            raise ValueError("write mode or pattern")
        return self


class _ProviderNaming(_Naming):
    resources: dict[str, _TypeNaming] = {}


class _StackNaming(_Naming):
    providers: dict[str, _ProviderNaming] = {}


def automatic_names(config: Mapping[str, Any], project: str, stack: str) -> AutomaticNames:
    """Return the patterns of a stack's configuration. Raises StackFileError where the engine would refuse them."""
    written = config.get(KEY)
    if written is None:
        return DEFAULT_NAMES
    try:
        naming = _StackNaming.model_validate(_plain(written))
    except ValidationError as error:
        raise StackFileError(f"{KEY}: {mistakes(error, key='the value')[0]}.") from None

    def value(name: str) -> str:
        return _value(name, config, project, stack)

    default = _pattern(naming, value) or DEFAULT_NAMES.pattern
    providers = {name: _pattern(each, value) or default for name, each in naming.providers.items()}
    types = {
        token: pattern
        for each in naming.providers.values()
        for token, one in each.resources.items()
        if (pattern := _pattern(one, value))
    }
    return AutomaticNames(default, providers, types)


def _plain(written: Any) -> Any:
    try:
        return json.loads(written) if isinstance(written, str) else written
    except ValueError:
        return written


def _pattern(naming: _Naming, value: Callable[[str], str]) -> NamePattern | None:
    if naming.pattern is not None:
        text = _EXPRESSION.sub(lambda found: value(found[1]), naming.pattern)
        return NamePattern(text, enforced=bool(naming.enforce))
    modes = {
        "default": DEFAULT_NAMES.pattern,
        "verbatim": NamePattern("${name}", enforced=True),
        "disabled": NamePattern(disabled=True),
    }
    return modes[naming.mode] if naming.mode else None


def _value(name: str, config: Mapping[str, Any], project: str, stack: str) -> str:
    """Return the value of an expression; of one that differs between resources the expression itself."""
    if _KEPT.fullmatch(name):
        return f"${{{name}}}"
    known = {"project": project, "stack": stack, "organization": ORGANIZATION}
    if name in known:
        return known[name]
    if not name.startswith("config."):
        raise StackFileError(f"{KEY}: ${{{name}}} is no expression of a pattern; known are {_KNOWN}.")
    key = f"{project}:{name.removeprefix('config.')}"
    found = config.get(key)
    if isinstance(found, Secret):
        raise StackFileError(f"{KEY}: ${{{name}}} is a secret, and everyone can read a name; use another value.")
    if not isinstance(found, str | int):
        raise StackFileError(f"{KEY}: ${{{name}}} needs the value {key} in the stack's file, as text.")
    return str(found)
