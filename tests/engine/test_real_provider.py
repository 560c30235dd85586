"""How the tests are pointed at the real pulumi-aws."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.engine import PLUGIN_FOLDER, Engine
from tests.engine.real_provider import ProviderError, provider_folders

ROOT = Path(__file__).parents[2]
VERSION = importlib.metadata.version("pulumi_aws")


def collected(**environment: str) -> subprocess.CompletedProcess[str]:
    """What a run of the engine's tests would do, by the same command as a person's."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", "tests/engine"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_where_it_is_not_installed_one_sentence_says_how_to_install_it(tmp_path: Path) -> None:
    refused = collected(PROVIDER="real", HOME=str(tmp_path))
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert refused.stderr.strip() == (
        f"ERROR: PROVIDER=real needs the plugin {tmp_path}/.pulumi/plugins/resource-aws-v{VERSION}, "
        f"which is not there; install it: pulumi plugin install resource aws {VERSION}"
    )


def test_another_provider_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVIDER", "reel")
    with pytest.raises(ProviderError, match=r"^PROVIDER is 'reel': leave it out, or say real"):
        provider_folders()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake plugin instead of the real one."""
    plugin = tmp_path / ".pulumi" / "plugins" / f"resource-aws-v{VERSION}" / "pulumi-resource-aws"
    plugin.parent.mkdir(parents=True)
    plugin.write_text(f'#!/bin/sh\nexec "{PLUGIN_FOLDER}/pulumi-resource-aws" "$@"\n')
    plugin.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PROVIDER", "real")
    return plugin


def test_where_it_is_installed_the_engine_uses_it_and_not_the_plugin_that_stands_here(
    installed: Path, cli: Path, tmp_path: Path
) -> None:
    (tmp_path / "dev").mkdir()
    with Engine(cli, "dev", tmp_path / "dev") as dev:
        said = dev.done("preview").output
    assert f"using pulumi-resource-aws from $PATH at {installed}" in said
    assert f"{PLUGIN_FOLDER}/pulumi-resource-aws" not in said


def test_it_is_not_asked_for_what_only_the_plugin_that_stands_here_can_do(installed: Path) -> None:
    listed = collected().stdout
    assert "tests/engine/test_changes.py::" in listed
    assert "tests/engine/test_ends.py::" not in listed
