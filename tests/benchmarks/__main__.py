"""Every benchmark in one run: python -m tests.benchmarks [--json FILE]."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks import cold_start, engine, front, in_process, local_stack, package, policies, program
from tests.benchmarks.functions import bench
from tests.benchmarks.results import Result, show


def present(measured: Iterable[Result], file: Path | None = None) -> None:
    """Print each result as soon as it is there, and write them all to a JSON file if one is named."""
    console, results = Console(), []
    for result in measured:
        show(result, console)
        results.append(result)
    if file:
        file.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n")


def every() -> Iterator[Result]:
    """All results, the quick ones first; says on the way what is being measured."""
    say = Console(stderr=True).print
    say("Measuring the package ...")
    yield from package.measure()
    say("Building the functions that are compared ...")
    with bench() as built:
        for name, measure in (("cold starts", cold_start.measure), ("requests", in_process.measure)):
            say(f"Measuring {name} ...")
            yield from measure(built)
    for name, alone in (
        ("the program", program.measure),
        ("the policies", policies.measure),
        ("the real engine", engine.measure),
        ("the local stack", local_stack.measure),
        ("the local front", partial(front.measure, seconds=30)),
    ):
        say(f"Measuring {name} ...")
        yield from alone()


def main(json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here, too.")] = None) -> None:
    """Measure, side by side in one run."""
    present(every(), json_file)


if __name__ == "__main__":
    typer.run(main)
