from pathlib import Path

import pytest

from tests.support.packages import wheel, write
from toolkit.package import PackageError
from toolkit.package.target import BuildTarget
from toolkit.package.wheels import install

ARM = BuildTarget("3.13", "arm64")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels as the only index."""
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path / "index"


def lock(tmp_path: Path, line: str) -> Path:
    return write(tmp_path, {"lambda.txt": line}) / "lambda.txt"


def test_wheel_of_the_targets_platform_is_unpacked(tmp_path: Path, index: Path) -> None:
    wheel(index, "greeting", "1.0", "cp313-cp313-manylinux2014_x86_64", {"greeting.py": "MACHINE = 'x86_64'"})
    line = wheel(index, "greeting", "1.0", "cp313-cp313-manylinux2014_aarch64", {"greeting.py": "MACHINE = 'arm64'"})
    install(lock(tmp_path, line), ARM, tmp_path / "tree")
    assert (tmp_path / "tree" / "greeting.py").read_text() == "MACHINE = 'arm64'"


def sha256(line: str) -> str:
    return line.strip().rpartition("sha256:")[2]


@pytest.mark.parametrize("glibc", ["2_17", "2_28", "2_34"])
def test_wheel_for_the_c_library_of_lambda_or_an_older_one_is_selected(tmp_path: Path, index: Path, glibc: str) -> None:
    line = wheel(index, "pillow", "12.0", f"cp313-cp313-manylinux_{glibc}_aarch64", {"PIL.py": ""})
    install(lock(tmp_path, line), ARM, tmp_path / "tree")
    assert (tmp_path / "tree" / "PIL.py").exists()


@pytest.mark.parametrize("tag", ["manylinux_2_35_aarch64", "musllinux_1_2_aarch64"])
def test_wheel_for_a_newer_or_another_c_library_is_refused(tmp_path: Path, index: Path, tag: str) -> None:
    line = wheel(index, "pillow", "12.0", f"cp313-cp313-{tag}", {"PIL.py": ""})
    with pytest.raises(
        PackageError, match=r"^pillow==12\.0 has no wheel for CPython 3\.13 on arm64, Linux with glibc "
    ):
        install(lock(tmp_path, line), ARM, tmp_path / "tree")


def test_hash_is_that_of_the_wheel_that_was_installed(tmp_path: Path, index: Path) -> None:
    tags = ("manylinux2014_x86_64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64")
    wheels = {tag: wheel(index, "Fast_Greeting", "1.0", f"cp313-cp313-{tag}", {"greeting.py": tag}) for tag in tags}
    pure = wheel(index, "words", "2.0", "py3-none-any", {"words.py": ""})
    hashes = " ".join(f"--hash=sha256:{sha256(line)}" for line in wheels.values())
    hashed = install(lock(tmp_path, f"Fast_Greeting==1.0 {hashes}\n{pure}"), ARM, tmp_path / "tree")
    taken = (tmp_path / "tree" / "greeting.py").read_text()
    assert hashed == {"fast-greeting": sha256(wheels[taken]), "words": sha256(pure)}


def test_dependency_without_a_wheel_for_the_target_is_reported_by_name(tmp_path: Path, index: Path) -> None:
    line = wheel(index, "greeting", "1.0", "cp313-cp313-win_amd64", {"greeting.py": ""})
    with pytest.raises(
        PackageError, match=r"^greeting==1\.0 has no wheel for CPython 3\.13 on arm64, Linux with glibc 2\.34: lock a"
    ):
        install(lock(tmp_path, line), ARM, tmp_path / "tree")


def test_wheel_that_is_not_the_locked_one_is_refused(tmp_path: Path, index: Path) -> None:
    line = wheel(index, "greeting", "1.0", "py3-none-any", {"greeting.py": ""})
    forged = line[: line.index("sha256:")] + "sha256:" + "0" * 64 + "\n"
    with pytest.raises(PackageError, match=r"uv could not install lambda\.txt .*[Hh]ash"):
        install(lock(tmp_path, forged), ARM, tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_lock_without_hashes_is_refused(tmp_path: Path, index: Path) -> None:
    wheel(index, "greeting", "1.0", "py3-none-any", {"greeting.py": ""})
    with pytest.raises(PackageError, match="hash"):
        install(lock(tmp_path, "greeting==1.0\n"), ARM, tmp_path / "tree")
