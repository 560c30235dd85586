"""How long the real engine takes to preview and make a stack, and how much of that is the program's."""

import os
import tempfile
import time
from pathlib import Path

import pulumi_aws

from tests.benchmarks.results import Result, Row
from tests.engine.engine import Engine
from toolkit.engine import EngineError
from toolkit.engine.cli import pulumi_cli
from toolkit.stacks import evaluate

STACK = "prod"
PACK = Path(__file__).resolve().parents[2] / "policies"
SDK_ALONE = """
import importlib

import pulumi_aws as aws

for service in {services!r}:
    importlib.import_module(f"pulumi_aws.{{service}}")
aws.Provider("aws", region="eu-central-1")
"""


def measure() -> list[Result]:
    """Wall and CPU seconds of `pulumi`, with its plugins; nothing where there is no CLI and none can be built."""
    title = f"The stack {STACK} by the real engine"
    try:
        cli = pulumi_cli()
    except EngineError as problem:
        return [Result(f"{title}: not measured. {problem}", [])]
    with tempfile.TemporaryDirectory() as folder, Engine(cli, STACK, Path(folder)) as engine:
        engine.done("preview")  # the bytecode of everything
        whole = _rows("preview of the new stack", engine, "preview")
        program = engine.root / "infrastructure" / "__main__.py"
        text = program.read_text()
        program.write_text(SDK_ALONE.format(services=_services()))
        alone = _rows("preview of a program that only imports the same of the SDK", engine, "preview")
        program.write_text(text)
        share = Row("the program and its resources beyond that, CPU", whole[1].value - alone[1].value, "s")
        with_policies = _rows("preview with the policies", engine, "preview", "--policy-pack", str(PACK))
        policies = Row("the policies beyond that, wall", with_policies[0].value - whole[0].value, "s", goal="< 3 s")
        rows = [
            *whole,
            *alone,
            share,
            *with_policies,
            policies,
            *_rows("up", engine, "up"),
            *_rows("preview, nothing changed", engine, "preview"),
        ]
        return [Result(f"{title}, {len(engine.state)} resources, into the embedded AWS", rows)]


def _services() -> list[str]:
    """The packages of the SDK that the stack uses; one that Python has a word for ends in an underscore."""
    types = [resource.type for resource in evaluate(STACK).resources if resource.type.startswith("aws:")]
    folder = Path(pulumi_aws.__file__).parent
    names = {type.split(":")[1].partition("/")[0] for type in types}
    return sorted(name if (folder / name).is_dir() else f"{name}_" for name in names)


def _rows(name: str, engine: Engine, *command: str) -> list[Row]:
    started, before = time.perf_counter(), os.times()
    engine.done(*command)
    wall, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return [Row(f"{name}, wall", wall, "s"), Row("  CPU", cpu, "s")]
