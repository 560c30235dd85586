"""CPU time of a request inside the process: the first after INIT, and a warm one without DynamoDB's share."""

from tests.benchmarks.functions import HELLO, OURS, USUAL, Bench, bench
from tests.benchmarks.results import Result, Row, interleaved, ratio, rows_of

ROUNDS = 7
PRIMED, UNPRIMED, UNPRIMED_USUAL = f"{OURS}, primed", f"{OURS}, unprimed", f"{USUAL}, unprimed"
FIRST = {UNPRIMED: (OURS, "unprimed"), PRIMED: (OURS, "primed"), UNPRIMED_USUAL: (USUAL, "primed")}
FIRST_GOALS = {PRIMED: "<= 0.15 x"}


def measure(on: Bench) -> list[Result]:
    """The first request with and without priming, and as the usual way has it; the warm request against the hello's."""
    first = interleaved(tuple(FIRST), ROUNDS, lambda name: float(on.ask(*FIRST[name])[0]))
    warm = interleaved((HELLO, OURS), ROUNDS, lambda name: float(on.ask(name, "warm")[0]))
    against_ours = rows_of(first, UNPRIMED, "ms CPU", 1000, FIRST_GOALS)
    against_usual = Row(
        f"{OURS}, primed / {USUAL}", against_ours[1].value, "ms CPU", ratio(first, PRIMED, UNPRIMED_USUAL)
    )
    return [
        Result(f"First request after INIT (ratio to: {UNPRIMED})", [*against_ours, against_usual]),
        Result("Warm authenticated GET, DynamoDB left out", rows_of(warm, HELLO, "us CPU", 1e6, {OURS: "<= 1.40 x"})),
    ]


if __name__ == "__main__":
    from tests.benchmarks.__main__ import present

    with bench() as built:
        present(measure(built))
