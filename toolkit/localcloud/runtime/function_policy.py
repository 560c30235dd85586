"""A function's resource policy, and whether it lets a service invoke the function.

https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html: each version and alias has its own
statements. Only AddPermission writes them, so the only conditions are those of its parameters.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FunctionPolicy:
    """The statements of a function, version or alias, as GetPolicy returns them."""

    statements: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_json(cls, document: str) -> "FunctionPolicy":
        """Read the `Policy` of GetPolicy."""
        return cls(tuple(json.loads(document)["Statement"]))

    def allows(self, service: str, function_arn: str, source_arn: str) -> bool:
        """Return whether a statement lets a service invoke this function ARN for a resource, such as an API's route."""
        invoked = function_arn.removesuffix(":$LATEST")
        facts = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]}
        matching = [
            statement["Effect"]
            for statement in self.statements
            if statement.get("Resource") == invoked
            and statement.get("Action") in ("lambda:InvokeFunction", "lambda:*")
            and statement.get("Principal") in (service, "*", {"Service": service}, {"AWS": "*"})
            and _holds(statement.get("Condition") or {}, facts)
        ]
        return "Allow" in matching and "Deny" not in matching


def _holds(conditions: Mapping[str, Mapping[str, Any]], facts: Mapping[str, str]) -> bool:
    """Return whether every condition holds; one with an unknown operator or key does not."""
    return all(
        key.lower() in facts and _matches(operator, facts[key.lower()], expected)
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


def _matches(operator: str, actual: str, expected: Any) -> bool:
    values = [str(each) for each in (expected if isinstance(expected, list) else [expected])]
    if operator == "StringEquals":
        return actual in values
    if operator in ("ArnLike", "ArnEquals"):
        return any(_arn_matches(value, actual) for value in values)
    return False


def _arn_matches(pattern: str, arn: str) -> bool:
    """Compare part by part, so that a `*` matches within one part of the ARN."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(
        re.fullmatch(re.escape(each).replace(r"\*", ".*").replace(r"\?", "."), part, re.DOTALL)
        for each, part in zip(patterns, parts, strict=True)
    )
