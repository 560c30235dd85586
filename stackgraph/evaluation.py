"""Runs the program of a stack without an engine and returns what it registered."""

import asyncio
import json
import logging
import runpy
import threading
import traceback
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import configure, mocks, run_in_stack, set_all_config
from pulumi.runtime.settings import Settings

from stackgraph.errors import EvaluationError, StackFileError
from stackgraph.graph import ResourceGraph
from stackgraph.imagined import ImaginedCloud
from stackgraph.isolation import (
    InlineExecutor,
    caller_environment_hidden,
    collection_paused,
    fresh_program,
    package_of,
    stack_traces_cut,
)
from stackgraph.lazy_services import load_services_lazily
from stackgraph.monitor import RecordingMonitor
from stackgraph.provider import ResourceProvider
from stackgraph.secret import Secret
from stackgraph.stack_files import Project, is_secret, load_project, load_stack_config

_CONCURRENT_CREATES = 16
_one_at_a_time = threading.Lock()  # an evaluation borrows the process's environment and modules


def evaluate(
    stack: str,
    *,
    root: Path = Path(),
    provider: ResourceProvider | None = None,
    dry_run: bool = True,
    config: Mapping[str, str] | None = None,
) -> ResourceGraph:
    """The resources and outputs of a stack: by the provider's answers, or by plausible ones where none is given.

    `config` adds to and overrides what the stack's file says. Without a provider nothing but files below `root` is
    read: no network, no credentials, no environment. Raises EvaluationError, one sentence, for whatever goes wrong.
    """
    try:
        project = load_project(root)
        values = {**load_stack_config(stack, root), **(config or {})}
    except StackFileError as error:
        raise EvaluationError(str(error)) from None
    evaluation = _Evaluation(project, stack, root.resolve(), provider, dry_run, values)
    load_services_lazily()
    with _one_at_a_time, collection_paused():
        return _in_a_thread(evaluation.run)


@dataclass(frozen=True)
class _Evaluation:
    project: Project
    stack: str
    root: Path
    provider: ResourceProvider | None
    dry_run: bool
    config: Mapping[str, Any]

    def run(self) -> ResourceGraph:
        """Evaluate in this thread, which must have no event loop of its own."""
        provider = self.provider or ImaginedCloud(str(self.config.get("aws:region", "us-east-1")))
        monitor = RecordingMonitor(provider, self.project.name, self.stack)
        package = package_of(self.root / self.project.main)
        # A provider's own work may need the environment (a proxy, a home): there only the program goes without.
        with nullcontext() if self.provider else caller_environment_hidden(), fresh_program(package):
            self._configure(monitor)
            try:
                _run_to_end(run_in_stack(self._run_program), inline=self.provider is None)
            except BaseException as error:
                raise monitor.failure or self._program_error(error) from error
        resources = monitor.recorded
        return ResourceGraph(self.project.name, self.stack, resources, resources[0].outputs)

    def _configure(self, monitor: RecordingMonitor) -> None:
        settings = Settings(
            project=self.project.name,
            stack=self.stack,
            monitor=monitor,
            engine=mocks.MockEngine(logging.getLogger("stackgraph")),
            dry_run=self.dry_run,
            organization="organization",
            root_directory=str(self.root),
        )
        configure(settings)
        secrets = {
            key for key, value in self.config.items() if isinstance(value, Secret) or is_secret(self.project, key)
        }
        set_all_config({key: _as_config(value) for key, value in self.config.items()}, sorted(secrets))

    async def _run_program(self) -> None:
        with caller_environment_hidden(), stack_traces_cut():
            runpy.run_path(str(self.root / self.project.main / "__main__.py"), run_name="__main__")
        # The SDK waits for one output after the other, looking at all of them each time; waiting here first is cheaper.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)

    def _program_error(self, error: BaseException) -> EvaluationError:
        if isinstance(error, pulumi.RunError):
            return EvaluationError(str(error))
        where = ""
        for frame in traceback.extract_tb(error.__traceback__):
            if Path(frame.filename).is_relative_to(self.root / self.project.main):
                where = f" ({Path(frame.filename).relative_to(self.root)}, line {frame.lineno})"
        words = str(error).strip().replace("\n", " ") or "no message"
        return EvaluationError(f"The program of stack {self.stack} failed with {type(error).__name__}: {words}{where}.")


def _as_config(value: Any) -> str:
    value = value.reveal() if isinstance(value, Secret) else value
    return value if isinstance(value, str) else json.dumps(value)


def _run_to_end(program: Coroutine[Any, Any, None], *, inline: bool) -> None:
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        loop = runner.get_loop()
        loop.set_default_executor(InlineExecutor() if inline else ThreadPoolExecutor(_CONCURRENT_CREATES))
        loop.set_exception_handler(
            lambda _loop, _context: None
        )  # the first error is raised; its echoes say nothing new
        runner.run(program)


def _in_a_thread(work: Callable[[], ResourceGraph]) -> ResourceGraph:
    """Do the work in a thread of its own: the caller may run an event loop, and the SDK's settings need a context."""
    results: list[ResourceGraph] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="evaluation", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
