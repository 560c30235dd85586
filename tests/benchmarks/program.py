"""What it costs to evaluate the program offline, against importing the Pulumi SDK."""

import resource
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.results import Result, interleaved, rows_of

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
IMPORT = "import pulumi"
COMMANDS = {
    IMPORT: "import pulumi",
    "evaluate local": "from stackgraph import evaluate; evaluate('local')",
    "evaluate dev": "from stackgraph import evaluate; evaluate('dev')",
    "evaluate prod": "from stackgraph import evaluate; evaluate('prod')",
}
GOALS = dict.fromkeys(list(COMMANDS)[1:], "<= 3.5 x")


def measure() -> list[Result]:
    """CPU milliseconds of a whole process, bytecode caches warm."""
    for name in COMMANDS:
        _cpu_seconds(name)
    taken = interleaved(list(COMMANDS), ROUNDS, _cpu_seconds)
    return [
        Result("The program evaluated offline, CPU, against `import pulumi`", rows_of(taken, IMPORT, "ms", 1000, GOALS))
    ]


def _cpu_seconds(name: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", COMMANDS[name]], cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
