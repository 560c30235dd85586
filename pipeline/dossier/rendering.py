"""The dossier as a comment, as a job's summary and as JSON."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from pipeline.dossier.diagram import diagram
from pipeline.dossier.escaping import code, plain
from pipeline.dossier.model import Dossier
from pipeline.dossier.report_sections import contract, cost, package, permissions
from pipeline.dossier.sections import Section, fit
from pipeline.dossier.stack_sections import MARKS, changes, dangers, failures, known_warnings, policies, verdicts

COMMENT_CHARACTERS = 65_536
SUMMARY_BYTES = 1_048_576
_ROOM = 1_500
"""What is left free for a note that the dossier is stale."""


def marker(project: str) -> str:
    """The line by which the comment is found again; nobody sees it."""
    return f"<!-- dossier of {plain(project, 80)} -->"


def comment(dossier: Dossier, previews: Path) -> str:
    """The comment: at most 65,536 characters, as GitHub counts them."""
    return _text(dossier, previews, lambda text: len(text.encode("utf-16-le")) // 2 <= COMMENT_CHARACTERS - _ROOM)


def summary(dossier: Dossier, previews: Path) -> str:
    """The job's summary: at most 1 MiB."""
    return _text(dossier, previews, lambda text: len(text.encode()) <= SUMMARY_BYTES - _ROOM)


def as_json(dossier: Dossier) -> str:
    """Everything, for programs."""
    told = {
        **asdict(dossier),
        "worst": dossier.worst,
        "verdicts": [asdict(verdict) for verdict in dossier.verdicts],
        "dangers": [{"stack": stack, **asdict(danger)} for stack, danger in dossier.dangers],
    }
    return json.dumps(told, indent=2) + "\n"


def _text(dossier: Dossier, previews: Path, fits: Callable[[str], bool]) -> str:
    found = [
        verdicts(dossier),
        failures(dossier),
        dangers(dossier),
        *policies(dossier),
        contract(dossier),
        changes(dossier),
        cost(dossier),
        permissions(dossier),
        package(dossier),
        diagram(dossier.stacks, previews),
        known_warnings(dossier),
    ]
    sections = [each for each in found if each]
    quiet = [f"- **{each.title}**: {each.lead}" for each in sections if each.quiet]
    told = [each for each in sections if not each.quiet]
    if quiet:
        told.append(Section("Nothing to see", "", tuple(quiet), folded=False, need=92))
    title = f"## {MARKS[dossier.worst]} {plain(dossier.project, 80)}: {_headline(dossier)}"
    sources = {stack.source for stack in dossier.stacks}
    how = "against the deployed state where an engine ran, else " if "engine" in sources else ""
    foot = f"<sub>Commit {code(dossier.commit[:12])} {how}against {code(dossier.base[:12])}.</sub>"
    return fit(f"{marker(dossier.project)}\n{title}", told, foot, fits)


def _headline(dossier: Dossier) -> str:
    """The worst in a few words."""
    kinds = Counter(verdict.kind for verdict in dossier.verdicts)
    data, breaking = len(dossier.dangers), len(dossier.contract.breaking)
    told = [
        f"{kinds['failed']} of {len(dossier.stacks)} previews failed" if kinds["failed"] else "",
        f"{kinds['blocked']} of {len(dossier.stacks)} stacks blocked" if kinds["blocked"] else "",
        "data in danger" if data else "",
        "the API breaks" if breaking else "",
    ]
    calm = "ready" if kinds["changes"] else "nothing changes"
    return ", ".join(filter(None, told)) or calm
