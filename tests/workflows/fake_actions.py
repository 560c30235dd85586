"""Replacements for what a job takes from other repositories, and for the programs that reach outside this machine."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.workflows.runner import Action, Runner
from tests.workflows.workflow_files import ROOT

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
RECORDING = """#!/bin/bash
printf '%s\\n' "${0##*/} $*" >> "$(dirname "$0")/calls"
"""
"""A program that only writes down how it was called."""


def commit_checkout(folder: Path, overlay: Mapping[str, bytes] | None = None) -> Path:
    """A repository with one commit: the files of this checkout as they are now, some of them replaced."""
    folder.mkdir(parents=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for name, content in (overlay or {}).items():
        (folder / name).write_bytes(content)
    for command in (("init", "--quiet", "--initial-branch=main"), ("add", "."), ("commit", "--quiet", "-m", "all")):
        subprocess.run([*GIT, *command], cwd=folder, check=True, capture_output=True)
    return folder


def write_programs(folder: Path, **programs: str) -> Path:
    """A folder with programs that record their calls, and then do what is given for them in bash."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("gh", "make", "sudo", *programs):
        file = folder / name.replace("_", "-")
        file.write_text(RECORDING + programs.get(name, ""))
        file.chmod(0o755)
    return folder


def calls_of(folder: Path) -> list[str]:
    """How the programs of a folder were called."""
    file = folder / "calls"
    return file.read_text().splitlines() if file.exists() else []


@dataclass(frozen=True)
class Others:
    """The actions of others: what they leave behind in a job, without a network."""

    source: Path
    artifacts: Path
    cloud: Mapping[str, str]
    """The variables of the credentials."""

    def actions(self) -> Mapping[str, Action]:
        """By their names, as the workflows call them."""
        return {
            "step-security/harden-runner": _nothing,
            "actions/checkout": self._check_out,
            "actions/setup-python": _link_python,
            "astral-sh/setup-uv": _nothing,
            "pulumi/actions": _nothing,  # the test's PATH has the CLI, or a fake
            "aws-actions/configure-aws-credentials": self._credentials,
            "actions/download-artifact": self._download,
            "actions/upload-artifact": self._upload,
            "actions/attest": _nothing,
            "github/codeql-action/upload-sarif": _nothing,
        }

    def _check_out(self, runner: Runner, given: Mapping[str, str]) -> None:
        """As the action does: one commit unless all of them are asked for, no branch, no tags."""
        depth = [] if given.get("fetch-depth") == "0" else ["--depth", "1"]
        clone = ["git", "clone", "--quiet", "--no-tags", *depth, f"file://{self.source}", "."]
        subprocess.run(clone, cwd=runner.workspace, check=True, capture_output=True)
        for command in (("checkout", "--quiet", "--detach"), ("branch", "--quiet", "-D", "main")):
            subprocess.run(["git", *command], cwd=runner.workspace, check=True, capture_output=True)
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=runner.workspace, capture_output=True, check=True)
        runner.contexts["github"]["sha"] = commit.stdout.decode().strip()

    def _credentials(self, runner: Runner, given: Mapping[str, str]) -> None:
        assert given["role-to-assume"], "a role is taken that has no name"
        runner.environment |= self.cloud

    def _download(self, runner: Runner, given: Mapping[str, str]) -> None:
        target = runner.workspace / given["path"]
        names = [given["name"]] if "name" in given else [each.name for each in self.artifacts.glob(given["pattern"])]
        for name in names:
            folder = target if "name" in given or given.get("merge-multiple") == "true" else target / name
            shutil.copytree(self.artifacts / name, folder, dirs_exist_ok=True)

    def _upload(self, runner: Runner, given: Mapping[str, str]) -> None:
        found = [each for line in given["path"].split() for each in sorted(runner.workspace.glob(line))]
        assert found or given["if-no-files-found"] != "error", given["path"]
        target = self.artifacts / given["name"]
        shutil.rmtree(target, ignore_errors=True)
        for each in found:  # several paths keep their places below the folder that all of them are in
            place = target if len(found) == 1 and each.is_dir() else target / each.name
            if each.is_dir():
                shutil.copytree(each, place, dirs_exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(each, place)


def _nothing(_runner: Runner, _given: Mapping[str, str]) -> None:
    """Leave nothing behind that a step needs."""


def _link_python(runner: Runner, _given: Mapping[str, str]) -> None:
    """Link the .venv of this checkout: a new one needs a package index."""
    (runner.workspace / ".venv").symlink_to(ROOT / ".venv")


def path_with(*folders: Path) -> str:
    """A hosted machine's PATH with these folders first."""
    return os.pathsep.join([*map(str, folders), "/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/bin"])
