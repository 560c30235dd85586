"""Instructions of a cold start under valgrind: the same from run to run, so a gate can hold them."""

import re
import shutil
import subprocess
from typing import Annotated

import typer

from tests.benchmarks.functions import BARE, HELLO, OURS, Bench, bench
from tests.benchmarks.results import Result, Row

GATE = 1.10
TOTAL = re.compile(r"I\s+refs:\s+([\d,]+)")


def count(on: Bench, name: str) -> int:
    """The instructions from the start of a process to its first answer."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    command = [*valgrind, *on.command(name, "once")]
    answer = subprocess.run(command, env=on.environment, capture_output=True, text=True)
    found = TOTAL.search(answer.stderr)
    if answer.returncode != 0 or not found:
        raise SystemExit(f"{name} did not answer under valgrind: {(answer.stdout + answer.stderr).strip()[-2000:]}")
    return int(found.group(1).replace(",", ""))


def measure(on: Bench) -> list[Result]:
    """The counts of the bare handler, the hello and ours, as ratios to the hello."""
    counts = {name: count(on, name) for name in (HELLO, OURS, BARE)}
    goals = {OURS: f"<= {GATE:.2f} x"}
    rows = [Row(n, c / 1e6, "M instructions", c / counts[HELLO], goals.get(n, "")) for n, c in counts.items()]
    return [Result(f"Instructions of a cold start (ratio to: {HELLO})", rows)]


def main(gate: Annotated[bool, typer.Option(help="Fail above the goal.")] = False) -> None:
    """Count, and with --gate fail when a cold start of ours needs too many instructions."""
    from tests.benchmarks.__main__ import present

    if not shutil.which("valgrind"):
        raise SystemExit("valgrind was not found on PATH: install it (apt-get install valgrind) to count instructions.")
    with bench() as built:
        results = measure(built)
    present(results)
    ours = next(row for row in results[0].rows if row.name == OURS)
    if gate and ours.ratio is not None and ours.ratio > GATE:
        raise SystemExit(
            f"A cold start of {OURS} needs {ours.ratio:.3f} x the instructions of {HELLO}; at most {GATE} x."
        )


if __name__ == "__main__":
    typer.run(main)
