"""The dossier for a terminal of 100 columns: the decision, the points, each changed stack, the next command."""

from collections.abc import Iterator
from textwrap import wrap

from toolkit.pipeline.dossier.amounts import amount_of
from toolkit.pipeline.dossier.decision import Decision, decide
from toolkit.pipeline.dossier.model import SIGNALS, Dossier
from toolkit.pipeline.dossier.texts import some
from toolkit.pipeline.preview.model import SMALLEST_AMOUNT, Preview

WIDTH = 100


def lines(dossier: Dossier) -> Iterator[str]:
    """Yield the lines, none longer than WIDTH."""
    decision = decide(dossier)
    yield from _wrapped(f"{SIGNALS[decision.kind]} {dossier.project}: {decision.headline}", "")
    for number, point in enumerate(decision.points, start=1):
        where = f" [{some(point.stacks, 8)}]" if point.stacks else ""
        yield from _wrapped(f"{number}. {point.text}{where}", "   ")
    yield from _stacks(dossier, decision)
    yield from _wrapped(f"Next: {decision.command}", "      ")


def _stacks(dossier: Dossier, decision: Decision) -> Iterator[str]:
    same = []
    for stack, verdict in zip(dossier.stacks, decision.verdicts, strict=True):
        if verdict.kind == "unchanged":
            same.append(stack.stack)
        else:
            yield from _wrapped(f"{verdict.stack}: {verdict.words}{_cost(stack)}", "  ")
    if same:
        yield from _wrapped(f"No change: {', '.join(same)}", "  ")


def _cost(stack: Preview) -> str:
    if stack.cost is None:
        return ""
    expected = amount_of("expected", stack.cost) if abs(stack.cost.expected_delta or 0) >= SMALLEST_AMOUNT else ""
    worst = amount_of("at worst", stack.cost) if abs(stack.cost.worst_delta or 0) >= SMALLEST_AMOUNT else ""
    costs = "; ".join(filter(None, (expected, worst)))
    return f"; USD a month: {costs}" if costs else ""


def _wrapped(text: str, indent: str) -> list[str]:
    # Names of stacks, rules and resources come from the pull request: escape sequences must not reach a terminal.
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return wrap(shown, WIDTH, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False) or [""]
