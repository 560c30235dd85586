"""Every benchmark in one run: python -m tests.benchmarks [--json FILE]."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks import cold_start, engine, front, in_process, local_stack, package, policies, program
from tests.benchmarks.functions import bench
from tests.benchmarks.results import Result, show


def present(results: list[Result], file: Path | None = None) -> None:
    """Print the results, and write them to a JSON file if one is named."""
    console = Console()
    for result in results:
        show(result, console)
    if file:
        file.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n")


def main(json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here, too.")] = None) -> None:
    """Measure, side by side in one run."""
    results = package.measure()
    with bench() as built:
        results += cold_start.measure(built) + in_process.measure(built)
    results += (
        program.measure() + policies.measure() + engine.measure() + local_stack.measure() + front.measure(seconds=30)
    )
    present(results, json_file)


if __name__ == "__main__":
    typer.run(main)
