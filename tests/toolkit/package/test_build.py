import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.packages import checkout, elf, unpack, write
from toolkit.package import PackageError
from toolkit.package.archive import digest
from toolkit.package.build import BuildRequest, build
from toolkit.package.target import BuildTarget

TAG = sys.implementation.cache_tag
SILENT: list[str] = []


def make(root: Path, *, bytecode: bool = True) -> dict[str, object]:
    return dict(build(BuildRequest(root, "local", BuildTarget.host(), bytecode), SILENT.append, unpack).record)


def steps_of(root: Path) -> list[str]:
    steps: list[str] = []
    build(BuildRequest(root, "local", BuildTarget.host()), steps.append, unpack)
    return steps


def test_package_has_only_compiled_code_and_dependencies(tmp_path: Path) -> None:
    make(checkout(tmp_path))
    assert sorted(ZipFile(tmp_path / "build/local/function.zip").namelist()) == [
        "api/__init__.py",
        f"api/__pycache__/__init__.{TAG}.pyc",
        f"api/__pycache__/lambda_handler.{TAG}.pyc",
        "api/lambda_handler.py",
        "greeting/__init__.py",
        f"greeting/__pycache__/__init__.{TAG}.pyc",
        f"greeting/__pycache__/words.{TAG}.pyc",
        f"greeting/fast.{TAG}-linux-gnu.so",
        "greeting/words.py",
        "licenses/greeting-1.0/LICENSE",
    ]


def test_packaged_handler_answers_from_its_bytecode(tmp_path: Path) -> None:
    make(checkout(tmp_path))
    ZipFile(tmp_path / "build/local/function.zip").extractall(tmp_path / "task")
    for source in (tmp_path / "task").rglob("*.py"):
        source.write_text("raise SystemExit('the source was read')")
    program = "from api.lambda_handler import handler; print(handler({}, None))"
    answer = subprocess.run([sys.executable, "-c", program], cwd=tmp_path / "task", capture_output=True, text=True)
    assert answer.stdout.strip() == "hello", answer.stderr


def test_equal_inputs_in_other_folders_give_equal_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = checkout(tmp_path / "here"), checkout(tmp_path / "some" / "where" / "else")
    for path in second.rglob("*"):
        os.utime(path, (10**9, 10**9))
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    one = make(first)
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    mask = os.umask(0o077)
    try:
        two = make(second)
    finally:
        os.umask(mask)
    assert one == two


def test_record_names_the_package_and_its_inputs(tmp_path: Path) -> None:
    record = make(checkout(tmp_path))
    assert record == json.loads((tmp_path / "build/local/package.json").read_text())
    assert record["path"] == "build/local/function.zip"
    assert record["sha256"] == digest(tmp_path / "build/local/function.zip")
    assert record["runtime"] == BuildTarget.host().runtime
    assert record["architecture"] == BuildTarget.host().architecture
    assert record["packages"] == [{"name": "greeting", "version": "1.0", "licence": "MIT", "sha256": "ab" * 32}]
    assert str(record["interpreter"]).startswith("CPython 3.")
    sizes = record["sizes"]
    assert isinstance(sizes, dict)
    assert sizes["zipped"] == (tmp_path / "build/local/function.zip").stat().st_size
    assert set(sizes["by_folder"]) == {"api", "greeting", "licenses"}


def test_unchanged_inputs_are_not_built_again(tmp_path: Path) -> None:
    make(checkout(tmp_path))
    assert steps_of(tmp_path) == []


def test_change_of_code_does_not_rebuild_the_dependencies(tmp_path: Path) -> None:
    before = make(checkout(tmp_path))
    write(tmp_path, {"api/more.py": "MORE = 1\n"})
    assert steps_of(tmp_path) == ["Adding api/", "Checking the package"]
    assert make(tmp_path)["sha256"] != before["sha256"]


@pytest.mark.parametrize("path", ["requirements/lambda.txt"])
def test_changed_lock_rebuilds_the_dependencies(tmp_path: Path, path: str) -> None:
    make(checkout(tmp_path))
    write(tmp_path, {path: "greeting==1.1\n"})
    assert len(steps_of(tmp_path)) > 2


@pytest.mark.parametrize("victim", ["layer.zip", "layer.json"])
def test_damaged_cache_is_rebuilt(tmp_path: Path, victim: str) -> None:
    whole = make(checkout(tmp_path))
    (damaged,) = (tmp_path / "build/cache").glob(f"*/{victim}")
    damaged.write_bytes(damaged.read_bytes()[:-9] + b"#########")
    (tmp_path / "build/local/package.json").unlink()
    assert len(steps_of(tmp_path)) > 2
    assert make(tmp_path) == whole


def test_damaged_package_is_rebuilt(tmp_path: Path) -> None:
    whole = make(checkout(tmp_path))
    (tmp_path / "build/local/function.zip").write_bytes(b"half")
    assert make(tmp_path) == whole
    assert digest(tmp_path / "build/local/function.zip") == whole["sha256"]


def test_syntax_error_is_reported_and_the_old_package_remains(tmp_path: Path) -> None:
    whole = make(checkout(tmp_path))
    write(tmp_path, {"api/broken.py": "def f(:\n    pass\n"})
    with pytest.raises(PackageError, match=r"api/broken\.py.* does not compile: SyntaxError: ") as refusal:
        make(tmp_path)
    assert str(tmp_path) not in str(refusal.value)
    assert digest(tmp_path / "build/local/function.zip") == whole["sha256"]
    assert {path.name for path in (tmp_path / "build/local").iterdir()} == {"function.zip", "package.json"}


