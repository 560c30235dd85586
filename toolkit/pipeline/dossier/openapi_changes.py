"""Find the changes of the OpenAPI document that break callers of the API."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.pipeline.dossier.openapi_schemas import Schemas, resolved
from toolkit.pipeline.preview.model import Break
from toolkit.pipeline.preview.routes import path_shape
from toolkit.stacks.errors import FileError
from toolkit.stacks.json_documents import parse_json

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
Document = Mapping[str, Any]


@dataclass(frozen=True)
class ContractReport:
    """Breaking changes and new operations; `error` where the documents cannot be compared."""

    breaking: tuple[Break, ...] = ()
    added: tuple[str, ...] = ()
    error: str = ""


def contract_changes(name: str, before: str | None, after: str | None) -> ContractReport:
    """Return the difference of two texts of the OpenAPI document `name`; None is a document that does not exist."""
    if before is None:
        return ContractReport()
    if after is None:
        return ContractReport((Break(name, "the document is removed"),))
    try:
        old, new = parse_json(before, f"{name} of the base"), parse_json(after, name)
        return ContractReport(tuple(dict.fromkeys(breaks(old, new))), tuple(_added(old, new)))
    except FileError as error:
        return ContractReport(error=f"{name} cannot be compared: {error}")
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError) as error:
        return ContractReport(error=f"{name} cannot be compared: {type(error).__name__}.")


def breaks(old: Document, new: Document) -> Iterator[Break]:
    """Yield the breaking changes between two documents."""
    offered = {_place(name, path): (path, operation) for name, path, operation in _operations(new)}
    paths = {path_shape(path) for _, path, _ in _operations(new)}
    for method, path, operation in _operations(old):
        where = f"{method.upper()} {path}"
        match = offered.get(_place(method, path))
        if match is None:
            yield Break(where, "the method is removed" if path_shape(path) in paths else "the path is removed")
            continue
        differences = _Operation(old, new, path, match[0]).breaks(operation, match[1])
        yield from (Break(where, difference) for difference in differences)
    for name, scheme in _schemes(old).items():
        yield from (Break(f"sign-in {name}", what) for what in _scheme_breaks(scheme, _schemes(new).get(name)))


def _added(old: Document, new: Document) -> Iterator[str]:
    known = {_place(method, path) for method, path, _ in _operations(old)}
    for method, path, _ in _operations(new):
        if _place(method, path) not in known:
            yield f"{method.upper()} {path}"


@dataclass(frozen=True)
class _Operation:
    old: Document
    new: Document
    old_path: str
    new_path: str

    def breaks(self, before: Document, after: Document) -> Iterator[str]:
        yield from self._parameters(before, after)
        yield from self._body(before, after)
        yield from self._responses(before, after)
        yield from self._security(before, after)

    def _parameters(self, before: Document, after: Document) -> Iterator[str]:
        was = _parameters(self.old, self.old_path, before)
        now = _parameters(self.new, self.new_path, after)
        for key, parameter in was.items():
            words = f"the {parameter['in']} parameter {parameter['name']}"
            if key not in now:
                yield f"{words} is removed"
                continue
            if now[key].get("required") and not parameter.get("required"):
                yield f"{words} is required now"
            schemas = Schemas(self.old, self.new, "request")
            yield from schemas.breaks(parameter.get("schema", {}), now[key].get("schema", {}), words)
        for key in now.keys() - was.keys():
            if now[key].get("required"):
                yield f"the {now[key]['in']} parameter {now[key]['name']} is new and required"

    def _body(self, before: Document, after: Document) -> Iterator[str]:
        was, now = resolved(before.get("requestBody"), self.old), resolved(after.get("requestBody"), self.new)
        if now.get("required") and not was.get("required"):
            yield "a body is required now"
        if was and not now:
            yield "the body is removed"
            return
        yield from self._contents(was, now, "request", "the body")

    def _responses(self, before: Document, after: Document) -> Iterator[str]:
        now = after.get("responses", {})
        for status, response in before.get("responses", {}).items():
            if status in now:
                was, is_now = resolved(response, self.old), resolved(now[status], self.new)
                yield from self._contents(was, is_now, "response", f"the {status} response")
                yield from self._headers(was, is_now, f"the {status} response")
            elif str(status).startswith("2"):
                yield f"the {status} response is removed"

    def _headers(self, was: Document, now: Document, where: str) -> Iterator[str]:
        offered = {name.lower(): resolved(header, self.new) for name, header in now.get("headers", {}).items()}
        for name, header in was.get("headers", {}).items():
            if name.lower() not in offered:
                yield f"the header {name} of {where} is removed"
            elif resolved(header, self.old).get("required") and not offered[name.lower()].get("required"):
                yield f"the header {name} of {where} may be left out now"

    def _contents(self, was: Document, now: Document, direction: Any, where: str) -> Iterator[str]:
        offered = now.get("content", {})
        for kind, content in was.get("content", {}).items():
            if kind not in offered:
                yield f"{where} is no longer {kind}"
            else:
                schemas = Schemas(self.old, self.new, direction)
                yield from schemas.breaks(content.get("schema", {}), offered[kind].get("schema", {}), where)

    def _security(self, before: Document, after: Document) -> Iterator[str]:
        was = before.get("security", self.old.get("security")) or [{}]
        now = after.get("security", self.new.get("security")) or [{}]
        if any(not any(_enough(have, want) for want in now) for have in was):
            yield f"fewer callers are authorized: {_shown(was)} → {_shown(now)}"


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                yield method, path, {**item[method], "_shared": item.get("parameters", [])}


def _parameters(document: Document, path: str, operation: Document) -> dict[tuple[str, str], Document]:
    """Return the parameters by place and name; a path parameter by its position, as callers do not see its name."""
    positions = {name[1:-1]: str(number) for number, name in enumerate(_PLACEHOLDER.findall(path))}
    found = (resolved(each, document) for each in [*operation["_shared"], *operation.get("parameters", [])])
    return {(str(each["in"]), str(positions.get(each["name"]) or each["name"]).lower()): each for each in found}


def _place(method: str, path: str) -> tuple[str, str]:
    return method, path_shape(path)


def _schemes(document: Document) -> Document:
    schemes: Document = document.get("components", {}).get("securitySchemes", {})
    return schemes


def _scheme_breaks(old: Document, new: Document | None) -> Iterator[str]:
    if new is None:
        yield "the security scheme is removed"
        return
    for word in ("type", "scheme", "in", "name", "openIdConnectUrl"):
        if old.get(word) != new.get(word):
            yield f"its {word} changes: {old.get(word)} → {new.get(word)}"
    flows = new.get("flows", {})
    for name, flow in old.get("flows", {}).items():
        if name not in flows:
            yield f"the flow {name} is removed"
            continue
        yield from (
            f"the scope {scope} is removed" for scope in flow.get("scopes", {}).keys() - flows[name]["scopes"].keys()
        )
        for word in ("authorizationUrl", "tokenUrl"):
            if flow.get(word) != flows[name].get(word):
                yield f"the {word} of {name} changes"


def _enough(have: Mapping[str, list[str]], want: Mapping[str, list[str]]) -> bool:
    """Return whether the credentials of before still satisfy the requirement."""
    return all(name in have and set(scopes) <= set(have[name]) for name, scopes in want.items())


def _shown(security: list[Mapping[str, list[str]]]) -> str:
    ways = (" and ".join(f"{name} {' '.join(scopes)}".strip() for name, scopes in way.items()) for way in security)
    return " or ".join(way or "every caller" for way in ways)
