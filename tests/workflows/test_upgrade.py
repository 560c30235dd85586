"""Requirements that were resolved anew are proposed once, on a branch, by the scripts of upgrade.yml."""

import shutil
import subprocess

import pytest

from tests.workflows.scripts import Machine, block_named, given

GIT = ["git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]


@pytest.fixture
def cloned(machine: Machine) -> Machine:
    """A clone in which the requirements were resolved anew; git is the real one, gh says that no issue is open."""
    origin = machine.folder / "origin"
    shutil.rmtree(machine.work)
    (machine.folder / "bin" / "git").unlink()
    (machine.folder / "bin" / "gh").write_text('#!/bin/bash\necho "$1 $2" >> "$GH_CALLS"\n')
    for command in (
        ["git", "init", "--quiet", "--bare", "--initial-branch", "main", str(origin)],
        ["git", "clone", "--quiet", str(origin), str(machine.work)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    (machine.work / "requirements").mkdir()
    for text, command in (("a==1\n", [*GIT, "commit", "--quiet", "--message", "first"]), ("a==2\n", [])):
        (machine.work / "requirements" / "lambda.txt").write_text(text)
        if command:
            subprocess.run(["git", "add", "."], cwd=machine.work, check=True)
            subprocess.run(command, cwd=machine.work, check=True)
            subprocess.run(["git", "push", "--quiet", "origin", "HEAD:main"], cwd=machine.work, check=True)
    return machine


def test_resolved_requirements_that_differ_are_proposed_on_a_branch(cloned: Machine) -> None:
    compare = block_named("upgrade/resolve/Compare")
    assert cloned.run(compare.script, given(compare)).written["GITHUB_OUTPUT"] == "changed=yes\n"
    push = block_named("upgrade/propose/Push the branch and open an issue, unless one is open")
    calls = {"GH_CALLS": str(cloned.folder / "gh-calls"), "HOME": str(cloned.folder)}
    ended = cloned.run(push.script, {**given(push), **calls})
    assert ended.code == 0, ended.said
    assert (cloned.folder / "gh-calls").read_text().split("\n") == ["label create", "issue list", "issue create", ""]
    origin = cloned.folder / "origin"
    shown = subprocess.run(
        ["git", "show", "upgrade:requirements/lambda.txt"], cwd=origin, capture_output=True, text=True
    )
    assert shown.stdout == "a==2\n"
    assert cloned.run(compare.script, given(compare)).written["GITHUB_OUTPUT"] == "changed=\n"


def test_open_proposal_is_left_as_it_is(machine: Machine) -> None:
    push = block_named("upgrade/propose/Push the branch and open an issue, unless one is open")
    ended = machine.run(push.script, given(push))
    assert [call[0] for call in ended.calls] == ["gh", "gh"]
    assert "stays as it is until issue" in ended.written["GITHUB_STEP_SUMMARY"]
