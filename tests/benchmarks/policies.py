"""CPU time of the whole policy pack on a stack offline, without the evaluation of the program."""

import statistics

from tests.benchmarks.program import ROUNDS, cpu_seconds
from tests.benchmarks.results import Result, Row, interleaved

EVALUATED, ASSESSED = "evaluate prod", "evaluate prod and its policies"
COMMANDS = {
    EVALUATED: "from toolkit.stacks import evaluate; evaluate('prod')",
    ASSESSED: (
        "from pathlib import Path; from toolkit.policy.assessment import assess_offline; "
        "from toolkit.policy.pack import configured_pack; assess_offline(configured_pack(), 'prod', Path.cwd())"
    ),
}


def measure() -> list[Result]:
    """CPU of whole processes, bytecode caches warm."""
    for command in COMMANDS.values():
        cpu_seconds(command)
    taken = interleaved(list(COMMANDS), ROUNDS, lambda name: cpu_seconds(COMMANDS[name]))
    pack = statistics.median(
        assessed - evaluated for assessed, evaluated in zip(taken[ASSESSED], taken[EVALUATED], strict=True)
    )
    rows = [Row(name, statistics.median(cpu), "s") for name, cpu in taken.items()]
    return [Result("The policies on prod, offline, CPU", [*rows, Row("the whole pack", pack, "s", goal="< 2 s")])]
