"""The linters of workflows, as a person would start them: offline, strictest, by this repository's settings."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GITHUB = ROOT / ".github"
BUILT = ROOT / "build" / "workflows" / "actionlint"
PACKAGE = "github.com/rhysd/actionlint/cmd/actionlint"


def actionlint_cli() -> Path:
    """The pinned actionlint: from PATH, else built earlier, else built now from its Go modules (10 s)."""
    (version,) = re.findall(r"github\.com/rhysd/actionlint v(\S+)", (HERE / "go.mod").read_text())
    found, go = shutil.which("actionlint"), shutil.which("go")
    if found and version in subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stdout:
        return Path(found)
    built = BUILT.with_name(f"actionlint-{version}")
    if not built.is_file():
        if go is None:
            raise FileNotFoundError(f"Neither actionlint {version} nor go is on PATH: install one of them.")
        built.parent.mkdir(parents=True, exist_ok=True)
        draft = built.with_name(f".{built.name}.{os.getpid()}")  # two workers may build it at once
        subprocess.run([go, "build", "-mod=readonly", "-o", str(draft), PACKAGE], cwd=HERE, check=True)
        draft.replace(built)
    return built


def _said(command: list[str], folder: Path) -> str:
    """What the linter complains of; nothing where it is content."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # actionlint looks for shellcheck there
    ended = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


def actionlint(files: list[Path]) -> str:
    """What actionlint and shellcheck say of workflow files."""
    config = GITHUB / "actionlint.yaml"
    return _said([str(actionlint_cli()), "-config-file", str(config), "-no-color", *map(str, files)], ROOT)


def zizmor(paths: list[Path]) -> str:
    """What zizmor says at its strictest without a network."""
    strict = ["--offline", "--persona", "auditor", "--config", str(GITHUB / "zizmor.yml"), "--quiet", "--no-progress"]
    return _said([str(Path(sys.executable).with_name("zizmor")), *strict, *map(str, paths)], ROOT)


def schema(name: str, files: list[Path]) -> str:
    """What one of the schemas that come with check-jsonschema says of files."""
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    return _said([program, "--builtin-schema", name, *map(str, files)], ROOT)
