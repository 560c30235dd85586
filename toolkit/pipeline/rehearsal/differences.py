"""Find the differences between the AWS account and the embedded AWS."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.engine.events import UpdateStep
from toolkit.engine.runs import EngineRun, StackRun
from toolkit.pipeline.rehearsal.baseline import compare_resources, not_compared, read_baseline
from toolkit.pipeline.rehearsal.checks import project_of, target_of
from toolkit.pipeline.rehearsal.model import Context, Difference
from toolkit.pipeline.rehearsal.probes import compare_answers, observe
from toolkit.pipeline.rehearsal.questions import QUESTIONS, answer_of
from toolkit.stacks import ResourceGraph, evaluate, read_graph
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.urns import Urn

SLOW_SECONDS, SHOWN = 5, 5
LONGEST_VALUE = 200
_CODE = re.compile(r"\b[A-Z][A-Za-z]+(?:Exception|Error|Fault|Denied|NotFound|Exists|Exceeded|Conflict|Invalid)\b")
_NO_CHANGE = "no change"


def preview_differences(context: Context) -> list[Difference]:
    """Return the differences of the preview."""
    return [*_steps(context, ".", context.runs["preview"])]


def resource_differences(context: Context, folder: str = ".") -> list[Difference]:
    """Return the differences of the resources of the project in a folder."""
    return [*_created(context, folder), *_resources(context, folder)]


def update_differences(context: Context) -> list[Difference]:
    """Return what a preview and a refresh find directly after the update."""
    changes = [_moved("change right after the update", one) for one in context.runs["preview"].changes]
    return changes + [_moved("drift right after the update", one) for one in context.runs["refresh"].changes]


def answer_differences(context: Context) -> list[Difference]:
    """Return the differences of the API's answers to the probes."""
    origins = load_stack_file(context.stack, context.root).settings.api.cors_origins
    seen = observe(target_of(context), next((one for one in origins if "*" not in one), None))
    for question in QUESTIONS:
        if question.probe:
            context.answers[question.name] = f"{question.probe}: status {seen[question.probe]['status']}"
    return list(compare_answers(read_baseline()["answers"], seen))


def record_answers(context: Context) -> list[Difference]:
    """Record the answers to the open questions for the report; none is a difference."""
    for question in QUESTIONS:
        if not question.probe:
            context.answers[question.name] = answer_of(question, context)
    return []


def error_difference(step: str, expected: str, words: str) -> Difference:
    """Return a failed step as a difference, with the error codes of the services first."""
    codes = ", ".join(dict.fromkeys(_CODE.findall(words)))
    return Difference("error", step, expected, f"[{codes}] {words}" if codes else words)


def _created(context: Context, folder: str) -> Iterator[Difference]:
    run = context.runs.get("up")
    if run is not None:
        yield from _steps(context, folder, run)
        if slow := _slowest(run):
            context.answers["resources that took long"] = slow


def _steps(context: Context, folder: str, run: EngineRun) -> Iterator[Difference]:
    """Return the resources whose operation is neither create nor same."""
    registered = {one.urn for one in evaluate(context.stack, root=context.root / folder).resources}
    steps = {step.urn: step for step in run.steps}
    for urn in sorted(registered - steps.keys()):
        yield Difference(f"step of {run.command}", _name(urn), "create", "none")
    for urn in sorted(steps.keys() - registered):
        yield Difference(f"step of {run.command}", _name(urn), "none", steps[urn].operation)
    for urn in sorted(registered & steps.keys()):
        if steps[urn].operation not in {"create", "same"}:
            yield Difference(f"step of {run.command}", _name(urn), "create", steps[urn].operation)


def _resources(context: Context, folder: str) -> Iterator[Difference]:
    project, graph = project_of(context, folder), _state(StackRun(context.stack, context.root / folder))
    if others := not_compared(project, graph):
        context.answers[f"not in the baseline of {project}"] = ", ".join(others)
    yield from compare_resources(project, graph)


def _state(run: StackRun) -> ResourceGraph:
    """Return the state as a graph, with encrypted secrets."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        file = Path(folder) / "state.json"
        run.ask("stack", "export", "--file", str(file))
        return read_graph(file)


def _moved(kind: str, change: UpdateStep) -> Difference:
    """Return a change with its properties, and with short plain values."""
    parts = [_property(change, path) for path in change.properties]
    return Difference(kind, _name(change.urn), _NO_CHANGE, f"{change.operation} {'; '.join(parts)}".strip())


def _property(change: UpdateStep, path: str) -> str:
    before, after = (_value(side, path) for side in (change.before, change.after))
    return f"{path}: {before} → {after}" if before or after else path


def _value(side: Mapping[str, Any], path: str) -> str:
    for values in (side.get("outputs") or {}, side.get("inputs") or {}):
        value = values.get(path)
        if isinstance(value, str | int | float | bool):
            return repr(value)[:LONGEST_VALUE]
    return ""


def _slowest(run: EngineRun) -> str:
    """Return the resources that took long, by the engine's times."""
    began: dict[str, int] = {}
    took: dict[str, int] = {}
    for event in run.events:
        if "resourcePreEvent" in event:
            began.setdefault(event["resourcePreEvent"]["metadata"]["urn"], event.get("timestamp", 0))
        elif "resOutputsEvent" in event:
            urn = event["resOutputsEvent"]["metadata"]["urn"]
            took[urn] = event.get("timestamp", 0) - began.get(urn, event.get("timestamp", 0))
    slow = sorted((seconds, urn) for urn, seconds in took.items() if seconds >= SLOW_SECONDS)[-SHOWN:]
    return ", ".join(f"{_name(urn)} {seconds} s" for seconds, urn in reversed(slow))


def _name(urn: str) -> str:
    parts = Urn.parse(urn)
    return f"{parts.type}::{parts.name}"
