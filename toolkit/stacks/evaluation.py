"""Runs the program of a stack without an engine and returns what it registered."""

import asyncio
import ctypes
import logging
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi.runtime import configure, mocks, run_in_stack, set_all_config
from pulumi.runtime.settings import SETTINGS, Settings

from toolkit.resource_types.outputs.place import stack_place
from toolkit.stacks.autonaming import ORGANIZATION, automatic_names
from toolkit.stacks.errors import EvaluationError, StackFileError
from toolkit.stacks.execution import CallExecutor, InlineExecutor
from toolkit.stacks.graph import ResourceGraph
from toolkit.stacks.isolation import (
    caller_environment_hidden,
    collection_paused,
    process_state_restored,
    stack_traces_cut,
)
from toolkit.stacks.lazy_services import load_services_lazily
from toolkit.stacks.marks import Secret, reveal
from toolkit.stacks.monitor import RecordingMonitor
from toolkit.stacks.preview_provider import PreviewProvider
from toolkit.stacks.program import Program, find_program
from toolkit.stacks.provider import ResourceProvider, SingleProviderCloud
from toolkit.stacks.recording import Recording
from toolkit.stacks.stack_files import (
    Project,
    config_text,
    is_secret,
    load_project,
    load_stack_config,
    secret_names,
    with_placeholders,
)

_CONCURRENT_CREATES = 16
_LONGEST_IDLE_SECONDS = 120
"""Seconds without a request after which a program counts as stuck; the SDK's slowest import takes a few."""
_LONGEST_SECONDS = 600
"""Seconds for the evaluation of a program without a provider."""
_ATTEMPTS_TO_STOP = 10
_STOP_SECONDS = 0.2
_one_at_a_time = threading.Lock()  # an evaluation borrows the process's environment, folder and modules


def evaluate(
    stack: str,
    *,
    root: Path = Path(),
    provider: ResourceProvider | None = None,
    dry_run: bool = True,
    config: Mapping[str, str] | None = None,
) -> ResourceGraph:
    """Return the resources and outputs of a stack; without a provider, computed outputs are placeholders.

    `config` adds to the stack's file and overrides it. Without a provider nothing but files below `root` is
    read: no network, no credentials, no environment. What cannot be known that way is unknown, and listed in `gaps`
    where resources or answers are missing. Raises EvaluationError, one sentence, for every failure.
    """
    try:
        project = load_project(root)
        values = with_placeholders(project, {**load_stack_config(stack, root, project), **(config or {})})
        generated = {f"{project.name}:{name}" for name in secret_names(project, values)} & (config or {}).keys()
        values |= {key: Secret(values[key]) for key in generated}
        names = automatic_names(values, project.name, stack)
        program = find_program(project, root.resolve())
    except StackFileError as error:
        raise EvaluationError(str(error)) from None
    cloud = SingleProviderCloud(provider) if provider else PreviewProvider(stack_place(values, project.name))
    monitor = RecordingMonitor(cloud, Recording(project.name, stack, values), names)
    load_services_lazily()
    with _one_at_a_time, collection_paused(), process_state_restored():
        return _Evaluation(project, stack, program, monitor, dry_run, values, offline=provider is None).result()


@dataclass
class _Evaluation:
    project: Project
    stack: str
    program: Program
    monitor: RecordingMonitor
    dry_run: bool
    config: Mapping[str, Any]
    offline: bool
    _loop: asyncio.AbstractEventLoop | None = None
    _results: list[ResourceGraph] = field(default_factory=list)
    _errors: list[BaseException] = field(default_factory=list)

    def result(self) -> ResourceGraph:
        """Evaluate in a separate thread: the caller may run an event loop, and the SDK's settings need a context."""
        thread = threading.Thread(target=self._keep_result, name="evaluation", daemon=True)
        started = time.monotonic()
        thread.start()
        while thread.is_alive():
            thread.join(1)
            too_long = self.offline and time.monotonic() - started > _LONGEST_SECONDS
            if thread.is_alive() and (too_long or self.monitor.idle_timer.idle_seconds > _LONGEST_IDLE_SECONDS):
                self._stop(thread)
                raise EvaluationError(
                    f"The program of stack {self.stack} does not end; it waits or computes and registers nothing."
                )
        if self._errors:
            raise self._errors[0]
        return self._results[0]

    def _keep_result(self) -> None:
        try:
            self._results.append(self._run())
        except BaseException as error:
            self._errors.append(error)

    def _run(self) -> ResourceGraph:
        with ExitStack() as stack:
            if self.offline:
                # A provider may need the environment (a proxy, a home), so only the program runs without it.
                stack.enter_context(caller_environment_hidden())
                # Standard output belongs to the command.
                stack.enter_context(redirect_stdout(sys.stderr))
            stack.enter_context(self.program.placed())
            self._configure()
            try:
                self._run_to_end()
            except BaseException as error:
                raise self.monitor.failure or self.program.error_of(error, self.stack) from error
        return self.monitor.graph(self.program.shown)

    def _configure(self) -> None:
        settings = Settings(
            project=self.project.name,
            stack=self.stack,
            monitor=self.monitor,
            engine=mocks.MockEngine(logging.getLogger("toolkit.stacks")),
            dry_run=self.dry_run,
            organization=ORGANIZATION,
            root_directory=str(self.program.root),
        )
        settings.callbacks = self.monitor.callbacks
        configure(settings)
        secrets = {
            key for key, value in self.config.items() if isinstance(value, Secret) or is_secret(self.project, key)
        }
        set_all_config({key: config_text(reveal(value)) for key, value in self.config.items()}, sorted(secrets))

    def _run_to_end(self) -> None:
        with asyncio.Runner() as runner:
            loop = self._loop = runner.get_loop()
            executor = InlineExecutor(loop) if self.offline else CallExecutor(loop, _CONCURRENT_CREATES)
            loop.set_default_executor(executor)
            # The first error is raised; later ones follow from it.
            loop.set_exception_handler(lambda _loop, _context: None)
            runner.run(run_in_stack(self._run_program))

    async def _run_program(self) -> None:
        with caller_environment_hidden(), stack_traces_cut():
            self.program.run()
        # The SDK waits for one output after the other, looking at all of them each time; waiting here first is cheaper.
        while waiting := [task for task in (*SETTINGS.rpc_manager.rpcs, *SETTINGS.outputs) if not task.done()]:
            await asyncio.wait(waiting)

    def _stop(self, thread: threading.Thread) -> None:
        """End the program's thread as far as Python can: a wait by stopping its loop, a computation by an exception."""
        for attempt in range(_ATTEMPTS_TO_STOP):
            with suppress(RuntimeError):  # the loop may end meanwhile
                if self._loop is not None:
                    self._loop.call_soon_threadsafe(self._loop.stop)
            if attempt and thread.ident is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread.ident), ctypes.py_object(_StoppedError)
                )
            thread.join(_STOP_SECONDS)
            if not thread.is_alive():
                return


class _StoppedError(BaseException):
    """Raised inside a program that does not end; no program catches it by accident."""
