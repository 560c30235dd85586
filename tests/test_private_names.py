"""Private names of other libraries: each use is listed with its library and reason, and each name exists."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, tracked_python_files
from toolkit.private_names import PrivateNameError, require_private_names

OURS = {"api", "infrastructure", "policies", "toolkit"}
DISTRIBUTIONS = packages_distributions()
PUBLIC = {"_replace", "_asdict", "_fields", "_make"}  # of named tuples


@dataclass(frozen=True)
class PrivateUse:
    """A file's use of private names, where the file does not check them itself."""

    file: str
    library: str
    names: tuple[str, ...]
    why: str


REGISTRY = (
    PrivateUse(
        "api/cold_start/pydantic.py",
        "typing-extensions",
        ("typing_extensions:TypedDict",),
        "pydantic's core declares some eighty TypedDicts at import; plain dictionaries in their place take no time",
    ),
    PrivateUse(
        "toolkit/localcloud/runtime/worker.py",
        "awslambdaric",
        (
            "awslambdaric.lambda_runtime_client:BaseLambdaRuntimeClient",
            "awslambdaric.lambda_runtime_client:BaseLambdaRuntimeClient.call_rapid",
        ),
        "the program text of a worker puts a secret before each path of the Runtime API",
    ),
    PrivateUse(
        "toolkit/stacks/callbacks.py",
        "pulumi",
        ("pulumi.runtime._callbacks", "pulumi.runtime._callbacks:_CallbackServicer"),
        "the SDK offers no other way to register transforms and hooks without an engine",
    ),
    PrivateUse(
        "toolkit/stacks/prompt_answers.py",
        "pulumi",
        ("pulumi._types",),
        "the SDK compiles each access to a property; only its module tells whether a frame is its own",
    ),
    PrivateUse(
        "toolkit/policy/pack_server.py",
        "pulumi-policy",
        ("pulumi_policy.policy:_PolicyAnalyzerServicer",),
        "PolicyPack creates its servicer from this name",
    ),
    PrivateUse(
        "toolkit/policy/crossguard.py",
        "pulumi-policy",
        ("pulumi_policy.proxy:_is_unknown",),
        "the SDK raises an error for an unknown value; only this tells that one is unknown",
    ),
    PrivateUse(
        "toolkit/localcloud/provider/nested.py",
        "pulumi",
        (
            "pulumi._types:input_type_py_to_pulumi_names",
            "pulumi._types:input_type_types",
            "pulumi._types:is_input_type",
            "pulumi._types:unwrap_type",
        ),
        "the SDK's input types are the only description of nested properties in Python",
    ),
)


def product_files() -> list[Path]:
    return [path for path in tracked_python_files() if path.relative_to(ROOT).parts[0] in OURS]


def declared(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Library and name of each name that a file passes to `require_private_names`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "require_private_names":
            library, *names = [ast.literal_eval(argument) for argument in node.args]
            yield from ((library, name) for name in names)


def added(tree: ast.Module) -> set[str]:
    """The last part of each name that a file adds to a library, by its constant ADDED_NAMES."""
    return {
        str(name).rpartition(".")[2]
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ADDED_NAMES"
        for name in ast.literal_eval(node.value)
    }


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC


def is_foreign(module: str) -> bool:
    root = module.partition(".")[0]
    return root not in OURS and root not in sys.stdlib_module_names


class Uses(ast.NodeVisitor):
    """The private names of other libraries in one file: imported, read, or assigned to."""

    def __init__(self, tree: ast.AST) -> None:
        self.found: set[str] = set()
        self._own = {
            *(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)),
            *(
                node.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in {"self", "cls"}
            ),
            *(
                node.target.id
                for node in ast.walk(tree)
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            ),
        }
        self._imported: dict[str, str] = {}
        self.visit(tree)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._imported[alias.asname or alias.name.partition(".")[0]] = alias.name
            if is_foreign(alias.name) and any(map(is_private, alias.name.split("."))):
                self.found.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            self._imported[alias.asname or alias.name] = module
            if is_foreign(module) and any(map(is_private, [*module.split("."), alias.name])):
                self.found.add(alias.name)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(each, ast.Attribute) and self._is_imported(each.value):
                    self.found.add(each.attr)
                elif isinstance(each, ast.Name):
                    self._alias(each.id, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name) and node.value is not None:
            self._alias(node.target.id, node.value)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        base = node.value
        imported = self._imported.get(base.id) if isinstance(base, ast.Name) else None
        own = imported is not None and not is_foreign(imported)
        if is_private(node.attr) and not own and node.attr not in self._own:
            self.found.add(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Find the method that `wrap(class, "method", replacement)` replaces."""
        if isinstance(node.func, ast.Name) and node.func.id == "wrap" and self._is_imported(node.args[0]):
            self.found.add(ast.literal_eval(node.args[1]))
        self.generic_visit(node)

    def _alias(self, name: str, value: ast.expr) -> None:
        if isinstance(value, ast.Name) and value.id in self._imported:
            self._imported[name] = self._imported[value.id]
        elif isinstance(value, ast.Attribute) and self._is_imported(value.value):
            self._imported[name] = "of.another"

    def _is_imported(self, base: ast.expr) -> bool:
        return isinstance(base, ast.Name) and base.id in self._imported and is_foreign(self._imported[base.id])


def listed_in(file: str, tree: ast.AST) -> Mapping[str, str]:
    """The library of each name that is listed for a file, by the name's last part."""
    rows = [(use.library, name) for use in REGISTRY if use.file == file for name in use.names]
    return {name.replace(":", ".").rpartition(".")[2]: library for library, name in [*rows, *declared(tree)]}


def unlisted(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    file = path.relative_to(ROOT).as_posix()
    return Uses(tree).found - listed_in(file, tree).keys() - added(tree)


def test_each_use_of_a_private_name_is_listed() -> None:
    missing = {str(path.relative_to(ROOT)): names for path in product_files() if (names := unlisted(path))}
    assert missing == {}, "list them by require_private_names in the file, or in REGISTRY"


def test_each_file_of_the_registry_exists() -> None:
    assert [use.file for use in REGISTRY if not (ROOT / use.file).is_file()] == []


def moto_imports() -> Iterator[str]:
    """Every name that a product file imports from moto, whose modules are all undocumented."""
    for path in product_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "moto":
                yield from (f"{node.module}:{alias.name}" for alias in node.names)


def every_name() -> list[tuple[str, str]]:
    named = {(use.library, name) for use in REGISTRY for name in use.names}
    for path in product_files():
        named |= set(declared(ast.parse(path.read_text())))
    return sorted(named | {("moto", name) for name in moto_imports()})


@pytest.mark.parametrize(("library", "name"), every_name())
def test_private_name_exists_in_the_installed_library(library: str, name: str) -> None:
    require_private_names(library, name)
    top = name.partition(":")[0].partition(".")[0]
    assert library in {distribution.replace("_", "-") for distribution in DISTRIBUTIONS[top]}


def test_missing_private_name_is_reported_with_library_and_version() -> None:
    with pytest.raises(PrivateNameError, match=r"^moto \d+\.\d+\S* has no moto\.s3\.models:FakeBucket\.gone, "):
        require_private_names("moto", "moto.s3.models:FakeBucket.gone")
