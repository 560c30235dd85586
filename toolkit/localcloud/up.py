"""`./stack up`: the package, the embedded AWS, the program's resources and the API, started and ended together."""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from toolkit.configuration import configuration
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.deployment import KeptDeployment, LocalDeployment
from toolkit.localcloud.engine_deployment import EngineDeployment
from toolkit.localcloud.file_watcher import DeployedFiles, changed_files
from toolkit.localcloud.package_build import end_build, finish_build, start_build
from toolkit.localcloud.progress import Progress
from toolkit.localcloud.running import LocalCloudError, RunningStack, listening, locked_folder
from toolkit.localcloud.serve import ServedStack
from toolkit.localcloud.shutdown_signals import (
    call_on_first_signal,
    defer_interrupt,
    ignore_shutdown_signals,
    interrupt,
)
from toolkit.localcloud.sign_in import create_seed_users
from toolkit.localcloud.stack_file import STACK, LocalStackFile
from toolkit.policy.assessment import assess_offline
from toolkit.policy.pack import configured_pack
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.terminal import console, styled

LOGS = "logs"
Deployment = LocalDeployment | EngineDeployment
PRIVATE = 0o077
"""The umask of this process and its children: only the user may read what they write."""
START_ERRORS = (OSError, RefusedError)
"""The errors whose message is for the user: a part of the stack, or the machine, cannot do its work."""
RECOVERED = (
    "The kept account is damaged: continuing from its last good copy. The file is kept as account.damaged-<time>."
)
DAMAGED = (
    "The kept account is damaged, or another version of moto or Python wrote it: starting without it. "
    "The file is kept as account.damaged-<time>."
)


class PolicyViolationError(RefusedError):
    """The policies block the stack: a failed check, not an error of the environment."""


