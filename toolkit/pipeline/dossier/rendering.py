"""The dossier as a comment, as a job's summary and as JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from toolkit.pipeline.dossier.decision import decide
from toolkit.pipeline.dossier.diagram import diagram
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.policy_sections import blocked, known_warnings, policies
from toolkit.pipeline.dossier.report_sections import contract, cost, package, permissions, unchanged
from toolkit.pipeline.dossier.sections import fit
from toolkit.pipeline.dossier.stack_sections import changes, data_loss, failures, mark, points, verdicts
from toolkit.pipeline.dossier.texts import code, count, plain

COMMENT_CHARACTERS = 65_536
SUMMARY_BYTES = 1_048_576
_ROOM = 1_500
"""The space for a note that the dossier is stale."""


def marker(project: str) -> str:
    """Return the hidden first line, by which the comment is found again."""
    return f"<!-- dossier of {plain(project, 80)} -->"


def comment(dossier: Dossier, previews: Path) -> str:
    """Return the comment: at most 65,536 characters, as GitHub counts them."""
    fits = lambda text: len(text.encode("utf-16-le")) // 2 <= COMMENT_CHARACTERS - _ROOM  # noqa: E731 - one expression
    return _text(dossier, previews, fits, in_full=False)


def summary(dossier: Dossier, previews: Path) -> str:
    """Return the job's summary: at most 1 MiB."""
    return _text(dossier, previews, lambda text: len(text.encode()) <= SUMMARY_BYTES - _ROOM, in_full=True)


def as_json(dossier: Dossier) -> str:
    """Everything, for programs."""
    decision = decide(dossier)
    document = {
        **asdict(dossier),
        "worst": decision.kind,
        "decision": decision.headline,
        "points": [{"kind": point.kind, **asdict(point)} for point in decision.points],
        "next": decision.command,
        "verdicts": [asdict(verdict) for verdict in decision.verdicts],
        "data_losses": [{"stack": stack, **asdict(loss)} for stack, loss in dossier.data_losses],
    }
    return json.dumps(document, indent=2) + "\n"


def _text(dossier: Dossier, previews: Path, fits: Callable[[str], bool], *, in_full: bool) -> str:
    decision = decide(dossier)
    title = f"## {mark(decision.kind)} {plain(dossier.project, 80)}: {plain(decision.headline, 400)}"
    head = f"{marker(dossier.project)}\n{title}"
    sources = {stack.source for stack in dossier.stacks}
    how = "against the deployed state where an engine ran, else " if "engine" in sources else ""
    commits = f"Commit {code(dossier.commit[:12])} {how}against {code(dossier.base[:12])}."
    table = verdicts(dossier, decision)
    known = known_warnings(dossier, in_full=in_full)
    if table is None and not decision.points and _is_otherwise_unchanged(dossier):
        before = f" {known.lead}" if known and not known.rows else ""
        line = f"{count(len(dossier.stacks), 'stack')}, API contract, cost, permissions and package are as before."
        return f"{head}\n{line}{before} <sub>{commits}</sub> **Next**: {code(decision.command)}\n"
    sections = [
        points(decision),
        table,
        failures(dossier),
        data_loss(dossier),
        blocked(dossier),
        contract(dossier),
        permissions(dossier),
        cost(dossier),
        *policies(dossier),
        package(dossier),
        changes(dossier),
        diagram(dossier.stacks, previews),
        known,
    ]
    foot = f"<sub>{' '.join(filter(None, (unchanged(dossier), commits)))}</sub>\n\n**Next**: {code(decision.command)}"
    return fit(head, [each for each in sections if each], foot, fits)


def _is_otherwise_unchanged(dossier: Dossier) -> bool:
    report = dossier.package
    return not (dossier.contract.added or report.dependencies or report.code or dossier.guards.waivers_removed)
