"""CPU time of a request inside the process: the first after INIT, and a warm one without DynamoDB's share."""

from tests.benchmarks.functions import HELLO, OURS, Bench, bench
from tests.benchmarks.results import Result, interleaved, rows_of

ROUNDS = 7
PRIMED, UNPRIMED = "first request, primed", "first request, unprimed"


def measure(on: Bench) -> list[Result]:
    """The first request with and without priming; the warm request against the hello's."""
    modes = {UNPRIMED: "unprimed", PRIMED: "primed"}
    first = interleaved(tuple(modes), ROUNDS, lambda name: float(on.ask(OURS, modes[name])[0]))
    warm = interleaved((HELLO, OURS), ROUNDS, lambda name: float(on.ask(name, "warm")[0]))
    return [
        Result(f"{OURS}: first request after INIT", rows_of(first, UNPRIMED, "ms CPU", 1000, {PRIMED: "<= 0.15 x"})),
        Result("Warm authenticated GET, DynamoDB left out", rows_of(warm, HELLO, "us CPU", 1e6, {OURS: "<= 1.40 x"})),
    ]


if __name__ == "__main__":
    from tests.benchmarks.__main__ import present

    with bench() as built:
        present(measure(built))
