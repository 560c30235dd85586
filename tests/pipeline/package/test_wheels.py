from pathlib import Path

import pytest

from pipeline.package.errors import PackageError
from pipeline.package.target import Target
from pipeline.package.wheels import install
from tests.support.packages import wheel, write

ARM = Target("3.13", "arm64")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels as the only index."""
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path / "index"


def lock(tmp_path: Path, line: str) -> Path:
    return write(tmp_path, {"lambda.txt": line}) / "lambda.txt"


def test_the_wheel_of_the_targets_platform_is_unpacked(tmp_path: Path, index: Path) -> None:
    wheel(index, "greeting", "1.0", "cp313-cp313-manylinux2014_x86_64", {"greeting.py": "MACHINE = 'x86_64'"})
    line = wheel(index, "greeting", "1.0", "cp313-cp313-manylinux2014_aarch64", {"greeting.py": "MACHINE = 'arm64'"})
    install(lock(tmp_path, line), ARM, tmp_path / "tree")
    assert (tmp_path / "tree" / "greeting.py").read_text() == "MACHINE = 'arm64'"


def test_a_dependency_without_a_wheel_for_the_target_is_named(tmp_path: Path, index: Path) -> None:
    line = wheel(index, "greeting", "1.0", "cp313-cp313-win_amd64", {"greeting.py": ""})
    with pytest.raises(PackageError, match=r"^greeting==1\.0 has no wheel for CPython 3\.13 on arm64, Linux: lock a"):
        install(lock(tmp_path, line), ARM, tmp_path / "tree")


def test_a_wheel_that_is_not_the_locked_one_is_refused(tmp_path: Path, index: Path) -> None:
    line = wheel(index, "greeting", "1.0", "py3-none-any", {"greeting.py": ""})
    forged = line[: line.index("sha256:")] + "sha256:" + "0" * 64 + "\n"
    with pytest.raises(PackageError, match=r"uv could not install lambda\.txt .*[Hh]ash"):
        install(lock(tmp_path, forged), ARM, tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_a_lock_without_hashes_is_refused(tmp_path: Path, index: Path) -> None:
    wheel(index, "greeting", "1.0", "py3-none-any", {"greeting.py": ""})
    with pytest.raises(PackageError, match="hash"):
        install(lock(tmp_path, "greeting==1.0\n"), ARM, tmp_path / "tree")
