"""`unlock`: free the state of a run that was killed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.plan import AsJson
from pipeline.commands.refusals import refusals, say
from pipeline.deployment.locks import free_stale, lock_store, locks_of
from pipeline.engine_runs import StackRun, backend_url
from stackgraph import load_stack_config
from stackgraph.stack_files import load_project


def unlock(
    stack: Annotated[str, typer.Option(help="The stack whose state is locked.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be freed, change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Free locks under which provably nobody works: of a dead process of this machine, of a job that GitHub has ended.

    Exit 1, and no lock freed, where somebody may still work under one.
    """
    root = Path.cwd()
    with refusals():
        load_stack_config(stack, root)
        run = StackRun(stack, root)
        store = lock_store(backend_url(root))
        locks = locks_of(store, load_project(root).name, stack)
        free_stale(stack, locks, store, dry_run=dry_run)
        pending = run.export()["deployment"].get("pending_operations", [])
    now = datetime.now(UTC)
    freed = [lock.described(now) for lock in locks]
    if as_json:
        typer.echo(json.dumps({"stack": stack, "freed": freed, "pending": len(pending)}, indent=2))
    elif not freed:
        typer.echo(f"{stack} is not locked.")
    for line in () if as_json else freed:
        typer.echo(f"{'would free' if dry_run else 'freed'}: {line}")
    if pending:
        say(f"{len(pending)} operations were under way: see Unlock and repair in docs/operations.md.", "yellow")
