"""One local stack, and what the flow of a client reads from its environment.

The tests are collected only if they are named: they need Node.js, and what `make test-clients` installs.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.local_stack import ROOT, LocalStackProcess
from toolkit.localcloud.sign_in.user_pool import LOCAL_PASSWORD

INSTALLED = ROOT / "build" / "clients"
"""Where `make test-clients` installs the generators and the libraries of the flows."""
HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave the folder out unless it, or something in it, is named on the command line."""
    named = [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(HERE) for path in named) else True


@pytest.fixture(scope="session")
def flow_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The variables that a flow reads."""
    stack = LocalStackProcess(tmp_path_factory.mktemp("stack") / "local")
    try:
        outputs = stack.wait_until_ready().record["outputs"]
        yield {
            "API_URL": stack.url,
            "ISSUER": outputs["sign_in_url"],
            "WEB_CLIENT_ID": outputs["web_client_id"],
            "REDIRECT_URI": f"{stack.url}/docs/oauth2-redirect",
            "MACHINE_CLIENT_ID": outputs["machine_client_id"],
            "MACHINE_CLIENT_SECRET": outputs["machine_client_secret"],
            "USER_EMAIL": "demo@example.com",
            "OTHER_USER_EMAIL": "second@example.com",
            "USER_PASSWORD": LOCAL_PASSWORD,
        }
    finally:
        stack.stop()


def run(*command: str | Path, environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> None:
    """Run a program, and fail with what it printed."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(map(str, command))}:\n{done.stdout}"
