"""What it costs to evaluate the program offline: against importing the Pulumi SDK, and how much of it is ours."""

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.results import Result, Row, interleaved, rows_of

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
IMPORT = "import pulumi"
COMMANDS = {
    IMPORT: "import pulumi",
    "evaluate local": "from toolkit.stacks import evaluate; evaluate('local')",
    "evaluate dev": "from toolkit.stacks import evaluate; evaluate('dev')",
    "evaluate prod": "from toolkit.stacks import evaluate; evaluate('prod')",
}
GOALS = dict.fromkeys(list(COMMANDS)[1:], "<= 3.5 x")

# As an evaluation does it: of each service only what is touched, and no collection, not even at the end.
LAZILY = (
    "import gc, importlib, runpy; gc.disable(); "
    "runpy.run_path('toolkit/stacks/lazy_services.py')['load_services_lazily'](); "
)
AT_LAST = "; gc.freeze()"
SDK, PROGRAM, WHOLE = "the SDK's imports", "and the import of the program", "and its evaluation"
LOADED = "import sys; from toolkit.stacks import evaluate; evaluate('prod'); print(*sys.modules)"


def measure() -> list[Result]:
    """CPU of whole processes, bytecode caches warm."""
    for name in COMMANDS:
        cpu_seconds(COMMANDS[name])
    taken = interleaved(list(COMMANDS), ROUNDS, lambda name: cpu_seconds(COMMANDS[name]))
    against = "The program evaluated offline, CPU, against `import pulumi`"
    return [Result(against, rows_of(taken, IMPORT, "ms", 1000, GOALS)), _shares()]


def _shares() -> Result:
    """The SDK's modules that prod touches, imported alone; then the program's with them; then all of it."""
    loaded = [name for name in _run(LOADED).split() if name.partition(".")[0] in {"pulumi", "pulumi_aws"}]
    sdk = LAZILY + f"[importlib.import_module(name) for name in {' '.join(loaded)!r}.split()]"
    commands = {
        SDK: sdk + AT_LAST,
        PROGRAM: f"{sdk}; import infrastructure.service, infrastructure.settings" + AT_LAST,
        WHOLE: COMMANDS["evaluate prod"],
    }
    walls: list[float] = []

    def seconds(name: str) -> float:
        started = time.perf_counter()
        cpu = cpu_seconds(commands[name])
        if name == WHOLE:
            walls.append(time.perf_counter() - started)
        return cpu

    taken = interleaved(list(commands), ROUNDS, seconds)
    ours = statistics.median(whole - alone for whole, alone in zip(taken[WHOLE], taken[SDK], strict=True))
    goals = {WHOLE: "< 4 s"}
    rows = [Row(name, statistics.median(cpu), "s", goal=goals.get(name, "")) for name, cpu in taken.items()]
    rows += [Row("ours beyond the SDK's imports", ours, "s", goal="< 1 s")]
    rows += [Row("wall time of the evaluation", statistics.median(walls), "s")]
    return Result(f"The stack prod evaluated offline, CPU; the SDK: {len(loaded)} modules", rows)


def cpu_seconds(code: str) -> float:
    """CPU of an interpreter that runs this, with all that it needs to start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(code)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