def test_failed_unpacking_adds_nothing_to_the_cache(tmp_path: Path) -> None:
    def fail(lock: Path, target: BuildTarget, folder: Path) -> dict[str, str]:
        unpack(lock, target, folder)
        raise PackageError("the index is down")

    with pytest.raises(PackageError, match="the index is down"):
        build(BuildRequest(checkout(tmp_path), "local", BuildTarget.host()), SILENT.append, fail)
    assert list((tmp_path / "build/cache").iterdir()) == []


def test_empty_lock_is_refused(tmp_path: Path) -> None:
    def nothing(lock: Path, target: BuildTarget, folder: Path) -> dict[str, str]:
        folder.mkdir()
        return {}

    with pytest.raises(PackageError, match=r"^lambda\.txt names no package: lock the dependencies again"):
        build(BuildRequest(checkout(tmp_path), "local", BuildTarget.host()), SILENT.append, nothing)
    assert not (tmp_path / "build/local/function.zip").exists()


def test_two_concurrent_builds_both_succeed(tmp_path: Path) -> None:
    """The other one puts its layer into the cache while this one is at its own."""
    checkout(tmp_path)
    others: list[dict[str, object]] = []

    def overtaken(lock: Path, target: BuildTarget, folder: Path) -> dict[str, str]:
        others.append(make(tmp_path))
        return unpack(lock, target, folder)

    record = build(BuildRequest(tmp_path, "local", BuildTarget.host()), SILENT.append, overtaken).record
    assert others == [record]
    assert digest(tmp_path / "build/local/function.zip") == record["sha256"]
    assert not list((tmp_path / "build").rglob(".building-*"))


@pytest.mark.parametrize("victim", ["function.zip", "package.json"])
def test_build_interrupted_before_its_record_is_repeated(tmp_path: Path, victim: str) -> None:
    make(checkout(tmp_path))
    older = (tmp_path / "build/local" / victim).read_bytes()
    write(tmp_path, {"api/more.py": "MORE = 1\n"})
    whole = make(tmp_path)
    (tmp_path / "build/local" / victim).write_bytes(older)
    assert make(tmp_path) == whole
    assert digest(tmp_path / "build/local/function.zip") == whole["sha256"]


def test_extension_for_another_machine_is_refused(tmp_path: Path) -> None:
    other = {"arm64": "x86_64", "x86_64": "arm64"}[BuildTarget.host().architecture]

    def mixed(lock: Path, target: BuildTarget, folder: Path) -> dict[str, str]:
        write(folder, {f"greeting/slow.{TAG}-linux-gnu.so": elf(other)})
        return unpack(lock, target, folder)

    with pytest.raises(PackageError, match=f"greeting/slow.* is built for {other}"):
        build(BuildRequest(checkout(tmp_path), "local", BuildTarget.host()), SILENT.append, mixed)
    assert not (tmp_path / "build/local/function.zip").exists()


def test_package_without_bytecode_has_no_compiled_files(tmp_path: Path) -> None:
    record = make(checkout(tmp_path), bytecode=False)
    assert (record["bytecode"], record["interpreter"]) == (False, None)
    assert not [name for name in ZipFile(tmp_path / "build/local/function.zip").namelist() if name.endswith(".pyc")]


@pytest.mark.parametrize("missing", ["api", "requirements/lambda.txt"])
def test_missing_input_is_reported_by_name(tmp_path: Path, missing: str) -> None:
    checkout(tmp_path)
    (tmp_path / missing).rename(tmp_path / "gone")
    with pytest.raises(PackageError, match=f"^{missing} is missing"):
        make(tmp_path)


def test_program_without_a_suffix_for_another_machine_is_refused(tmp_path: Path) -> None:
    other = {"arm64": "x86_64", "x86_64": "arm64"}[BuildTarget.host().architecture]
    write(checkout(tmp_path), {"api/tools/convert": elf(other)})
    with pytest.raises(PackageError, match=f"^api/tools/convert is built for {other}, but the function runs on"):
        make(tmp_path)


def test_program_without_a_suffix_may_be_executed_in_lambda(tmp_path: Path) -> None:
    make(write(checkout(tmp_path), {"api/tools/convert": elf(BuildTarget.host().architecture)}))
    entry = ZipFile(tmp_path / "build/local/function.zip").getinfo("api/tools/convert")
    assert entry.external_attr >> 16 & 0o777 == 0o755


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"caf\xe9.py", r"'api/caf\udce9.py'"), (b"a\nb.py", r"'api/a\nb.py'"), (b"a\x1b[31m", r"'api/a\x1b[31m'")],
)
def test_file_name_that_is_not_printable_utf_8_is_refused(tmp_path: Path, name: bytes, shown: str) -> None:
    (checkout(tmp_path) / "api" / os.fsdecode(name)).touch()
    with pytest.raises(PackageError) as refusal:
        make(tmp_path)
    assert str(refusal.value) == f"{shown} is not a printable name: rename the file."


@pytest.mark.parametrize("aim", ["lambda_handler.py", "..", "/etc/hostname", "missing", "link"])
def test_symbolic_link_in_our_code_is_refused(tmp_path: Path, aim: str) -> None:
    (checkout(tmp_path) / "api" / "link").symlink_to(aim)
    with pytest.raises(PackageError, match=r"^api/link is a symbolic link: put the file itself there\.$"):
        make(tmp_path)


def test_named_pipe_in_our_code_is_refused(tmp_path: Path) -> None:
    os.mkfifo(checkout(tmp_path) / "api" / "pipe")
    with pytest.raises(PackageError, match=r"^api/pipe is neither a file nor a folder: remove it\.$"):
        make(tmp_path)
