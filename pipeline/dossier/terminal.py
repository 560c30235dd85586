"""The dossier for a terminal of 100 columns: the decision, what to look at, each stack that changes, and what to run."""

from collections.abc import Iterator
from textwrap import wrap

from pipeline.dossier.amounts import change, money, of_budget
from pipeline.dossier.decision import Decision, decide
from pipeline.dossier.model import Dossier, Kind
from pipeline.dossier.sharing import some
from pipeline.preview.report import Preview

WIDTH = 100
_WORDS: dict[Kind, str] = {
    "failed": "STOP",
    "stops": "STOP",
    "blocked": "STOP",
    "danger": "REVIEW",
    "review": "REVIEW",
    "changes": "READY",
    "unchanged": "READY",
}


def lines(dossier: Dossier) -> Iterator[str]:
    """Yield the lines, none longer than WIDTH."""
    decision = decide(dossier)
    yield from _wrapped(f"{_WORDS[decision.kind]} {dossier.project}: {decision.headline}", "")
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
    cost = stack.cost
    parts = (
        (name, value, change(value, delta))
        for name, value, delta in (
            ("expected", cost.expected, cost.expected_delta),
            ("worst", cost.worst, cost.worst_delta),
        )
    )
    told = [
        f"{name} {money(value)} ({moved}), {of_budget(value, cost.budget)}" for name, value, moved in parts if moved
    ]
    return f"; USD a month: {'; '.join(told)}" if told else ""


def _wrapped(text: str, indent: str) -> list[str]:
    # What a stack, a rule or a resource is called comes from the pull request: no escape sequence reaches a terminal.
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return wrap(shown, WIDTH, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False) or [""]
