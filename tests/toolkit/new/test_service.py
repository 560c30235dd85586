"""`./stack new service` makes a complete repository, or writes nothing."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.support.command_line import PROCESS
from tests.toolkit.new.conftest import ROOT
from toolkit.new.service import new_service
from toolkit.stacks.errors import FileError

IDENTITY = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service without the examples."""
    return make(tmp_path_factory.mktemp("services") / "order-book", "order-book", "--empty")


@pytest.fixture(scope="module")
def with_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service with the examples, and a name of the greatest length."""
    return make(tmp_path_factory.mktemp("services") / "long", "warehouse-operations")


@pytest.fixture(params=["made", "with_examples"])
def either(request: pytest.FixtureRequest) -> Path:
    """A service of each kind."""
    folder = request.getfixturevalue(request.param)
    assert isinstance(folder, Path)
    return folder


def make(target: Path, name: str, *options: str) -> Path:
    command = [*PROCESS, "new", "service", str(target), "--name", name, *options]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **IDENTITY}
    )
    assert done.returncode == 0, done.stderr
    return target


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_new_service_has_one_commit_and_the_version_of_the_toolkit(made: Path) -> None:
    assert git(made, "log", "--format=%s") == "Begin order-book from the toolkit"
    assert git(made, "status", "--short") == ""
    assert (made / "toolkit/VERSION").read_text().split()[0] == git(ROOT, "log", "-1", "--format=%H", "--", "toolkit")


def test_new_service_has_its_name_in_every_file(made: Path) -> None:
    spellings = "items-api|items_api|ItemsApi|items-team|cost-center: items"
    found = subprocess.run(["git", "grep", "-lE", spellings], cwd=made, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 1)
    assert (made / "Pulumi.yaml").read_text().startswith("name: order-book\n")


def test_empty_service_has_no_example_feature(made: Path) -> None:
    assert "FEATURES = (INFORMATION, SESSIONS)" in (made / "api/definition.py").read_text()
    assert 'FEATURES = {"sessions": SESSIONS}' in (made / "api/main.py").read_text()
    assert not (made / "api/items").exists()
    assert not (made / "tests/toolkit").exists()
    assert "/api/v1/items" not in (made / "docs/openapi.json").read_text()


def test_workflows_of_a_new_service_call_targets_of_its_makefile(either: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", (either / "Makefile").read_text()))
    called = {
        str(file.relative_to(either)): set(re.findall(r"\bmake ([a-z][\w-]*)", file.read_text()))
        for file in (either / ".ci/run", *either.glob(".github/**/*.yml"))
    }
    assert "test" in called[".ci/run"] & called[".github/workflows/pull-request.yml"]
    assert {name: calls - targets for name, calls in called.items() if not calls <= targets} == {}
    documents = (either / "README.md", either / "CONTRIBUTING.md", *either.glob("docs/*.md"))
    named = {target for file in documents for target in re.findall(r"`make ([a-z][\w-]*)", file.read_text())}
    assert named <= targets
    subprocess.run(["bash", "-n", either / ".ci/run"], check=True)


def test_targets_of_a_new_service_run_tests_that_it_has(either: Path) -> None:
    makefile = (either / "Makefile").read_text()
    folders = set(re.findall(r"(?<!--ignore )\btests/\w+", makefile))
    modules = {name.replace(".", "/") for name in re.findall(r"python -m (tests\.[\w.]+)", makefile)}
    assert {"tests/engine", "tests/workflows", "tests/policies/mutations"} <= folders | modules
    assert [name for name in folders if not (either / name).exists()] == []
    assert [name for name in modules if not ((either / name).is_dir() or (either / f"{name}.py").exists())] == []
    assert "$(CLIENTS)" not in makefile or "\nCLIENTS :=" in makefile


def test_checks_that_a_new_service_requires_are_names_of_its_jobs(either: Path) -> None:
    rules = json.loads((either / ".github/ruleset.json").read_text())["rules"]
    (checks,) = (rule["parameters"] for rule in rules if rule["type"] == "required_status_checks")
    workflows = [yaml.safe_load(file.read_text()) for file in either.glob(".github/workflows/*.yml")]
    jobs = {job["name"].partition("${{")[0] for workflow in workflows for job in workflow["jobs"].values()}
    required = [check["context"] for check in checks["required_status_checks"]]
    assert "Engine" in required
    assert [name for name in required if not name.startswith(tuple(jobs - {""}))] == []
    assert "New service" not in required


def test_tests_of_a_new_service_import_what_it_has(either: Path) -> None:
    missing = [
        f"{file.relative_to(either)}: {name}"
        for file in either.glob("tests/**/*.py")
        for name in re.findall(r"(?m)^\s*from (tests[\w.]+) import", file.read_text())
        if not ((path := either / name.replace(".", "/")).is_dir() or path.with_suffix(".py").exists())
    ]
    assert missing == []


def test_code_of_a_new_service_passes_the_linter(either: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "."], cwd=either, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        (lambda folder: folder / "full", "orders-api", "is not empty"),
        (lambda folder: folder / "full/file", "orders-api", "is not empty"),
        (lambda folder: folder / "missing/orders-api", "orders-api", "does not exist; create it first"),
        (lambda _folder: ROOT / "orders-api", "orders-api", "is inside this repository"),
        (lambda folder: folder / "new", "Orders", "use a-z, 0-9 and single -"),
        (lambda folder: folder / "new", "a" * 30, "use at most 20"),
    ],
)
def test_bad_target_or_name_writes_nothing(
    tmp_path: Path, place: Callable[[Path], Path], name: str, words: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("mine")
    with pytest.raises(FileError, match=words):
        new_service(ROOT, place(tmp_path), name, empty=False)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "full"]
    assert not (ROOT / "orders-api").exists()
