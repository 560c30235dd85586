"""CPU time of a request inside the process: the first after INIT, and a warm one without DynamoDB's share."""

from tests.benchmarks.functions import HELLO, OURS, OURS_UNTRIMMED, USUAL, Bench, bench
from tests.benchmarks.results import Result, Row, interleaved, ratio, rows_of

ROUNDS = 9
PRIMED, UNPRIMED = f"{OURS}, primed", f"{OURS}, unprimed"
UNTRIMMED, UNPRIMED_USUAL = f"{OURS_UNTRIMMED}, unprimed", f"{USUAL}, unprimed"
FIRST = {
    UNTRIMMED: (OURS_UNTRIMMED, "unprimed"),
    UNPRIMED: (OURS, "unprimed"),
    PRIMED: (OURS, "primed"),
    UNPRIMED_USUAL: (USUAL, "primed"),  # it has nothing that primes
}
FIRST_GOALS = {PRIMED: "<= 0.15 x"}


def measure(on: Bench) -> list[Result]:
    """The first request with and without priming, and as the usual way has it; the warm request against the hello's.

    Priming is measured against the botocore that everybody has: the trimmed one has made most of it cheap before.
    """
    first = interleaved(tuple(FIRST), ROUNDS, lambda name: _first_request(on, *FIRST[name]))
    warm = interleaved((HELLO, OURS), ROUNDS, lambda name: float(on.ask(name, "warm")[0]))
    against_untrimmed = rows_of(first, UNTRIMMED, "ms CPU", 1000, FIRST_GOALS)
    primed = against_untrimmed[list(FIRST).index(PRIMED)].value
    others = [
        Row(f"{PRIMED} / {other}", primed, "ms CPU", ratio(first, PRIMED, other))
        for other in (UNPRIMED, UNPRIMED_USUAL)
    ]
    return [
        Result(f"First request after INIT (ratio to: {UNTRIMMED})", [*against_untrimmed, *others]),
        Result("Warm authenticated GET, DynamoDB left out", rows_of(warm, HELLO, "us CPU", 1e6, {OURS: "<= 1.40 x"})),
    ]


def _first_request(on: Bench, function: str, mode: str) -> float:
    on.ask(function, "answer")  # nearly every request finds that its caller's minute in the session table has begun
    return float(on.ask(function, mode)[0])


if __name__ == "__main__":
    from tests.benchmarks.__main__ import present

    with bench() as built:
        present(measure(built))
