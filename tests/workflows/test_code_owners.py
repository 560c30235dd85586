"""Every file that a job runs with a role has a code owner, besides the default owner."""

import ast
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from tests.workflows.workflow_files import ACTION_JOBS, GITHUB, JOBS, ROOT, Job
from toolkit.cli import COMMANDS

PATTERNS = [line.split()[0] for line in (GITHUB / "CODEOWNERS").read_text().splitlines() if line and line[0] != "#"]
TRACKED = frozenset(
    subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
)
LAUNCHER = {"stack", *re.findall(r"requirements/[\w.]+", (ROOT / "stack").read_text())}
"""The launcher of the command line, and what it makes .venv from."""
ENGINE_RUNS = ("Pulumi.yaml", "Pulumi.*.yaml", "infrastructure/*", "policies/*")
"""What the engine runs and reads with a role: program, pack, stack files."""


def owner_of(file: str, patterns: list[str]) -> str:
    """The last pattern that matches, as GitHub takes it: a folder with all in it, or a name with wildcards."""
    matching = [
        pattern
        for pattern in patterns
        if pattern == "*"
        or (pattern.endswith("/") and f"/{file}".startswith(pattern))
        or (pattern.count("/") == f"/{file}".count("/") and fnmatchcase(f"/{file}", pattern))
    ]
    return matching[-1] if matching else ""


def with_a_role() -> Iterator[Job]:
    """The jobs that can take a role or write on GitHub, and the set-up that is part of them."""
    yield from (job for job in JOBS if "write" in job.permissions.values())
    yield from ACTION_JOBS


def imported(*modules: str) -> set[str]:
    """The files of the repository that modules import, directly or not, wherever in their text."""
    found: set[str] = set()
    waiting, seen = list(modules), set(modules)
    while waiting:
        name = waiting.pop()
        base = ROOT / name.replace(".", "/")
        for file in (base.with_suffix(".py"), base / "__init__.py", base / "__main__.py"):
            path = str(file.relative_to(ROOT))
            if path in TRACKED and path not in found:
                found.add(path)
                new = _imports(file) - seen
                seen |= new
                waiting += new
    return found


@cache
def _imports(file: Path) -> frozenset[str]:
    return frozenset(_named_in(file))


def _named_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


@cache
def run_by(name: str) -> frozenset[str]:
    """What the job of this name runs."""
    (job,) = (job for job in with_a_role() if str(job) == name)
    return _run_by(job)


def _run_by(job: Job) -> frozenset[str]:
    """The files that a job runs or that decide what it runs."""
    scripts = "\n".join(step.get("run", "") for step in job.steps)
    found = {str(file.relative_to(ROOT)) for file in GITHUB.rglob("*") if file.is_file()}
    called = set(re.findall(r"\./stack ([\w-]+)", scripts))
    if called:
        modules = [COMMANDS[name].reference.partition(":")[0] for name in called]  # imported by their names
        found |= {*LAUNCHER, *imported("toolkit.__main__", *modules)}
        found |= {file for file in TRACKED for pattern in ENGINE_RUNS if fnmatchcase(file, pattern)}
    for target in set(re.findall(r"\bmake (\w[\w-]*)", scripts)):
        found |= {"Makefile", *_of_target(target)}
    for step in job.steps:
        found |= {value for value in step.get("with", {}).values() if value in TRACKED}
    return frozenset(found)


@cache
def _of_target(target: str) -> frozenset[str]:
    """The tracked files that a target of the Makefile names, with the modules that it runs."""
    lines = subprocess.run(
        ["make", "--dry-run", "--always-make", target], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    named = {word.removeprefix("./") for word in re.split(r"[\s\"'=;]+", lines)} & TRACKED
    modules = re.findall(r"python -m ([\w.]+)", lines)
    launched = {*LAUNCHER, *imported("toolkit.__main__")} if "stack" in named else set()
    return frozenset(
        {*named, *launched, *imported(*modules), "pyproject.toml"}
    )  # whose settings what the target starts reads


@pytest.mark.parametrize("job", [str(job) for job in with_a_role()])
def test_every_file_that_runs_with_a_role_has_an_owner(job: str) -> None:
    assert [file for file in sorted(run_by(job)) if owner_of(file, PATTERNS) in ("", "*")] == []


def test_files_that_a_job_runs_are_found() -> None:
    """The derivation sees the set-up, lazily imported modules, the program, the pack and the engine's files."""
    assert {
        *(
            "Makefile",
            "stack",
            "pyproject.toml",
            "requirements/dev.txt",
            ".pulumi.version",
            ".github/actions/setup/action.yml",
        ),
    } <= run_by("actions/setup/steps")
    assert {
        *(
            "toolkit/stacks/stack_files.py",
            "toolkit/pipeline/unlock/locks.py",
            "Pulumi.prod.yaml",
            "policies/__main__.py",
        ),
        *("infrastructure/__main__.py", "infrastructure/bootstrap/Pulumi.prod.yaml", "policies/waivers.yaml"),
    } <= run_by("deploy-stack/deploy")


@pytest.mark.parametrize("pattern", [pattern for pattern in PATTERNS if pattern != "*"])
def test_owned_file_without_its_line_is_noticed(pattern: str) -> None:
    """Each line counts: without it, something falls back to the owner of everything."""
    rest = [each for each in PATTERNS if each != pattern]
    assert [file for file in TRACKED if owner_of(file, PATTERNS) == pattern and owner_of(file, rest) != pattern]


@pytest.mark.parametrize(
    ("file", "patterns", "owner"),
    [
        ("a/b.py", ["*", "/a/"], "/a/"),
        ("b/a/c.py", ["*", "/a/"], "*"),
        ("Pulumi.dev.yaml", ["*", "/Pulumi.*.yaml"], "/Pulumi.*.yaml"),
        ("x/Pulumi.dev.yaml", ["*", "/Pulumi.*.yaml"], "*"),
        ("a/b.py", ["/a/", "*"], "*"),
    ],
)
def test_last_pattern_that_matches_decides(file: str, patterns: list[str], owner: str) -> None:
    assert owner_of(file, patterns) == owner
