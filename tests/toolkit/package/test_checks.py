import importlib.util
import struct
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.packages import elf
from toolkit.package import PackageError, checks
from toolkit.package.checks import check
from toolkit.package.interpreter import Interpreter
from toolkit.package.target import BuildTarget

ARM = BuildTarget("3.13", "arm64")
MAGIC = b"\xf3\x0d\x0d\x0a"
CPYTHON = Interpreter(Path(sys.executable), "3.13.0", MAGIC)
PYC = MAGIC + struct.pack("<I", 1) + bytes(8)


def archive(tmp_path: Path, files: dict[str, bytes]) -> Path:
    path = tmp_path / "function.zip"
    with ZipFile(path, "w") as zipfile:
        for name, content in files.items():
            zipfile.writestr(name, content)
    return path


def test_valid_package_passes(tmp_path: Path) -> None:
    files = {
        "a.py": b"",
        "__pycache__/a.cpython-313.pyc": PYC,
        "b/c.py": b"",
        "b/__pycache__/c.cpython-313.pyc": PYC,
        "b/d.cpython-313-aarch64-linux-gnu.so": elf("arm64"),
        "b/e.abi3.so": elf("arm64"),
        "b/Java.class": b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(60),
    }
    check(archive(tmp_path, files), ARM, CPYTHON)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"a.cpython-313-aarch64-linux-gnu.so": elf("x86_64")},
            "a.* is built for x86_64, but the function runs on arm64",
        ),
        (
            {"a.cpython-312-aarch64-linux-gnu.so": elf("arm64")},
            "is built for cpython-312, but the function runs cpython-313",
        ),
        ({"a.libs/libb-1a2b.so.1.2": elf("x86_64")}, "libb-1a2b.so.1.2 is built for x86_64, but"),
        ({"a/tools/convert": elf("x86_64")}, "a/tools/convert is built for x86_64, but the function runs on arm64"),
        ({"a/tool": elf("arm64")[:4] + b"\x01" + elf("arm64")[5:]}, "a/tool is built for another machine"),
        ({"a/tool": b"\x7fELF"}, "a/tool is built for another machine"),
        ({"a/tool": b"\xcf\xfa\xed\xfe" + bytes(30)}, "a/tool is not an ELF file"),
        ({"a/tool": b"\xca\xfe\xba\xbe" + (2).to_bytes(4, "big") + bytes(60)}, "a/tool is not an ELF file"),
        ({"a.cpython-313-darwin.so": b"\xcf\xfa\xed\xfe" + bytes(30)}, "not an ELF file"),
        (
            {"a.py": b"", "__pycache__/a.cpython-313.pyc": b"\xcb\x0d\x0d\x0a" + PYC[4:]},
            "not bytecode of CPython 3.13.0",
        ),
        ({"a.py": b"", "__pycache__/a.cpython-313.pyc": PYC[:4] + bytes(12)}, "not unchecked-hash bytecode"),
        ({"a.py": b"", "__pycache__/a.cpython-313.pyc": PYC[:4] + struct.pack("<I", 3)}, "not unchecked-hash bytecode"),
        ({"a.py": b"", "__pycache__/a.cpython-313.pyc": PYC[:4]}, "not unchecked-hash bytecode"),
        ({"a.py": b"", "__pycache__/a.cpython-312.pyc": PYC}, "a.py was not compiled"),
    ],
)
def test_package_that_would_fail_in_lambda_is_refused(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    with pytest.raises(PackageError, match=words):
        check(archive(tmp_path, files), ARM, CPYTHON)


def test_compiled_file_in_a_package_without_bytecode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="is bytecode, but the package was requested without bytecode"):
        check(archive(tmp_path, {"__pycache__/a.cpython-313.pyc": PYC}), ARM, None)


@pytest.mark.parametrize(
    ("limit", "words"),
    [("ZIPPED_LIMIT", r"MB zipped; Lambda takes at most"), ("UNPACKED_LIMIT", r"MB unpacked; Lambda takes at most")],
)
def test_package_over_lambdas_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(checks, limit, 100)
    with pytest.raises(PackageError, match=words):
        check(archive(tmp_path, {"a.txt": bytes(200)}), ARM, None)


def test_size_limits_equal_those_of_lambda() -> None:
    assert (checks.ZIPPED_LIMIT, checks.UNPACKED_LIMIT) == (50_000_000, 250_000_000)


def test_compiled_file_starts_with_the_magic_number_of_the_interpreter() -> None:
    assert len(importlib.util.MAGIC_NUMBER) == len(MAGIC)
