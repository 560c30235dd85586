"""The report of a rehearsal: each step and every difference from the embedded AWS, without secrets."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolkit.engine import EngineError
from toolkit.engine.cli import cli_of
from toolkit.pipeline.dossier.texts import plain
from toolkit.pipeline.rehearsal.model import Context
from toolkit.pipeline.rehearsal.progress import Progress, write_private
from toolkit.pipeline.rehearsal.questions import QUESTIONS
from toolkit.pipeline.rehearsal.redaction import ReportRedactor
from toolkit.pipeline.rehearsal.steps import NAMES, STEPS

SHOWN_PLACES = 3


def make_report(context: Context, progress: Progress) -> dict[str, Any]:
    """Write build/rehearsal/report.json and report.md, and return the first."""
    answers = {name: text for one in progress.attempts for name, text in one.answers.items()}
    document = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "stack": context.stack,
        "region": context.facts["region"],
        "python": platform.python_version(),
        "pulumi": _version(context.root),
        "steps": [_step(step.name, step.title, progress) for step in STEPS],
        "differences": [{"step": step, **asdict(one)} for step, one in progress.differences(NAMES)],
        "questions": [
            {"name": one.name, "asks": one.asks, "answer": answers.pop(one.name, "not asked")} for one in QUESTIONS
        ],
        "notes": answers,
    }
    safe: dict[str, Any] = ReportRedactor(progress.secrets).value(document)
    write_private(context.folder / "report.json", json.dumps(safe, indent=2) + "\n")
    write_private(context.folder / "report.md", _markdown(safe))
    return safe


def _version(root: Path) -> str:
    try:
        return cli_of(root).answer("version").strip()
    except EngineError:
        return "none"


def _step(name: str, title: str, progress: Progress) -> dict[str, Any]:
    last = progress.last(name)
    tries = sum(attempt.step == name for attempt in progress.attempts)
    ended: Mapping[str, Any] = {"result": "not run", "seconds": 0, "detail": ""}
    if last is not None:
        result = "interrupted" if last.result == "running" else last.result
        ended = {"result": result, "seconds": last.seconds, "detail": last.detail, "started": last.started}
    return {"name": name, "title": title, "attempts": tries, **ended}


def _markdown(report: Mapping[str, Any]) -> str:
    head = [
        f"# Rehearsal of {plain(report['stack'])}",
        f"Made at {report['made_at']} in {report['region']}; Pulumi {report['pulumi']}, Python {report['python']}.",
        "Account ids, tokens, keys, secrets, e-mail and IP addresses are taken out.",
    ]
    steps = [[one["name"], one["result"], f"{one['seconds']:.1f} s", one["attempts"]] for one in report["steps"]]
    questions = [[one["asks"], one["answer"]] for one in report["questions"]]
    parts = [
        "\n".join(head),
        f"## {len(report['differences'])} differences from the embedded AWS\n{_differences(report['differences'])}",
        f"## Steps\n{_table(('step', 'result', 'time', 'attempts'), steps)}",
        f"## Open questions\n{_table(('question', 'answer'), questions)}",
    ]
    if report["notes"]:
        parts.append(f"## Notes\n{_table(('what', 'seen'), [list(pair) for pair in report['notes'].items()])}")
    return "\n\n".join(parts) + "\n"


def _differences(differences: Sequence[Mapping[str, str]]) -> str:
    """Return a table with one row per difference and all its places."""
    if not differences:
        return "None."
    grouped: dict[tuple[str, ...], list[str]] = {}
    for one in differences:
        place, path = _split(one)
        grouped.setdefault((one["step"], one["kind"], path, one["embedded"], one["real"]), []).append(place)
    rows = [
        [step, kind, f"{path}{' in ' if path else ''}{_some(places)}", *sides]
        for (step, kind, path, *sides), places in grouped.items()
    ]
    return _table(("step", "kind", "where", "embedded AWS", "here"), rows)


def _split(one: Mapping[str, str]) -> tuple[str, str]:
    """Return the place, and the path of the value in it."""
    if not one["kind"].startswith("value"):
        return one["where"], ""
    place, _, path = one["where"].rpartition(" ")
    return place, path


def _some(places: Sequence[str]) -> str:
    others = len(places) - SHOWN_PLACES
    return f"{', '.join(places[:SHOWN_PLACES])}{f' and {others} more' if others > 0 else ''}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return plain(value, longest=2_000)
