"""`new feature`: a collection of records with its routes, table and tests, declared and served."""

import ast
import keyword
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from toolkit.new.declaration import APPLICATION, DEFINITION, declare, read_source
from toolkit.new.fields import Field, check_indexes, parse_fields
from toolkit.new.names import check_module, check_resource, constant, pascal, singular, snake, words
from toolkit.new.writing import rendered, write_all
from toolkit.stacks.errors import FileError

_OTHER_NAME = "zebras"
_MODULES = ("__init__", "feature", "schemas", "repository", "service", "router")
ROUTES = 5
"""The routes of a new feature: list, create, read, replace and delete; callers sign in."""


def new_feature(root: Path, name: str, fields_text: str, indexes: Sequence[str]) -> list[str]:
    """Write a feature and its tests, and declare it; return the names of the files. Raise FileError."""
    check_resource("the feature", name)
    fields = parse_fields(fields_text)
    check_indexes(fields, indexes)
    folder = check_module(root, "the feature", name)
    values = _values(name, fields, indexes)
    _check_record_name(name, fields, indexes)
    new = {f"{folder}/{module}.py": rendered(f"feature/{module}.py.j2", **values) for module in _MODULES}
    test = f"tests/api/test_{snake(name)}_end_to_end.py"
    new[test] = rendered("feature/test_end_to_end.py.j2", **values)
    new = {path: _without_unused_imports(text) for path, text in new.items()}
    definition = declare(root, constant(name), rendered("feature/definition.py.j2", **values))
    application = read_source(root, APPLICATION)
    application.add_import(f"from api.{snake(name)}.feature import FEATURE as {constant(name)}")
    application.append("FEATURES", f'"{name}": {constant(name)}')
    return write_all(root, new, {DEFINITION: definition, APPLICATION: application.text})


def _check_record_name(name: str, fields: Sequence[Field], indexes: Sequence[str]) -> None:
    """Check that no name of a record hides one that the modules of every feature use. Raise FileError."""
    one = singular(name)
    other, used = f"{_OTHER_NAME}_", {"None", "True", "False"}
    renamed = [replace(field, name=other + field.name) for field in fields]
    values = _values(_OTHER_NAME, renamed, [other + index for index in indexes])
    for module in _MODULES:
        for node in ast.walk(ast.parse(rendered(f"feature/{module}.py.j2", **values))):
            used.update(_name_of(node))
    if {snake(one), f"_{snake(one)}", pascal(one)} & used or keyword.iskeyword(snake(one)):
        raise FileError(
            f"A record of {name} would be named {snake(one)}, which the modules of a feature use for something else;"
            f" choose another name, such as api-{name}."
        )
    if hasattr(BaseModel, snake(name)):
        raise FileError(f"The feature {name} has the name of a method of each schema; choose another name.")


def _name_of(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return {name}
        case ast.alias():
            return {node.asname or node.name}
        case _:
            return set()


def _values(name: str, fields: Sequence[Field], indexes: Sequence[str]) -> dict[str, Any]:
    """Return what the templates need: the name in each form in which it occurs."""
    one = singular(name)
    article = "an" if one[0] in "aeiou" else "a"
    keys = [{"field": field, "constant": f"{constant(name)}_BY_{field.upper()}"} for field in indexes]
    return {
        "name": name,
        "title": f"{words(name).capitalize()}: a collection of the API",
        "module": snake(name),
        "constant": constant(name),
        "path": f"/api/v1/{name}",
        "prefix": one,
        "records": snake(name),
        "words": words(name),
        "Words": words(name).capitalize(),
        "singular": snake(one),
        "singular_words": words(one),
        "a_singular": f"{article} {words(one)}",
        "A_singular": f"{article.capitalize()} {words(one)}",
        "singular_class": pascal(one),
        "plural_class": pascal(name),
        "id": f"{snake(one)}_id",
        "fields": fields,
        "needs_text_only": any("text_only" in field.type.definition for field in fields),
        "indexes": keys,
        "index_constants": [key["constant"] for key in keys],
    }


def _without_unused_imports(text: str) -> str:
    """Remove imported names that a module does not use: which ones it needs depends on the fields."""
    lines = []
    for line in text.splitlines(keepends=True):
        imported = re.fullmatch(r"(from \S+ import )([\w, ]+)\n", line)
        if imported:
            used = [each for each in imported[2].split(", ") if _uses(text, each) > 1]
            line = f"{imported[1]}{', '.join(used)}\n" if used else ""
        lines.append(line)
    return "".join(lines)


def _uses(text: str, name: str) -> int:
    return len(re.findall(rf"\b{re.escape(name.rpartition(' ')[2])}\b", text))
