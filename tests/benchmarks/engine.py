"""How long the real engine takes to preview and make a stack, and how much of that is the program's and ours."""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.results import Result, Row
from tests.engine.engine import Engine
from tests.engine.pulumi_cli import CliError, pulumi_cli

STACK = "prod"


def measure() -> list[Result]:
    """Wall and CPU seconds of `pulumi`, with its plugins; nothing where there is no CLI and none can be built."""
    try:
        cli = pulumi_cli()
    except CliError as problem:
        return [Result(f"The stack {STACK} by the real engine: not measured. {problem}", [])]
    with tempfile.TemporaryDirectory() as folder, Engine(cli, STACK, Path(folder)) as engine:
        engine.done("preview")  # the bytecode of everything
        rows = [
            *_rows("preview of a new stack", engine, ["preview"]),
            *_rows("up", engine, ["up"]),
            *_rows("preview, nothing changed", engine, ["preview"]),
            *_rows("up, nothing changed", engine, ["up"]),
        ]
        count = len(engine.state)
    return [Result(f"The stack {STACK} by the real engine, {count} resources, into the embedded AWS", rows)]


def _rows(name: str, engine: Engine, command: Sequence[str]) -> list[Row]:
    started, before = time.perf_counter(), os.times()
    engine.done(*command)
    wall, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return [Row(f"{name}, wall", wall, "s"), Row("  CPU", cpu, "s")]
