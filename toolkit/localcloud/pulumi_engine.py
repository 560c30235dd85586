"""Runs the Pulumi CLI for the stack `local`; its state, passphrase and configuration are in one folder."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from toolkit.engine.answers import OUTPUTS, read_answer
from toolkit.engine.cli import PulumiCli
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.shutdown_signals import defer_interrupt
from toolkit.localcloud.stack_file import STACK, LocalStackFile
from toolkit.stacks.declared_secrets import new_secret
from toolkit.stacks.files import write_file
from toolkit.stacks.yaml_documents import read_yaml, write_yaml

PLUGINS = Path(__file__).parent / "plugins" / "bin"
"""The plugins for the embedded AWS."""
INHERITED = ("COLORTERM", "LANG", "LC_ALL", "NO_COLOR", "TERM", "TMPDIR")
"""Environment variables of the developer that the engine gets: no token, proxy or profile."""


class PulumiEngine:
    """The CLI with one folder for all that it writes; it writes nothing into the checkout."""

    def __init__(self, cli: Path, root: Path, folder: Path, lock: int) -> None:
        self._cli_file = cli
        self._root = root
        self._folder = folder
        self._lock = lock
        self._update: subprocess.Popen[bytes] | None = None

        self._project = folder / "project"
        self._stack_file = self._project / f"Pulumi.{STACK}.yaml"
        self.stacks = folder / "state" / ".pulumi" / "stacks"
        """The folder of the state's own files."""

    @property
    def has_stack(self) -> bool:
        """Return whether there is a state."""
        return any(self.stacks.rglob(f"{STACK}.json"))

    def configure(self, stack_file: LocalStackFile) -> None:
        """Create the stack where there is none, and give it this configuration and its generated secrets.

        Raises EngineError.
        """
        self._install_plugins()
        self._project.mkdir(exist_ok=True)
        shutil.copyfile(self._root / "Pulumi.yaml", self._project / "Pulumi.yaml")
        settings: dict[str, Any] = {"config": dict(stack_file.values)}
        kept = read_yaml(self._stack_file, as_engine=True) if self._stack_file.exists() else {}
        if not self.has_stack:
            self._new_passphrase()
            (self._folder / "state").mkdir(exist_ok=True)
            write_file(self._stack_file, write_yaml(settings))
            self._cli(self._project).answer("stack", "init", STACK, "--no-select")
            kept = read_yaml(self._stack_file, as_engine=True)
        settings["encryptionsalt"] = kept["encryptionsalt"]
        settings["config"] |= {key: kept["config"][key] for key in stack_file.secrets if key in kept["config"]}
        write_file(self._stack_file, write_yaml(settings))
        for key in stack_file.secrets:
            if key not in kept["config"]:
                command = ("config", "set", "--secret", key, "--stack", STACK)
                self._cli(self._project).answer(*command, typed=new_secret())

    def up(self, connection: AwsConnection, *, refresh: bool) -> int:
        """Run `pulumi up` with its output on this terminal, and return its exit code: negative where it was killed.

        An interrupt lets it finish the current operation; KeyboardInterrupt is raised after that. Raises EngineError.
        """
        command = ["up", "--yes", "--skip-preview", "--non-interactive", "--suppress-permalink=true", "--stack", STACK]
        # By default it prints colours only where it may also prompt.
        command += ["--color", "always" if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else "never"]
        command += ["--config-file", str(self._stack_file), *(["--refresh"] if refresh else [])]
        interrupted = False
        try:
            with defer_interrupt():
                update = self._update = self._cli(self._root, connection).start(*command, pass_fds=[self._lock])
        except KeyboardInterrupt:
            interrupted = True
            self.interrupt()
        while True:
            try:
                code = update.wait()
            except KeyboardInterrupt:
                if not interrupted:  # a second one would have the engine abandon the current operation
                    self.interrupt()
                interrupted = True
            else:
                break
        if interrupted:
            raise KeyboardInterrupt
        return code

    def interrupt(self) -> None:
        """End the running update after its current operation."""
        if self._update is not None and self._update.poll() is None:
            self._update.send_signal(signal.SIGINT)

    def outputs(self) -> dict[str, str]:
        """Return the stack's outputs in the clear."""
        printed = self._cli(self._project).answer("stack", "output", "--json", "--show-secrets", "--stack", STACK)
        outputs, _ = read_answer(OUTPUTS, printed, "What `pulumi stack output` prints")
        return {name: str(value) for name, value in outputs.items()}

    def _install_plugins(self) -> None:
        """Install the plugins where the engine finds them, under the versions of the installed SDKs."""
        installed = self._folder / "home" / "plugins"
        shutil.rmtree(installed, ignore_errors=True)
        for plugin in PLUGINS.glob("pulumi-*"):
            _, kind, name = plugin.name.split("-")
            sdk = "pulumi" if kind == "language" else f"pulumi-{name}"
            place = installed / f"{kind}-{name}-v{version(sdk)}"
            place.mkdir(parents=True)
            (place / plugin.name).symlink_to(plugin)

    def _new_passphrase(self) -> None:
        path = self._folder / "passphrase"
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))

    def _cli(self, folder: Path, connection: AwsConnection | None = None) -> PulumiCli:
        return PulumiCli(str(self._cli_file), folder, self._environment(connection))

    def _environment(self, connection: AwsConnection | None) -> dict[str, str]:
        path = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
        environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PATH": os.pathsep.join(path),
            "HOME": str(self._folder),
            "PULUMI_HOME": str(self._folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self._folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(self._folder / "passphrase"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",  # of the developer's plugins only those next to the CLI
            "PULUMI_SUPPRESS_NEO_LINK": "true",
        }
        return environment if connection is None else environment | connection.environment
