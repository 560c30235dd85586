"""`unlock`: stop an update that a cancelled job left running, and release the lock of one that was killed."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.engine.process import EngineRecord, last_engine, log_of, refuse_concurrent_run, stacks_with_engines
from toolkit.engine.runs import StackRun, backend_url, stacks_in_backend
from toolkit.pipeline.unlock.locks import Evidence, lock_store, locks_of, release_stale_locks
from toolkit.refusals import refusals, say
from toolkit.stacks import load_stack_config
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.stack_files import load_project
from toolkit.stacks.terminal import echo

SHOWN_LINES = 20
RUNBOOK = "see Unlock and repair in docs/operations.md"


def unlock(
    stack: Annotated[str | None, stack_argument("The stack; by default each one that this checkout wrote to.")] = None,
    stop_within: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="First stop a command of this checkout that still writes to the stack, and wait so many seconds.",
        ),
    ] = None,
    ended: Annotated[
        list[str] | None,
        typer.Option(metavar="PID@HOST", help="A process that holds a lock and that you know has ended."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be released, change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Release locks of ended processes: of this machine, of a job that GitHub ended, or named with --ended.

    Exit 1 and release no lock where a process may still run.
    """
    root = Path.cwd()
    with refusals():
        refused = []
        names = [stack] if stack is not None else stacks_with_engines(root)
        if not names:
            say("This checkout wrote to no stack: name one with --stack.")
        for name in names:
            try:
                if stop_within is not None and not dry_run:
                    _stop(name, root, stop_within)
                _show(_free(name, root, ended or (), dry_run=dry_run), as_json=as_json, dry_run=dry_run)
            except FileError:
                raise
            except RefusedError as error:
                refused.append(str(error))
        if refused:
            raise RefusedError(" ".join(refused))


def _stop(stack: str, root: Path, seconds: float) -> None:
    engine = last_engine(root, stack)
    if engine is None or not engine.runs:
        return
    say(f"Waiting for `pulumi {engine.command}` of {stack} (pid {engine.pid}) to end its calls")
    if not engine.interrupt(root).wait(seconds):
        raise RefusedError(
            f"`pulumi {engine.command}` of {stack!r} (pid {engine.pid}) still runs after {seconds:.0f} seconds and "
            f"keeps its lock: if it is killed, what its calls make may be missing from the state; {RUNBOOK}."
        )
    for line in log_of(root, stack).read_text(errors="replace").splitlines()[-SHOWN_LINES:]:
        say(f"  {line}")


def _free(stack: str, root: Path, ended: Collection[str], *, dry_run: bool) -> dict[str, Any]:
    engine = last_engine(root, stack)
    project = load_project(root)
    if engine is None:
        load_stack_config(stack, root, project)  # first of all refuse a stack that does not exist
    refuse_concurrent_run(root, stack)
    store = lock_store(backend_url(root))
    locks = locks_of(store, project.name, stack)
    release_stale_locks(stack, locks, store, _evidence(root, engine, ended), dry_run=dry_run)
    now = datetime.now(UTC)
    return {"stack": stack, "freed": [lock.described(now) for lock in locks], "pending": _pending(stack, root)}


def _evidence(root: Path, engine: EngineRecord | None, ended: Collection[str]) -> Evidence:
    if engine is None:
        return Evidence(None, ended)
    written = log_of(root, engine.stack).stat().st_mtime if log_of(root, engine.stack).exists() else 0.0
    return Evidence(engine, ended, max(datetime.fromtimestamp(written, UTC), engine.started))


def _pending(stack: str, root: Path) -> list[str]:
    """Return the pending operations of a killed engine; none where a destroy removed the stack."""
    if stack not in stacks_in_backend(root) and last_engine(root, stack):
        return []
    operations = StackRun(stack, root).export()["deployment"].get("pending_operations") or ()
    return [f"{each['type']} {each['resource']['urn']}" for each in operations]


def _show(found: dict[str, Any], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        echo(json.dumps(found, indent=2))
    elif not found["freed"]:
        echo(f"{found['stack']} is not locked.")
    for line in () if as_json else found["freed"]:
        echo(f"{'would free' if dry_run else 'freed'}: {line}")
    if found["pending"]:
        say(f"{len(found['pending'])} operations were under way, {RUNBOOK}: {', '.join(found['pending'])}", "yellow")
