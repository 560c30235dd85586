"""Edits of Python source that keep its formatting: statements are found in the syntax tree, and changed as text."""

import ast
from collections.abc import Iterable

from toolkit.stacks.errors import FileError


class Source:
    """The text of a module. Each edit is checked: the result is Python, or FileError is raised."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self.text = path, text
        self._tree = self._parsed()

    def assignment(self, name: str) -> ast.Assign | ast.AnnAssign:
        """Return the statement of the module that assigns a name. Raise FileError."""
        for statement in self._tree.body:
            if name in _assigned(statement) and isinstance(statement, ast.Assign | ast.AnnAssign):
                return statement
        raise FileError(f"{self._path} has no {name} any more; it is where the new part is declared.")

    def has(self, name: str) -> bool:
        """Return whether the module assigns a name."""
        return any(name in _assigned(statement) for statement in self._tree.body)

    def keys_of(self, name: str) -> list[str]:
        """Return the keys of the dictionary that is assigned to a name."""
        value = self.assignment(name).value
        if not isinstance(value, ast.Dict):
            raise FileError(f"{self._path}: {name} is no dictionary.")
        return [str(ast.literal_eval(key)) for key in value.keys if key is not None]

    def insert_before(self, name: str, block: str) -> None:
        """Insert lines before the statement that assigns a name."""
        self._splice(self.assignment(name).lineno - 1, self.assignment(name).lineno - 1, block)

    def add_import(self, line: str) -> None:
        """Add an import, in the order of the names."""
        imports = [node for node in self._tree.body if isinstance(node, ast.ImportFrom | ast.Import)]
        if line in self.text.splitlines():
            return
        package = _imported(line).partition(".")[0]
        own = [node for node in imports if _imported(self._line(node)).partition(".")[0] == package] or imports
        later = [node for node in own if _imported(self._line(node)).lower() > _imported(line).lower()]
        at = later[0].lineno - 1 if later else (own[-1].end_lineno or own[-1].lineno)
        self._splice(at, at, f"{line}\n")

    def append(self, name: str, element: str) -> None:
        """Append an element to the tuple, list or dictionary that is assigned to a name."""
        value = self.assignment(name).value
        self._append_to(value, element, name)

    def remove_names(self, names: Iterable[str]) -> None:
        """Remove the assignments of names, and the imports that bind them, with the comments and texts of them."""
        removed = set(names)
        spans: list[tuple[int, int]] = []
        for index, node in enumerate(self._tree.body):
            if not (_assigned(node) & removed or _bound(node) & removed):
                continue
            last = node
            if index + 1 < len(self._tree.body) and _is_text(self._tree.body[index + 1]):
                last = self._tree.body[index + 1]
            spans.append((node.lineno - 1, last.end_lineno or last.lineno))
        for start, end in reversed(spans):
            self._splice(start, end, "")

    def remove_elements(self, name: str, removed: Iterable[str]) -> None:
        """Remove elements from the tuple or dictionary that is assigned to a name: by variable or key."""
        value, gone = self.assignment(name).value, set(removed)
        if isinstance(value, ast.Dict):
            kept = [
                f"{ast.unparse(key)}: {ast.unparse(each)}".replace("'", '"')
                for key, each in zip(value.keys, value.values, strict=True)
                if key is not None and ast.literal_eval(key) not in gone
            ]
            written = f"{{{', '.join(kept)}}}"
        elif isinstance(value, ast.Tuple):
            names = [ast.unparse(each) for each in value.elts if ast.unparse(each) not in gone]
            written = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
        else:
            raise FileError(f"{self._path}: {name} is neither a tuple nor a dictionary.")
        start, end = _position(value, self.text), _position(value, self.text, end=True)
        self._replace(self.text[:start] + written + self.text[end:])

    def unused_private_names(self) -> set[str]:
        """Return the private names that the module assigns and does not use."""
        used = {
            node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        assigned = {name for statement in self._tree.body for name in _assigned(statement)}
        return {name for name in assigned if name.startswith("_") and not name.startswith("__")} - used

    def _append_to(self, value: ast.expr | None, element: str, name: str) -> None:
        if not isinstance(value, ast.Tuple | ast.List | ast.Dict):
            raise FileError(f"{self._path}: {name} is neither a tuple, a list nor a dictionary.")
        end = _position(value, self.text, end=True) - 1
        before = self.text[:end].rstrip()
        space = "" if before.endswith(("(", "[", "{")) else " " if before.endswith(",") else ", "
        last = "," if isinstance(value, ast.Tuple) else ""
        self._replace(f"{before}{space}{element}{last if not value_has_two(value) else ''}{self.text[end:]}")

    def _line(self, node: ast.stmt) -> str:
        return self.text.splitlines()[node.lineno - 1]

    def _splice(self, start: int, end: int, block: str) -> None:
        lines = self.text.splitlines(keepends=True)
        self._replace("".join((*lines[:start], block, *lines[end:])))

    def _replace(self, text: str) -> None:
        self.text = text
        self._tree = self._parsed()

    def _parsed(self) -> ast.Module:
        try:
            return ast.parse(self.text)
        except SyntaxError as error:
            raise FileError(f"{self._path} is not Python: line {error.lineno}: {error.msg}.") from None


def value_has_two(value: ast.expr) -> bool:
    """Return whether a tuple needs no comma at its end after one more element."""
    return not isinstance(value, ast.Tuple) or len(value.elts) >= 1


def _assigned(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return set()
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.ImportFrom):
        return {alias.asname or alias.name for alias in statement.names}
    return set()


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _imported(line: str) -> str:
    return line.split()[1] if line.startswith(("import ", "from ")) else ""


def _position(node: ast.expr, text: str, *, end: bool = False) -> int:
    line, column = (node.end_lineno, node.end_col_offset) if end else (node.lineno, node.col_offset)
    lines = text.splitlines(keepends=True)
    row = (line or 1) - 1
    inside = len(lines[row].encode()[:column].decode())
    return sum(map(len, lines[:row])) + inside
