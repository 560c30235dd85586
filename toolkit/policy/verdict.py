"""`policies`: evaluate the policies of stacks offline."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolkit.arguments import AsJson, any_stack_argument, path_option
from toolkit.policy.assessment import Assessment, assess_all
from toolkit.policy.evaluation import Outcome, Result
from toolkit.policy.pack import configured_pack
from toolkit.policy.waivers import WaiverFileError
from toolkit.projects import stack_names
from toolkit.refusals import progress, refusals
from toolkit.stacks.terminal import console, echo, styled
from toolkit.stacks.urns import name_in

if TYPE_CHECKING:
    from rich.text import Text

_VERDICT_STYLES = {"blocked": "bold red", "incomplete": "bold yellow", "passed": "green"}
_STYLES = {"blocks": "bold red", "warns": "yellow", "waived": "cyan", "remediated": "green"}


def policies(
    stacks: Annotated[list[str] | None, any_stack_argument("By default all stacks, and those of bootstrap/.")] = None,
    state: Annotated[
        Path | None, path_option("Evaluate an exported state in the place of the program.", metavar="FILE")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Evaluate the policies of stacks offline. Exit 1 where one is blocked, or not all of it was evaluated."""
    root = Path.cwd()
    with refusals(WaiverFileError), progress("Evaluating the policies"):
        assessments = [one for _, one in assess_all(configured_pack(), stacks or stack_names(root), state, root)]
    if as_json:
        echo(json.dumps([as_data(one) for one in assessments], indent=2))
    else:
        _print(assessments)
    raise typer.Exit(int(any(one.blocking or not one.complete for one in assessments)))


def as_data(assessment: Assessment) -> dict[str, Any]:
    """Return the verdict for programs: what blocks, what warns, what is waived and what is remediated."""
    return {
        "project": assessment.graph.project,
        "stack": assessment.stack.name,
        "environment": assessment.stack.environment,
        "verdict": _verdict(assessment),
        "evaluated": len(assessment.results),
        "findings": [_finding(kind, result, assessment) for kind, result in _findings(assessment)],
        "not-evaluated": [
            {"subject": gap.subject, "why": gap.why, "hides-resources": gap.hides_resources}
            for gap in assessment.graph.gaps
        ],
    }


def _verdict(assessment: Assessment) -> str:
    if assessment.blocking:
        return "blocked"
    return "passed" if assessment.complete else "incomplete"


def _findings(assessment: Assessment) -> Iterator[tuple[str, Result]]:
    for kind, results in (
        ("blocks", assessment.blocking),
        ("warns", assessment.warnings),
        ("waived", assessment.waived),
        ("remediated", assessment.remediated),
    ):
        yield from ((kind, result) for result in results)


def _finding(kind: str, result: Result, assessment: Assessment) -> dict[str, Any]:
    return {
        "kind": kind,
        "rule": result.rule.name,
        "level": result.rule.levels[assessment.stack.environment].value,
        "severity": result.rule.severity.value,
        "outcome": result.outcome.value,
        "urn": result.urn,
        "messages": list(result.messages),
        "controls": [str(control) for control in result.rule.controls],
        "waiver": result.waiver and result.waiver.model_dump(mode="json"),
    }


def _print(assessments: list[Assessment]) -> None:
    from rich.table import Table  # only people need it

    output = console(wide=True)
    for assessment in assessments:
        table = Table("", "rule", "severity", "resource", "why", box=None, pad_edge=False, header_style="dim")
        for kind, result in _findings(assessment):
            name = name_in(result.urn) or "the stack"
            why = _why(result)
            table.add_row(styled((kind, _STYLES[kind])), result.rule.name, result.rule.severity.value, name, why)
        output.print(_headline(assessment))
        if table.row_count:
            output.print(table)
        for gap in assessment.graph.gaps:
            output.print(styled(("not evaluated", "bold yellow"), f": {gap}"))


def _why(result: Result) -> str:
    if result.outcome is Outcome.UNKNOWN:
        return f"cannot be evaluated while {', '.join(result.messages)} is unknown"
    return "the rule writes what is absent" if result.remediated else "\n".join(result.messages)


def _headline(assessment: Assessment) -> "Text":
    verdict = _verdict(assessment)
    counts = [
        (assessment.blocking, "blocking"),
        (assessment.warnings, "warnings"),
        (assessment.waived, "waived"),
        (assessment.remediated, "remediated"),
    ]
    others = "".join(f", {len(found)} {what}" for found, what in counts if found)
    name = f"{assessment.graph.project}/{assessment.stack.name}"
    return styled(
        (name, "bold"), " ", (verdict, _VERDICT_STYLES[verdict]), f": {len(assessment.results)} evaluations{others}"
    )