@dataclass(frozen=True, kw_only=True)
class LocalStack:
    """One run of the local stack, from start to Ctrl-C."""

    stack: str
    """The stack whose settings run."""
    root: Path
    folder: Path
    port: int
    aws_port: int
    build: str
    watch: bool
    keep: bool
    engine: Path | None
    """The Pulumi CLI, where it deploys."""
    _progress: Progress = field(init=False, default_factory=lambda: Progress(console()))
    _umask: int = field(init=False, default_factory=lambda: os.umask(PRIVATE))
    """The umask of the caller, for the files of the package."""

    @property
    def url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    def run(self) -> None:
        """Start everything, serve until Ctrl-C, end everything.

        Raises PolicyViolationError where the policies block the stack, LocalCloudError where it cannot start.
        """
        try:
            with locked_folder(self.folder), ExitStack() as exit_stack:
                with listening(self.port, "--port"), listening(self.aws_port, "--aws-port"):
                    pass  # both are free, and not the same
                call_on_first_signal(interrupt)
                try:
                    self._start(exit_stack)
                except KeyboardInterrupt:
                    self._progress.console.print("Ending every process ...")
                finally:
                    ignore_shutdown_signals()
        except PolicyViolationError:
            raise
        except START_ERRORS as error:
            raise LocalCloudError(_sentence(error)) from error

    def _start(self, exit_stack: ExitStack) -> None:
        progress = self._progress
        stack_file = self._stack_file()
        if stack_file.replaced:
            progress.console.print(styled(f"{self.stack} runs as the stack {STACK}. What cannot run on this machine:"))
            for line in stack_file.replaced:
                progress.console.print(styled(f"  {line}"), soft_wrap=True)
        with defer_interrupt():
            build = start_build(self.build, self.root, self._umask)
            exit_stack.callback(end_build, build)
        region, account_id, logs = stack_file.region, stack_file.account_id, self.folder / LOGS
        engine_deployment = self._engine_deployment(exit_stack)
        aws = EmbeddedAws(
            port=self.aws_port,
            region=region,
            account_id=account_id,
            log=logs / "aws.log",
            kept=engine_deployment.account if engine_deployment else self._kept_account(),
        )
        with progress.phase("embedded AWS", "Starting the embedded AWS ..."):
            exit_stack.push(aws)
            aws.start()
        with progress.phase("package", "Building the Lambda package ..."):
            finish_build(build)
        with progress.phase("policies", "Checking the policies ..."):
            policy_summary = require_policies(self.root, stack_file)
        progress.console.print(styled("  ", (policy_summary, "dim")))
        deployment: Deployment
        if engine_deployment:
            engine_deployment.use_account(aws, progress.console.print)
            deployment, activity = engine_deployment, None  # the engine reports its progress itself
        else:
            deployment, activity = self._deployment(aws, account_id), "Evaluating the Pulumi program ..."
        with progress.phase("resources", activity):
            outputs = deployment.apply()
        if "user_pool_id" in outputs:
            create_seed_users(aws.connection, outputs["user_pool_id"])
        served = ServedStack(aws.connection, account_id, outputs, logs, httpx.URL(self.url))
        asyncio.run(self._serve(served, RunningStack.of(self.url, aws.connection, outputs), deployment))
        progress.console.print("Ending every process ...")

    def _stack_file(self) -> LocalStackFile:
        return LocalStackFile.read(self.root, self.url, self.stack)

    def _data(self, name: str) -> Path:
        """Return the folder with the data of this stack; each stack has its own."""
        return self.folder / (name if self.stack == STACK else f"{name}-{self.stack}")

    def _kept_account(self) -> Path | None:
        folder = self._data("kept")
        if not self.keep:
            return None
        folder.mkdir(exist_ok=True)
        return folder / "account"

    def _deployment(self, aws: EmbeddedAws, account_id: str) -> LocalDeployment:
        progress = self._progress
        if not self.keep:
            return LocalDeployment(aws, account_id, self.root, self._stack_file, progress)
        if aws.account_state in {"damaged", "recovered"}:
            progress.console.print(DAMAGED if aws.account_state == "damaged" else RECOVERED, soft_wrap=True)
        deployment = KeptDeployment(aws, account_id, self.root, self._stack_file, progress)
        deployment.restore()
        return deployment

    def _engine_deployment(self, exit_stack: ExitStack) -> EngineDeployment | None:
        if self.engine is None:
            return None
        folder, report = self._data("pulumi").resolve(), self._progress.console.print
        return exit_stack.enter_context(EngineDeployment.open(self.engine, self.root, folder, self._stack_file, report))

    async def _serve(self, served: ServedStack, running: RunningStack, deployment: Deployment) -> None:
        progress = self._progress
        async with served.serving() as server:
            up, tasks = asyncio.Event(), {server}
            if self.watch:
                watcher = asyncio.create_task(self._watch(served, deployment, running.outputs, up))
                server.add_done_callback(lambda _server: watcher.cancel())
                server.add_done_callback(lambda _server: deployment.interrupt())
                tasks.add(watcher)
            with progress.phase("first request", "Starting a worker ..."):
                functions, _ = await asyncio.gather(served.functions(), served.check_health())
            running.write(self.folder)
            progress.summary(running, self.folder, functions)
            up.set()
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended - {server}:
                if not task.cancelled():
                    task.result()  # a watcher ends first only by a defect, which must be reported

    async def _watch(
        self, served: ServedStack, deployment: Deployment, outputs: Mapping[str, str], up: asyncio.Event
    ) -> None:
        """Deploy again after each change. A change that cannot be deployed is reported, and the last version runs on.

        Changes before the stack is `up` are deployed then.
        """
        report = self._progress.console.print
        pending: set[str] = set()
        deployed = DeployedFiles.of(configuration(), self.root, self.stack)
        async with aclosing(changed_files(self.root, deployed)) as changes:
            async for names in changes:
                await up.wait()
                pending |= names
                only_package = all(deployed.is_packaged(name) for name in pending)
                started = time.perf_counter()
                try:
                    now = await self._build_and_apply(deployment, only_package=only_package)
                    await served.refresh()
                except START_ERRORS as error:
                    report(styled(("✗", "red"), f" {_sentence(error)}"))
                    continue
                pending.clear()
                seconds = time.perf_counter() - started
                changed = ", ".join(sorted(names))
                report(styled(("✓", "green"), f" {changed}: {deployment.changes} ", (f"{seconds:.1f} s", "dim")))
                if _lasting(now) != _lasting(outputs):
                    report(styled(("!", "yellow"), " The stack's outputs changed: start it again to use them."))

    async def _build_and_apply(self, deployment: Deployment, *, only_package: bool) -> Mapping[str, str]:
        """Build and deploy what changed since the last good deployment, and return the outputs."""
        await asyncio.to_thread(lambda: finish_build(start_build(self.build, self.root, self._umask)))
        if not only_package:  # no policy evaluates a package
            await asyncio.to_thread(lambda: require_policies(self.root, self._stack_file()))
        return await asyncio.to_thread(deployment.apply)


def require_policies(root: Path, stack_file: LocalStackFile) -> str:
    """Return the number of evaluations. Raises PolicyViolationError with the violations that block, RefusedError."""
    assessment = assess_offline(configured_pack(), STACK, root, stack_file.config)
    if assessment.blocking:
        violations = [
            f"  {one.rule.name} at {one.urn.rpartition('::')[2] or 'the stack'}: {'; '.join(one.messages)}"
            for one in assessment.blocking
        ]
        raise PolicyViolationError("\n".join(["The policies block this stack; no resource was created:", *violations]))
    return f"{len(assessment.results)} evaluations, {len(assessment.warnings)} warnings (./stack policies {STACK})"


def _lasting(outputs: Mapping[str, str]) -> dict[str, str]:
    """The outputs that stay while only the function's code changes."""
    return {name: value for name, value in outputs.items() if name != "function_version"}


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'The machine'}: {error.strerror}."
    return str(error)
