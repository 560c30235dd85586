"""CPU time of a cold start: from the start of the process to the first answer, DynamoDB included where there is one."""

from tests.benchmarks.functions import BARE, HELLO, HELLO_AS_INSTALLED, OURS, USUAL, Bench, bench
from tests.benchmarks.results import Result, Row, interleaved, ratio, rows_of

ROUNDS = 9
NAMES = (HELLO, OURS, BARE, HELLO_AS_INSTALLED, USUAL)


def measure(on: Bench) -> list[Result]:
    """The cold start of everyone, against the FastAPI hello with bytecode and against the usual way."""
    taken = interleaved(NAMES, ROUNDS, lambda name: on.ask(name, "once")[1])
    rows = rows_of(taken, HELLO, "ms CPU", 1000, {OURS: "<= 1.05 x"})
    against_usual = Row(f"{OURS} / {USUAL}", rows[1].value, "ms CPU", ratio(taken, OURS, USUAL), "<= 0.33 x")
    whole = interleaved((HELLO, OURS), ROUNDS, lambda name: on.ask(name, "whole")[1])
    return [
        Result(f"Cold start to the first answer (ratio to: {HELLO})", [*rows, against_usual]),
        Result("The same, to the end of the process", rows_of(whole, HELLO, "ms CPU", 1000, {OURS: "<= 1.05 x"})),
    ]


if __name__ == "__main__":
    from tests.benchmarks.__main__ import present

    with bench() as built:
        present(measure(built))
