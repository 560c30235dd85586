"""Changes of a policy document: principal, action, resource and condition."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

_FOREIGN = "arn:aws:iam::999999999999:root"
_ACCOUNT = re.compile(r"(?<!\d)([1-4])\1{11}(?!\d)")
Statement = dict[str, Any]
Edit = Callable[[Statement], None]


def changed_documents(document: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Change one thing in one statement: kind, path, label and the document."""
    statements = document["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    for number, statement in enumerate(statements):
        name = statement.get("Sid", number)
        for kind, path, label, edit in _edits(statement):
            changed = deepcopy(statement)
            edit(changed)
            rest = [*statements[:number], changed, *statements[number + 1 :]]
            yield kind, f"Statement.{path}", f"{name} {label}", {**document, "Statement": rest}
        if statement["Effect"] == "Deny":
            rest = statements[:number] + statements[number + 1 :]
            yield "condition", "Statement.Deny", f"{name} gone", {**document, "Statement": rest}


def _edits(statement: Statement) -> Iterator[tuple[str, str, str, Edit]]:
    if statement["Effect"] == "Deny":
        yield "condition", "Deny.Effect", "allows", lambda one: one.update(Effect="Allow")
        yield "condition", "Deny.Condition", "under a condition that never holds", _never
        if "Resource" in statement:
            yield "resource", "Deny.Resource", "of another resource", lambda one: one.update(Resource=_other_resource)
        return
    yield from _wider(statement)
    for operator, block in statement.get("Condition", {}).items():
        for key, values in block.items():
            yield "condition", f"Condition.{key}", f"without {key}", _without(operator, key)
            if _ACCOUNT.search(str(values)):
                yield "principal", f"Condition.{key}", f"{key} of another account", _foreign(operator, key)
            yield "condition", f"Condition.{key}", f"{key} is anything", _anything(operator, key)


_other_resource = "arn:aws:s3:::other"


def _wider(statement: Statement) -> Iterator[tuple[str, str, str, Edit]]:
    if "Principal" in statement:
        yield "principal", "Principal", "for everyone", lambda one: one.update(Principal="*")
        yield "principal", "Principal", "for another account", lambda one: one.update(Principal={"AWS": _FOREIGN})
        yield (
            "principal",
            "Principal",
            "for another service",
            lambda one: one.update(Principal={"Service": "ec2.amazonaws.com"}),
        )
    if "Action" in statement:
        yield "action", "Action", "every action", lambda one: one.update(Action="*")
        actions = statement["Action"]
        first = actions if isinstance(actions, str) else actions[0]
        if ":" in first:
            service = first.partition(":")[0]
            yield "action", "Action", "every action of the service", lambda one: one.update(Action=f"{service}:*")
            yield (
                "action",
                "Action",
                "with a way to delete",
                lambda one: one.update(Action=[first, f"{service}:Delete*"]),
            )
    if "Resource" in statement and statement["Resource"] != "*" and "Principal" not in statement:
        yield "resource", "Resource", "every resource", lambda one: one.update(Resource="*")
        if _ACCOUNT.search(str(statement["Resource"])):
            yield "resource", "Resource", "of another account", _foreign_resource


def _foreign_resource(statement: Statement) -> None:
    found = statement["Resource"]
    listed = [found] if isinstance(found, str) else found
    statement["Resource"] = [_ACCOUNT.sub("999999999999", one) for one in listed]


def _never(statement: Statement) -> None:
    statement["Condition"] = {"StringEquals": {"aws:PrincipalTag/none": "none"}}


def _without(operator: str, key: str) -> Edit:
    def edit(statement: Statement) -> None:
        del statement["Condition"][operator][key]
        if not statement["Condition"][operator]:
            del statement["Condition"][operator]
        if not statement["Condition"]:
            del statement["Condition"]

    return edit


def _foreign(operator: str, key: str) -> Edit:
    def edit(statement: Statement) -> None:
        values = statement["Condition"][operator][key]
        listed = [values] if isinstance(values, str) else values
        statement["Condition"][operator][key] = [_ACCOUNT.sub("999999999999", one) for one in listed]

    return edit


def _anything(operator: str, key: str) -> Edit:
    def edit(statement: Statement) -> None:
        del statement["Condition"][operator][key]
        statement["Condition"].setdefault("StringLike", {})[key] = "*"
        if not statement["Condition"][operator]:
            del statement["Condition"][operator]

    return edit
