"""What `iam.get_policy_document` returns: the policy as the AWS provider writes it.

One value is a text, several are a list in descending order; the values of conditions keep theirs. Statements of an
override replace those with their Sid
(https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_model.go, read 2026-11-30).
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

_VERSION = "2012-10-17"
_LISTS = (
    ("actions", "Action"),
    ("notActions", "NotAction"),
    ("resources", "Resource"),
    ("notResources", "NotResource"),
)
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}  # as Go writes JSON


def policy_document(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document as `json` and `minifiedJson`, beside the arguments.

    Raises LookupError, as the provider does, where two statements have one Sid or a source is not a JSON object.
    """
    document: dict[str, Any] = {}
    seen: set[str] = set()
    for source in _documents(args, "sourcePolicyDocuments"):
        _refuse_repeated_sids(_statements(source), seen)
        _merge(document, source)
    own = [_statement(one) for one in args.get("statements") or ()]
    _refuse_repeated_sids(own, set())
    current = {"Version": args.get("version", _VERSION), "Id": args.get("policyId", ""), "Statement": own}
    _merge(document, current)
    for override in _documents(args, "overridePolicyDocuments"):
        _merge(document, override)
    ordered = {key: document[key] for key in ("Version", "Id", "Statement") if document.get(key)}
    text = _escaped(json.dumps(ordered, indent=2, ensure_ascii=False))
    return {
        **args,
        "version": args.get("version", _VERSION),
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": _escaped(json.dumps(ordered, separators=(",", ":"), ensure_ascii=False)),
    }


def _documents(args: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = []
    for number, text in enumerate(args.get(key) or ()):
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise LookupError(f"{key}[{number}] is not a JSON object")
        found.append({**document, "Statement": [_normal(one) for one in _statements(document)]})
    return found


def _statements(document: Mapping[str, Any]) -> list[Any]:
    found = document.get("Statement") or []
    return found if isinstance(found, list) else [found]


def _normal(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement of a source in the order of keys that the provider writes."""
    order = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal")
    kept = {key: statement[key] for key in order if statement.get(key)}
    for key in ("Principal", "NotPrincipal"):
        if isinstance(kept.get(key), dict):
            kept[key] = {type_: _descending(value) for type_, value in sorted(kept[key].items())}
    condition = {
        test: {name: _condition_value(value) for name, value in sorted(variables.items())}
        for test, variables in sorted((statement.get("Condition") or {}).items())
    }
    return {**kept, "Condition": condition} if condition else kept


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": given.get("sid", ""), "Effect": given.get("effect", "Allow")}
    for key, name in _LISTS:
        if values := given.get(key):
            made[name] = _sorted(values if "ctions" in key else map(_variables, values))
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if principals := given.get(key):
            made[name] = _principals(principals)
    if conditions := given.get("conditions"):
        made["Condition"] = _conditions(conditions)
    return {key: value for key, value in made.items() if value}


def _principals(given: Sequence[Mapping[str, Any]]) -> Any:
    by_type: dict[str, list[str]] = {}
    for one in given:
        by_type.setdefault(one["type"], []).extend(sorted(set(map(_variables, one["identifiers"])), reverse=True))
    if by_type == {"*": ["*"]}:
        return "*"
    return {type_: _single(by_type[type_]) for type_ in sorted(by_type)}


def _conditions(given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, dict[str, list[str]]] = {}
    for one in given:
        values = found.setdefault(one["test"], {}).setdefault(one["variable"], [])
        values += [_variables(value) for value in one["values"]]
    return {
        test: {name: _single(values) for name, values in sorted(variables.items())}
        for test, variables in sorted(found.items())
    }


def _merge(document: dict[str, Any], new: Mapping[str, Any]) -> None:
    document["Id"] = new.get("Id") or document.get("Id", "")
    document["Version"] = max(str(new.get("Version", "")), document.get("Version", ""))
    statements: list[Any] = document.setdefault("Statement", [])
    for statement in new.get("Statement", ()):
        sid = statement.get("Sid")
        places = [number for number, other in enumerate(statements) if sid and other.get("Sid") == sid]
        if places:
            statements[places[0]] = statement
        else:
            statements.append(statement)


def _refuse_repeated_sids(statements: Sequence[Mapping[str, Any]], seen: set[str]) -> None:
    for sid in filter(None, (statement.get("Sid") for statement in statements)):
        if sid in seen:
            raise LookupError(f"two statements have the Sid {sid}; give each its own")
        seen.add(sid)


def _variables(value: Any) -> str:
    """Return a value with the provider's form of IAM variables, `&{aws:username}`, replaced by IAM's."""
    return str(value).replace("&{", "${")


def _sorted(values: Any) -> Any:
    return _single(sorted(set(values), reverse=True))


def _single(values: Any) -> Any:
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _descending(values: Any) -> Any:
    return sorted(values, reverse=True) if isinstance(values, list) else values


def _condition_value(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else _single(value)


def _escaped(text: str) -> str:
    for character, escape in _ESCAPED.items():
        text = text.replace(character, escape)
    return text
