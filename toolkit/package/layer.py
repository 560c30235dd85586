"""The zip of the dependencies, which is cached between builds."""

import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from toolkit.configuration import PackageRules
from toolkit.package import PackageError
from toolkit.package.archive import add_tree, digest
from toolkit.package.interpreter import Interpreter, compile_tree
from toolkit.package.licences import Distribution, distributions, keep_licence_texts
from toolkit.package.operations import Operations
from toolkit.package.target import BuildTarget
from toolkit.package.trimming import trim
from toolkit.package.wheels import install
from toolkit.stacks.errors import FileError
from toolkit.stacks.json_documents import read_json_object

Report = Callable[[str], None]
Install = Callable[[Path, BuildTarget, Path], Mapping[str, str]]
ZIP, RECORD = "layer.zip", "layer.json"


@dataclass(frozen=True)
class Layer:
    """The zip of the dependencies, and what is in it."""

    archive: Path
    packages: list[Distribution]


@cache
def builder_digest() -> str:
    """Return the digest of the code that builds packages: a change of it is a change of every package."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in sources)).hexdigest()


@dataclass(frozen=True)
class LayerInputs:
    """The inputs of the layer."""

    lock: Path
    target: BuildTarget
    interpreter: Interpreter | None
    """None for a layer without bytecode."""
    rules: PackageRules
    operations: Operations
    """The AWS operations whose descriptions are kept."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the inputs."""
        called = (f"{name} {sorted(names)}" for name, names in sorted(self.operations.items()))
        words = [digest(self.lock), str(self.target), str(self.interpreter), builder_digest()]
        words += [zlib.ZLIB_RUNTIME_VERSION, *self.rules.unneeded, *called]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()


def dependency_layer(inputs: LayerInputs, cache: Path, report: Report, unpack: Install = install) -> Layer:
    """Return the layer from `cache`; build it where it is missing or damaged. Raises PackageError."""
    lock, target, interpreter = inputs.lock, inputs.target, inputs.interpreter
    kept = cache / inputs.digest[:32]
    if (layer := _read(kept)) is not None:
        return layer
    shutil.rmtree(kept, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".building-") as working:
        tree, finished = Path(working) / "tree", Path(working) / "layer"
        finished.mkdir()
        report(f"Unpacking the wheels of {lock.name} for {target}")
        if not (packages := distributions(tree, unpack(lock, target, tree))):
            raise PackageError(f"{lock.name} names no package: lock the dependencies again (`make lock`).")
        keep_licence_texts(tree)
        report("Leaving out what the function never needs")
        trim(tree, inputs.rules, inputs.operations)
        if interpreter:
            report(f"Compiling the dependencies with {interpreter}")
            compile_tree(tree, interpreter)
        report("Zipping the dependencies")
        add_tree(finished / ZIP, tree)
        record = {"sha256": digest(finished / ZIP), "packages": [asdict(package) for package in packages]}
        (finished / RECORD).write_text(json.dumps(record))
        try:
            finished.rename(kept)
        except OSError:  # another build was faster, and its layer is equal
            if (layer := _read(kept)) is None:
                raise
            return layer
    return Layer(kept / ZIP, packages)


def _read(folder: Path) -> Layer | None:
    """The layer in `folder`, unless anything of it is missing or damaged."""
    try:
        record = read_json_object(folder / RECORD)
        if digest(folder / ZIP) != record["sha256"]:
            return None
        return Layer(folder / ZIP, [Distribution(**package) for package in record["packages"]])
    except (FileError, OSError, KeyError, TypeError):
        return None
