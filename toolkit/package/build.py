"""Build the package of a stack: the dependency layer and the code of the service."""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.configuration import PackageRules, configuration
from toolkit.package import PackageError, manifest
from toolkit.package.archive import add_tree, digest, sorted_files
from toolkit.package.checks import check
from toolkit.package.interpreter import Interpreter, compile_tree, find_interpreter
from toolkit.package.layer import Install, LayerInputs, Report, dependency_layer
from toolkit.package.operations import operations_of
from toolkit.package.target import BuildTarget
from toolkit.package.wheels import install
from toolkit.stacks.files import output_file

IGNORED_FILES = shutil.ignore_patterns("__pycache__", ".*")


@dataclass(frozen=True)
class Package:
    """A package in place: its record, and whether this build had to make it."""

    record: dict[str, Any]
    is_new: bool


@dataclass(frozen=True)
class BuildRequest:
    """The input of a build: checkout, name of the stack, target, and whether to compile bytecode."""

    root: Path
    stack: str
    target: BuildTarget
    bytecode: bool = True
    rules: PackageRules = field(default_factory=lambda: configuration().package)

    @property
    def source(self) -> Path:
        """The folder with the code of the service."""
        return self.root / self.rules.sources

    @property
    def layer(self) -> LayerInputs:
        """The inputs of the dependency layer. Raises PackageError: no interpreter, or a source that cannot be read."""
        interpreter = find_interpreter(self.target) if self.bytecode else None
        operations = operations_of(self.source, self.rules.aws_operations)
        return LayerInputs(self.root / self.rules.requirements, self.target, interpreter, self.rules, operations)


def build(request: BuildRequest, report: Report, unpack: Install = install) -> Package:
    """Make build/<stack>/function.zip and package.json; unchanged inputs are not built again.

    Raises PackageError, and leaves the package that was there, if anything is wrong.
    """
    source, rules = request.source, request.rules
    for name in (rules.sources, rules.requirements):
        if not (request.root / name).exists():
            raise PackageError(f"{name} is missing: run this in the root of the checkout.")
    layer_inputs = request.layer
    interpreter = layer_inputs.interpreter
    folder = output_file(request.root, request.stack)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as working:
        tree = Path(working) / "tree"
        _check_source(source)
        shutil.copytree(source, tree / rules.sources, ignore=IGNORED_FILES)
        inputs = _inputs(tree, layer_inputs)
        record = manifest.read_if_valid(folder / "package.json", request.root)
        if record and record.get("inputs") == inputs:
            return Package(record, is_new=False)
        layer = dependency_layer(layer_inputs, request.root / "build" / "cache", report, unpack)
        report(f"Adding {rules.sources}/")
        archive = Path(working) / "function.zip"
        shutil.copyfile(layer.archive, archive)
        _add_own_code(archive, tree, interpreter)
        report("Checking the package")
        check(archive, request.target, interpreter)
        place = f"build/{request.stack}/function.zip"
        record = manifest.describe(archive, place, inputs, request.target, interpreter, layer.packages)
        archive.replace(folder / "function.zip")
        manifest.write(folder / "package.json", record)
    return Package(record, is_new=True)


def inputs_of(request: BuildRequest) -> str:
    """Return the digest of all that a package built now would be made of. Raises PackageError."""
    layer_inputs = request.layer
    with tempfile.TemporaryDirectory(prefix="inputs-") as working:
        tree = Path(working) / "tree"
        shutil.copytree(request.source, tree / request.rules.sources, ignore=IGNORED_FILES)
        return _inputs(tree, layer_inputs)


def _check_source(source: Path) -> None:
    """Raise PackageError for a file of ours that a zip cannot hold, or that is not a file of the checkout."""
    for folder, names, files in os.walk(source):
        ignored = IGNORED_FILES(folder, [*names, *files])
        names[:] = [name for name in names if name not in ignored]
        for name in [*names, *files]:
            path = Path(folder, name)
            shown = f"{source.name}/{path.relative_to(source)}"
            if name in ignored:
                continue
            if not shown.isprintable():
                raise PackageError(f"{shown!r} is not a printable name: rename the file.")
            if path.is_symlink():
                raise PackageError(f"{shown} is a symbolic link: put the file itself there.")
            if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
                raise PackageError(f"{shown} is neither a file nor a folder: remove it.")


def _add_own_code(archive: Path, tree: Path, interpreter: Interpreter | None) -> None:
    if interpreter:
        compile_tree(tree, interpreter)
    add_tree(archive, tree)


def _inputs(tree: Path, layer: LayerInputs) -> str:
    """Return the digest of everything that the package is made of: the sources and the inputs of the layer."""
    lines = [layer.digest, *(f"{name} {digest(path)}" for path, name in sorted_files(tree))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
