"""What it costs to judge a stack offline: the whole pack against the evaluation that it needs anyway."""

import statistics

from tests.benchmarks.program import ROUNDS, cpu_seconds
from tests.benchmarks.results import Result, Row, interleaved

EVALUATED, JUDGED = "evaluate prod", "evaluate and judge prod"
COMMANDS = {
    EVALUATED: "from toolkit.stacks import evaluate; evaluate('prod')",
    JUDGED: "import pathlib; from toolkit.policy.assessment import assess_offline as a; a('prod', pathlib.Path())",
}


def measure() -> list[Result]:
    """CPU of whole processes, bytecode caches warm."""
    for command in COMMANDS.values():
        cpu_seconds(command)
    taken = interleaved(list(COMMANDS), ROUNDS, lambda name: cpu_seconds(COMMANDS[name]))
    pack = statistics.median(
        judged - evaluated for judged, evaluated in zip(taken[JUDGED], taken[EVALUATED], strict=True)
    )
    rows = [Row(name, statistics.median(cpu), "s") for name, cpu in taken.items()]
    return [Result("The policies on prod, offline, CPU", [*rows, Row("the whole pack", pack, "s", goal="< 2 s")])]
