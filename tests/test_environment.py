"""The suite gives the same result for a person, in a workflow's job and in a git hook."""

import json
import os
import subprocess
import sys
from pathlib import Path

CALLER = {
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "token",
    "AWS_PROFILE": "mine",
    "CI": "true",
    "CLICOLOR_FORCE": "1",
    "COLUMNS": "20",
    "FORCE_COLOR": "1",
    "GH_TOKEN": "token",
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "other/repository",
    "GITHUB_STEP_SUMMARY": "/nowhere/summary.md",
    "GIT_DIR": "/nowhere/.git",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "PULUMI_BACKEND_URL": "s3://mine",
    "PY_COLORS": "1",
    "RUNNER_TEMP": "/nowhere",
    "https_proxy": "http://127.0.0.1:1",
}


def environment_in_the_tests(root: Path, **caller: str) -> dict[str, str]:
    """The environment that a test sees when this caller starts the suite."""
    show = "import json, os, tests.conftest; print(json.dumps(dict(os.environ)))"
    ended = subprocess.run(
        [sys.executable, "-c", show], cwd=root, env={**os.environ, **caller}, capture_output=True, text=True, check=True
    )
    seen: dict[str, str] = json.loads(ended.stdout)
    return seen


def test_no_variable_of_the_caller_reaches_a_test(root: Path) -> None:
    assert environment_in_the_tests(root, **CALLER).keys() & CALLER.keys() == set()


def test_what_a_test_needs_of_the_machine_stays(root: Path) -> None:
    seen = environment_in_the_tests(root, **CALLER)
    assert seen["PATH"] == os.environ["PATH"]
    assert seen["NO_COLOR"] == "1"


def test_the_callers_git_settings_change_no_commit_of_a_test(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[commit]\n\tgpgsign = true\n[init]\n\tdefaultBranch = trunk\n")
    seen = environment_in_the_tests(root, HOME=str(tmp_path))
    subprocess.run(["git", "init", "-q", str(tmp_path / "r")], env=seen, check=True, capture_output=True)
    listed = subprocess.run(
        ["git", "-C", str(tmp_path / "r"), "config", "--list", "--show-scope"],
        env=seen, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert {line.split("\t")[0] for line in listed.stdout.splitlines()} == {"local"}


def test_test_without_cases_is_an_error_of_the_collection(root: Path, tmp_path: Path) -> None:
    """Else a test of a document's every link would be skipped, once its pattern matches no link."""
    (tmp_path / "test_nothing.py").write_text(
        "import pytest\n\n@pytest.mark.parametrize('link', [])\ndef test_link(link: str) -> None: ...\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(root / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "Empty parameter set in 'test_link'" in ended.stdout
