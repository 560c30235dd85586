"""`new feature`: a collection of records with its routes, table and tests, declared and served."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from toolkit.new.declaration import APPLICATION, DEFINITION, declare, read_source
from toolkit.new.fields import Field, check_indexes, parse_fields
from toolkit.new.names import check_resource, constant, pascal, singular, snake, words
from toolkit.new.writing import rendered, write_all
from toolkit.stacks.errors import FileError

_MODULES = ("__init__", "feature", "schemas", "repository", "service", "router")
ROUTES = 5
"""The routes of a new feature: list, create, read, replace and delete; callers sign in."""


def new_feature(root: Path, name: str, fields_text: str, indexes: Sequence[str]) -> list[str]:
    """Write a feature and its tests, and declare it; return the names of the files. Raise FileError."""
    check_resource("the feature", name)
    fields = parse_fields(fields_text)
    check_indexes(fields, indexes)
    folder = f"api/{snake(name)}"
    if (root / folder).exists():
        raise FileError(f"The feature {name} exists already: {folder}.")
    values = _values(name, fields, indexes)
    new = {f"{folder}/{module}.py": rendered(f"feature/{module}.py.j2", **values) for module in _MODULES}
    test = f"tests/api/test_{snake(name)}_end_to_end.py"
    new[test] = rendered("feature/test_end_to_end.py.j2", **values)
    new = {path: _without_unused_imports(text) for path, text in new.items()}
    definition = declare(root, constant(name), rendered("feature/definition.py.j2", **values))
    application = read_source(root, APPLICATION)
    application.add_import(f"from api.{snake(name)}.feature import FEATURE as {constant(name)}")
    application.append("FEATURES", f'"{name}": {constant(name)}')
    return write_all(root, new, {DEFINITION: definition, APPLICATION: application.text})


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
