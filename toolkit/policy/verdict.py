"""`python -m toolkit.policy.verdict [STACK...]`: evaluate the policies of stacks offline."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.policy.assessment import Assessment, assess_all
from toolkit.policy.evaluation import Outcome, Result
from toolkit.policy.pack import configured_pack
from toolkit.stacks.entry_point import run
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.terminal import console, echo, styled
from toolkit.stacks.urns import name_in

if TYPE_CHECKING:
    from rich.text import Text

_VERDICT_STYLES = {"blocked": "bold red", "incomplete": "bold yellow", "passed": "green"}
_STYLES = {"blocks": "bold red", "warns": "yellow", "waived": "cyan", "mended": "green"}


def main(arguments: list[str]) -> int:
    """Print the verdicts; 1 where a stack is blocked or not all seen, 2 and one sentence where there is no verdict."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.policy.verdict", description=__doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="dev stands for Pulumi.dev.yaml; by default all")
    parser.add_argument("--state", type=Path, metavar="FILE", help="an exported state instead of the program")
    parser.add_argument("--root", type=Path, action="append", metavar="FOLDER", help="a project's; by default this one")
    parser.add_argument("--json", action="store_true", help="everything, for programs")
    options = parser.parse_args(arguments)
    roots, pack = options.root or [Path()], configured_pack()
    try:
        assessments = [one for root in roots for one in assess_all(pack, options.stacks, options.state, root)]
    except RefusedError as error:
        echo(error, error=True)
        return 2
    if options.json:
        print(json.dumps([as_data(one) for one in assessments], indent=2))  # noqa: T201 - a command speaks
    else:
        _print(assessments)
    return int(any(one.blocking or not one.complete for one in assessments))


def as_data(assessment: Assessment) -> dict[str, Any]:
    """The verdict for programs: what blocks, what warns and what was let through."""
    return {
        "project": assessment.graph.project,
        "stack": assessment.stack.name,
        "environment": assessment.stack.environment,
        "verdict": _verdict(assessment),
        "judged": len(assessment.results),
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
        ("mended", assessment.mended),
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
        return f"cannot be told while {', '.join(result.messages)} is unknown"
    return "the rule writes what is absent" if result.mended else "\n".join(result.messages)


def _headline(assessment: Assessment) -> "Text":
    verdict = _verdict(assessment)
    counts = [
        (assessment.blocking, "blocking"),
        (assessment.warnings, "warnings"),
        (assessment.waived, "waived"),
        (assessment.mended, "mended"),
    ]
    others = "".join(f", {len(found)} {what}" for found, what in counts if found)
    name = f"{assessment.graph.project}/{assessment.stack.name}"
    return styled(
        (name, "bold"), " ", (verdict, _VERDICT_STYLES[verdict]), f": {len(assessment.results)} judgements{others}"
    )


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
