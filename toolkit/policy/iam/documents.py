"""IAM and resource policies as statements, independent of the form of the JSON."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from toolkit.policy.iam.conditions import Condition
from toolkit.policy.iam.evaluation import Element
from toolkit.policy.iam.wildcards import overlap
from toolkit.stacks.inputs import Inputs, Violations, every

_ALL_RESOURCES = re.compile(r"\*+|arn(:[^:]*){4}:\*+|arn:\*+")
"""`*`, and ARNs that match every resource of a service."""
_ARN_OF_ANY_ACCOUNT = re.compile(r"arn(:[^:]*){3}:[^:]*[*?][^:]*:.*")
"""ARNs of any account."""
_ARN_OF_ONE_ACCOUNT = re.compile(r"arn(:[^:]*){3}:\d{12}:.*")
CALLER_KEYS = frozenset(
    {
        *(
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceorgid",
            "aws:sourceowner",
            "aws:sourcevpc",
            "aws:sourcevpce",
        ),
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths"),
        *("aws:userid", "aws:username", "kms:calleraccount"),
    }
)
SOURCE_KEYS = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"}
)


@dataclass(frozen=True)
class Statement:
    """A statement of a policy; an unknown part raises only when it is read."""

    part: Inputs
    variables = True
    """Whether `${...}` is replaced by a value of the request."""

    @property
    def allows(self) -> bool:
        """Return whether the effect is Allow."""
        return self.part.text("Effect") == "Allow"

    @property
    def denies(self) -> bool:
        """Return whether the effect is Deny."""
        return self.part.text("Effect") == "Deny"

    @property
    def inverted(self) -> bool:
        """Return whether it has NotAction or NotResource."""
        return any(self.part.has(element) for element in ("NotAction", "NotResource", "NotPrincipal"))

    @property
    def actions(self) -> tuple[str, ...]:
        """Return the actions; `*` where it has NotAction."""
        return ("*",) if self.part.has("NotAction") else self.part.texts("Action")

    @property
    def resources(self) -> tuple[str, ...]:
        """Return the resources; `*` where it has NotResource."""
        return ("*",) if self.part.has("NotResource") else self.part.texts("Resource")

    def element(self, name: str) -> Element:
        """Return the element Action or Resource."""
        excluded = self.part.has(f"Not{name}")
        return self.part.texts(f"Not{name}" if excluded else name), excluded

    @property
    def principals(self) -> tuple[tuple[str, str], ...]:
        """Return kind (AWS, Service, Federated, CanonicalUser) and name of each; any principal for NotPrincipal."""
        if self.part.has("NotPrincipal") or isinstance(self.part.properties.get("Principal"), str):
            return (("AWS", "*"),)
        return tuple(
            (kind, name) for kind in self.part.keys("Principal") for name in self.part.texts(f"Principal.{kind}")
        )

    @property
    def has_any_principal(self) -> bool:
        """Return whether it has a principal with a wildcard."""
        return any("*" in name for _, name in self.principals)

    @property
    def on_all_resources(self) -> bool:
        """Return whether a resource matches every resource of a service."""
        return any(_ALL_RESOURCES.fullmatch(resource) for resource in self.resources)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions of the statement."""
        blocks = ((operator, self.part.part(f"Condition.{operator}")) for operator in self.part.keys("Condition"))
        return tuple(
            Condition.parse(operator, key, _values(block, key))
            for operator, block in blocks
            for key in block.properties
        )

    def matches(self, *actions: str) -> bool:
        """Return whether it matches one of the actions, which may have wildcards."""
        return any(overlap(own.lower(), action.lower()) for own in self.actions for action in actions)

    def restrictions(self, *keys: str) -> tuple[Condition, ...]:
        """Return the conditions that restrict one of the keys, in lower case, to values that are no plain wildcards."""
        return tuple(
            condition
            for condition in self.conditions
            if condition.restricts
            and condition.key in keys
            and not any(_matches_any_account(value) for value in condition.values)
        )

    @property
    def limits_callers(self) -> bool:
        """Return whether a condition restricts the calls to an account, organization, network or resource."""
        return bool(self.restrictions(*CALLER_KEYS))

    @property
    def limits_source(self) -> bool:
        """Return whether a condition limits for which account or resource a service acts."""
        return bool(self.restrictions(*SOURCE_KEYS))


def statements(holder: Inputs, path: str) -> tuple[Statement, ...]:
    """Return the statements of the document at the path."""
    return tuple(Statement(part) for part in holder.json(path).parts("Statement"))


def every_statement(found: Iterable[Statement], holds: Callable[[Statement], bool]) -> bool | Violations:
    """Return True, or the statements for which it does not hold."""
    return every((statement.part for statement in found), lambda part: holds(Statement(part)))


def for_each_statement(holds: Callable[[Statement], bool]) -> Callable[[Inputs, object], bool | Violations]:
    """Return the check that a condition holds for each statement of a resource's policy."""
    return lambda resource, _: every_statement(statements(resource, "policy"), holds)


def denies_plain_http(found: Iterable[Statement], *actions: str, on: str | None = None) -> bool:
    """Return whether a statement denies each of the actions to all principals without TLS, with no other condition.

    `on` is the name or ARN, where it is known, of what the policy belongs to: the statement must be on it.
    """
    return any(
        statement.denies
        and (on is None or any(_names(resource, on) for resource in statement.resources))
        and statement.has_any_principal
        and not statement.inverted
        and all(map(statement.matches, actions))
        and [(each.operator, each.key, each.values) for each in statement.conditions]
        == [("bool", "aws:securetransport", ("false",))]
        for statement in found
    )


def _names(resource: str, name: str) -> bool:
    """Return whether an ARN or pattern names everything, or the resource or what is in it by its name or ARN."""
    if resource == "*":
        return True
    own = resource.removesuffix("/*").removesuffix("*")
    return own == name or own.endswith(f":{name}")


def allows_any_caller(statement: Statement) -> bool:
    """Return whether it allows any principal, and no condition limits the caller."""
    return statement.allows and statement.has_any_principal and not statement.limits_callers


def is_not_public(statement: Statement) -> bool:
    """Return whether it names the principals that it allows, or a condition limits the caller."""
    return not allows_any_caller(statement)


def names_what_it_allows(statement: Statement) -> bool:
    """Return whether it allows nothing by NotAction or NotResource."""
    return not (statement.allows and statement.inverted)


def _values(block: Inputs, key: str) -> tuple[str, ...]:
    """Return the value of a key, which has dots and so is no path; IAM reads numbers and true as text."""
    found: Any = block.properties[key]
    values = [
        json.dumps(value) if isinstance(value, bool | int | float) else value
        for value in (found if isinstance(found, list | tuple) else [found])
    ]
    return Inputs(block.resource, {"value": values}, block.provider, block.place).texts("value")


def _matches_any_account(value: str) -> bool:
    if not value.strip("*") or _ARN_OF_ANY_ACCOUNT.fullmatch(value):
        return True
    return bool(_ALL_RESOURCES.fullmatch(value)) and not _ARN_OF_ONE_ACCOUNT.fullmatch(value)
