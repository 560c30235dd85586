"""Which folder may import which, and names that are too vague."""

import ast
import subprocess
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("api", "infrastructure", "policies", "toolkit", "tests")
SHARED = ("toolkit.resource_types", "toolkit.stacks", "toolkit.configuration", "toolkit.private_names")
COMMAND_LINE = ("toolkit.arguments", "toolkit.refusals", "toolkit.projects")
PEERS = ("toolkit.policy", "toolkit.cost", "toolkit.engine", "toolkit.package")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "api": (),
    "infrastructure": ("toolkit.stacks", "toolkit.resource_types", "api.definition"),
    # Values that the pipeline loads by the names in [tool.toolkit] have its types.
    "infrastructure.smoke_checks": ("infrastructure", "api.definition", "toolkit.stacks", "toolkit.pipeline.smoke"),
    "infrastructure.rehearsal_probes": ("api.definition", "toolkit.pipeline.rehearsal"),
    "policies": ("toolkit.policy", "toolkit.cost", "toolkit.resource_types", "toolkit.stacks"),
    "toolkit.private_names": (),
    "toolkit.resource_types": (),
    "toolkit.stacks": ("toolkit.resource_types", "toolkit.private_names"),
    "toolkit.stacks.preview_command": ("toolkit.stacks", *COMMAND_LINE),
    "toolkit.configuration": ("toolkit.stacks",),
    **dict.fromkeys(COMMAND_LINE, (*SHARED, *COMMAND_LINE)),
    **dict.fromkeys(PEERS, (*SHARED, *COMMAND_LINE)),
    **dict.fromkeys(("toolkit.localcloud", "toolkit.pipeline"), (*SHARED, *COMMAND_LINE, *PEERS)),
    "toolkit.new": (*SHARED, *COMMAND_LINE, "toolkit.policy"),
    "toolkit.cli": ("toolkit",),
    "toolkit": (),
}
"""By package, what its modules import besides the package itself; the longest name that fits a module counts."""
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "constants", "misc"}


def tracked_python_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).exists()]


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from toolkit import stacks` imports a module; of another module the names do not matter.
            names = (f".{alias.name}" for alias in node.names) if node.module in OURS else ("",)
            yield from (node.module + name for name in names)


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def name_of(path: Path) -> str:
    """The name by which a module is imported."""
    return path.relative_to(ROOT).as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def forbidden(file: str, modules: Iterator[str]) -> set[str]:
    """The modules of ours that the file imports and may not."""
    importer = name_of(ROOT / file)
    package = max((name for name in MAY_IMPORT if is_in(importer, name)), key=len)
    allowed = (package, *MAY_IMPORT[package])
    ours = {module for module in modules if module.partition(".")[0] in OURS}
    return {module for module in ours if not any(is_in(module, name) for name in allowed)}


def test_imports_follow_the_layers() -> None:
    found = {}
    for path in tracked_python_files():
        file = path.relative_to(ROOT).as_posix()
        if file.partition("/")[0] in OURS[:-1] and (wrong := forbidden(file, imported_modules(path))):
            found[file] = wrong
    assert found == {}


def loaded_at_import(path: Path) -> Iterator[str]:
    """The modules of ours that importing the file loads: packages run their `__init__`, functions run later."""
    pending: list[ast.AST] = [ast.parse(path.read_text())]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            pending += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)


def test_imports_have_no_cycle() -> None:
    modules = {name_of(path): path for path in tracked_python_files() if path.relative_to(ROOT).parts[0] in OURS[:-1]}
    graph: dict[str, set[str]] = {}
    for importer, path in modules.items():
        named = {module for module in loaded_at_import(path) if module in modules}
        packages = {
            ".".join(module.split(".")[:depth]) for module in named for depth in range(1, module.count(".") + 1)
        }
        # A package is loaded before its own modules in any case.
        graph[importer] = {each for each in named | (packages & modules.keys()) if not is_in(importer, each)}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


def test_a_forbidden_import_is_found() -> None:
    assert forbidden("toolkit/stacks/x.py", iter(["toolkit.policy.rule", "toolkit.resource_types.s3", "json"])) == {
        "toolkit.policy.rule"
    }
    assert forbidden("api/x.py", iter(["tests.support", "api.items"])) == {"tests.support"}
    assert forbidden("toolkit/pipeline/x.py", iter(["toolkit.localcloud", "toolkit.engine.runs"])) == {
        "toolkit.localcloud"
    }
    assert forbidden("infrastructure/x.py", iter(["api.definition", "api.main"])) == {"api.main"}


def test_every_name_says_something() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in tracked_python_files()
        if VAGUE_NAMES & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]
    assert vague == []
