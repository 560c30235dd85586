"""The service authorization reference of AWS: the resource types and condition keys of each action."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_suffix(".yaml")
_WITH_SLASHES = {
    *("LogGroupName", "LogStreamName", "ObjectName", "RoleNameWithPath", "Alias", "RouteKey"),
    "ParameterNameWithoutLeadingSlash",
}


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource: the form of its ARNs, and whether AWS sends its tags with a request."""

    arn: str
    tags: bool

    def matches(self, arn: str) -> bool:
        """Return whether an ARN has this form."""
        return _form(self.arn).fullmatch(arn) is not None


@dataclass(frozen=True)
class Action:
    """The resource types of an action, those that AWS always authorizes, and the condition keys of its requests."""

    on: tuple[ResourceType, ...]
    required: tuple[ResourceType, ...]
    keys: frozenset[str]

    def type_of(self, arn: str) -> ResourceType | None:
        """The resource type of an ARN, as far as the action knows it."""
        return next((each for each in self.on if each.matches(arn)), None)

    def among(self, arns: Iterable[str]) -> list[str]:
        """The resources on which AWS authorizes a call about these ARNs: * for an action without resource types."""
        found = [arn for arn in dict.fromkeys(arns) if self.type_of(arn)]
        if not self.on:
            return ["*"]
        missing = [each.arn for each in self.required if not any(each.matches(arn) for arn in found)]
        if missing or not found:
            raise LookupError(f"no resource of the form {missing or [each.arn for each in self.on]} is given")
        return found

    def can_be_on(self, pattern: str) -> bool:
        """Return whether a policy's Resource can ever match a request of this action."""
        return pattern == "*" or any(_overlap(pattern, re.sub(r"\$\{\w+\}", "*", each.arn)) for each in self.on)


@cache
def reference() -> dict[str, Action]:
    """Every action that the project names."""
    document = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    kinds = {name: ResourceType(each["arn"], each.get("tags", False)) for name, each in document["resources"].items()}

    def action(name: str, types: list[str], keys: list[str]) -> Action:
        service = name.partition(":")[0]
        return Action(
            on=tuple(kinds[f"{service}:{each.removesuffix('*')}"] for each in types),
            required=tuple(kinds[f"{service}:{each[:-1]}"] for each in types if each.endswith("*")),
            keys=frozenset(keys),
        )

    return {name: action(name, **each) for name, each in document["actions"].items()}


@cache
def _form(arn: str) -> re.Pattern[str]:
    parts = re.split(r"(\$\{\w+\})", arn)
    return re.compile("".join(_part(part) if part.startswith("${") else re.escape(part) for part in parts))


def _part(variable: str) -> str:
    return ".+" if variable[2:-1] in _WITH_SLASHES else "[^/]+"


@cache
def _overlap(one: str, other: str) -> bool:
    """Return whether some text matches both patterns, whose only wildcard is *."""
    if not one or not other:
        return not (one + other).strip("*")
    if one[0] == "*":
        return _overlap(one[1:], other) or _overlap(one, other[1:])
    if other[0] == "*":
        return _overlap(other, one)
    return one[0] == other[0] and _overlap(one[1:], other[1:])
