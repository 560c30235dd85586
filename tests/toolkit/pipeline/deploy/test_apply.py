"""What can be refused without the engine is refused before it is asked."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from toolkit.pipeline.deploy.apply import DeployRequest, apply_plan
from toolkit.pipeline.deploy.manifest import BadPlanError, commit_of
from toolkit.pipeline.deploy.sources import sources_of
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile, StackSettings

CODE, PLAN = b"code", b"{}"
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with a package and a plan of it, on a machine that has no Pulumi CLI."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (tmp_path / "Pulumi.yaml").write_text("name: items-api")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}")
    (tmp_path / ".gitignore").write_text("build/\n")
    for command in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "a change")):
        subprocess.run([*GIT, *command], cwd=tmp_path, check=True)
    package, plan = tmp_path / "build/dev", tmp_path / "build/plan/dev"
    for folder in (package, plan):
        folder.mkdir(parents=True)
    (package / "function.zip").write_bytes(CODE)
    (package / "package.json").write_text(json.dumps({"sha256": sha256(CODE)}))
    (plan / "plan.json").write_bytes(PLAN)
    manifest = {
        "stack": "dev",
        "created": "2026-11-21T00:00:00+00:00",
        "commit": commit_of(tmp_path),
        "config_sha256": sha256(b"config: {}"),
        "package_sha256": sha256(CODE),
        "state_sha256": sha256(b"state"),
        "sources_sha256": sources_of(tmp_path).digest,
        "plan_sha256": sha256(PLAN),
        "operations": {},
        "changes": False,
    }
    (plan / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def carry_out(root: Path, **request: Any) -> None:
    file = StackFile("dev", "items-api", {}, StackSettings())
    apply_plan(DeployRequest(file, root / "build/plan/dev", **request), root, lambda _line: None)


def test_unchanged_plan_reaches_the_engine(root: Path) -> None:
    with pytest.raises(RefusedError, match="There is no Pulumi CLI on PATH"):
        carry_out(root)


def test_changed_plan_file_is_refused(root: Path) -> None:
    (root / "build/plan/dev/plan.json").write_bytes(b"{ }")
    with pytest.raises(RefusedError, match=r"plan\.json is not the plan that was approved: its SHA-256 is "):
        carry_out(root)


def test_file_that_differs_from_the_commit_is_refused(root: Path) -> None:
    (root / "Pulumi.yaml").write_text("name: items-api\ndescription: changed")
    with pytest.raises(
        RefusedError, match=r"the commit moved from \w{12} to \w{12}\+changes; plan and approve again: ./stack plan dev"
    ):
        carry_out(root)


def test_untracked_file_is_refused_with_its_name(root: Path) -> None:
    (root / "infrastructure").mkdir()
    (root / "infrastructure/extra.py").write_text("import pulumi")
    words = (
        r"the content of the program's files moved from .* "
        r"\(files that differ from the commit: infrastructure/extra\.py\)"
    )
    with pytest.raises(RefusedError, match=words):
        carry_out(root)


def test_package_that_differs_from_the_planned_one_is_refused(root: Path) -> None:
    (root / "build/dev/function.zip").write_bytes(b"other code")
    (root / "build/dev/package.json").write_text(json.dumps({"sha256": sha256(b"other code")}))
    words = f"the package moved from {sha256(CODE)[:12]} to {sha256(b'other code')[:12]}"
    with pytest.raises(RefusedError, match=words):
        carry_out(root)


def test_all_changed_inputs_are_reported_together(root: Path) -> None:
    (root / "Pulumi.dev.yaml").write_text("config:\n  a: b")
    with pytest.raises(RefusedError, match=r"the commit moved from .*, and the stack's file moved from "):
        carry_out(root)


def test_missing_plan_is_an_input_error(root: Path) -> None:
    (root / "build/plan/dev/manifest.json").unlink()
    with pytest.raises(BadPlanError, match="There is no plan in "):
        carry_out(root)
