"""Check a finished zip for content that Lambda rejects or that fails at run time."""

import re
import sys
from pathlib import Path
from zipfile import ZipFile

from toolkit.package import PackageError
from toolkit.package.archive import ELF, SHARED_OBJECT
from toolkit.package.interpreter import Interpreter
from toolkit.package.target import BuildTarget

ZIPPED_LIMIT = 50_000_000  # of a zip that is handed over directly
UNPACKED_LIMIT = 250_000_000
HEAD = 20  # bytes: of an ELF file, up to its machine
CLASS_64_LITTLE_ENDIAN = b"\x02\x01"
ELF_MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}
MACH_O = {b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce"}
UNIVERSAL = {b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"}
"""Several Mach-O files in one, such as in a wheel for universal2; Java's classes begin with the first one, too."""
MOST_MACHINES = 44
"""In a universal file; a Java class has its version there, which is 45 or more."""
UNCHECKED_HASH = 0b01
EXTENSION_TAG = re.compile(r"\.(cpython-\d+)[a-z]*-|\.(abi3)\.so$")


def check(archive: Path, target: BuildTarget, interpreter: Interpreter | None) -> None:
    """Raise PackageError for the first mistake in `archive`."""
    zipped = archive.stat().st_size
    if zipped > ZIPPED_LIMIT:
        raise PackageError(_too_big(zipped, "zipped", ZIPPED_LIMIT))
    with ZipFile(archive) as zipfile:
        entries = zipfile.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > UNPACKED_LIMIT:
            raise PackageError(_too_big(unpacked, "unpacked", UNPACKED_LIMIT))
        names = {entry.filename for entry in entries}
        for name in sorted(names):
            with zipfile.open(name) as file:
                head = file.read(HEAD)
            if SHARED_OBJECT.search(name) or _is_native(head):
                _check_native(name, head, target)
            elif name.endswith(".pyc"):
                _check_bytecode(name, head, interpreter)
            elif name.endswith(".py") and interpreter:
                _check_compiled(name, names, target)


def _too_big(size: int, how: str, limit: int) -> str:
    return f"The package is {size / 1e6:.1f} MB {how}; Lambda takes at most {limit / 1e6:.0f} MB: remove a dependency."


def _is_native(head: bytes) -> bool:
    """Return whether these first bytes of a file are those of a program or a library of Linux or macOS."""
    if head[:4] in UNIVERSAL:
        return int.from_bytes(head[4:8], "big") <= MOST_MACHINES
    return head[:4] == ELF or head[:4] in MACH_O


def _check_native(name: str, head: bytes, target: BuildTarget) -> None:
    """Check a program or a library, whatever its name: its interface, its format, its machine."""
    tag = EXTENSION_TAG.search(name)
    abi = tag and (tag.group(1) or tag.group(2))
    if abi and abi not in {target.abi, "abi3"}:
        raise PackageError(
            f"{name} is built for {abi}, but the function runs {target.abi}: clear the cache with `make clean`."
        )
    if target.is_host and sys.platform != "linux":
        return  # the machine's own format; only Linux has ELF
    if head[:4] != ELF:
        raise PackageError(f"{name} is not an ELF file, so Linux cannot load it: lock a version with a Linux wheel.")
    machine = "another machine"
    if head[4:6] == CLASS_64_LITTLE_ENDIAN:
        machine = ELF_MACHINES.get(int.from_bytes(head[18:20], "little"), machine)
    if machine != target.architecture:
        raise PackageError(
            f"{name} is built for {machine}, but the function runs on {target.architecture}: lock another version."
        )


def _check_bytecode(name: str, head: bytes, interpreter: Interpreter | None) -> None:
    if interpreter is None:
        raise PackageError(f"{name} is bytecode, but the package was requested without bytecode.")
    if head[:4] != interpreter.magic:
        raise PackageError(
            f"{name} is not bytecode of {interpreter}: the function would ignore it; build again after `make clean`."
        )
    if int.from_bytes(head[4:8], "little") != UNCHECKED_HASH:
        raise PackageError(f"{name} is not unchecked-hash bytecode: its use would depend on file dates.")


def _check_compiled(name: str, names: set[str], target: BuildTarget) -> None:
    folder, _, file = name.rpartition("/")
    compiled = f"{folder}/__pycache__/{file.removesuffix('.py')}.{target.abi}.pyc".lstrip("/")
    if compiled not in names:
        raise PackageError(f"{name} was not compiled: the function would compile it at every cold start.")
