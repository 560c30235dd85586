"""One issue for each stack that drifted: opened, updated, opened again and closed by what the drift check found."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from toolkit.pipeline.dossier.escaping import code, plain
from toolkit.pipeline.dossier.sections import Section, fit, row
from toolkit.pipeline.github.client import GitHub, NotFoundError
from toolkit.pipeline.github.responses import Comment, Issue, Named, Numbered
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.json_documents import read_json
from toolkit.stacks.names import StackName
from toolkit.stacks.urns import Urn

LABEL = "drift"
_BODY_CHARACTERS = 65_000
_COLOUR = "d93f0b"


class DriftFileError(RefusedError):
    """What the drift check wrote cannot be read; one sentence."""


@dataclass(frozen=True)
class DriftFinding:
    """One resource that is no longer as it was made."""

    urn: str
    kind: str
    properties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drift:
    """What a drift check found in one stack."""

    stack: StackName
    clean: bool
    findings: tuple[DriftFinding, ...] = ()


_DRIFT = TypeAdapter(Drift)


def read_drift(path: Path) -> Drift:
    """The drift in the file; DriftFileError where it is damaged or something else."""
    try:
        return _DRIFT.validate_python(read_json(path))
    except (FileError, ValidationError):
        raise DriftFileError(f"{path} holds no drift; write it with `./stack drift STACK`.") from None


def publish_drift(github: GitHub, project: str, drift: Drift) -> str:
    """Bring the stack's issue in line with what was found; says what was done. Raises GitHubError."""
    issue = _find(github, _marker(project, drift.stack))
    if drift.clean:
        return _close(github, issue, drift.stack)
    title, body = f"Drift in {drift.stack}", _body(project, drift)
    if issue is None:
        _ensure_label(github)
        made = github.post("/issues", {"title": title, "body": body, "labels": [LABEL]}, Numbered)
        return f"{drift.stack}: issue {made.number} is opened."
    if issue.state == "open" and issue.body == body:
        return f"{drift.stack}: issue {issue.number} says it already."
    word = "updated" if issue.state == "open" else "opened again"
    github.patch(f"/issues/{issue.number}", {"title": title, "body": body, "state": "open"})
    return f"{drift.stack}: issue {issue.number} is {word}."


def _close(github: GitHub, issue: Issue | None, stack: str) -> str:
    if issue is None or issue.state == "closed":
        return f"{stack}: no drift."
    github.post(
        f"/issues/{issue.number}/comments", {"body": "The drift is gone: everything is as it was made."}, Comment
    )
    github.patch(f"/issues/{issue.number}", {"state": "closed", "state_reason": "completed"})
    return f"{stack}: no drift any more; issue {issue.number} is closed."


def _find(github: GitHub, marker: str) -> Issue | None:
    """The stack's issue, the open one before closed ones; written by us."""
    found = [
        issue
        for issue in github.all("/issues", Issue, state="all", labels=LABEL)
        if issue.pull_request is None and (issue.body or "").startswith(marker)
    ]
    login = github.login if found else ""
    own = [issue for issue in found if issue.author == login]
    return min(own, key=lambda issue: (issue.state != "open", -issue.number), default=None)


def _ensure_label(github: GitHub) -> None:
    try:
        github.get(f"/labels/{LABEL}", Named)
    except NotFoundError:
        github.post(
            "/labels", {"name": LABEL, "color": _COLOUR, "description": "The cloud differs from the program"}, Named
        )


def _marker(project: str, stack: str) -> str:
    return f"<!-- drift of {plain(project, 80)}/{plain(stack, 80)} -->"


def _body(project: str, drift: Drift) -> str:
    head = (
        f"{_marker(project, drift.stack)}\n"
        f"Stack **{plain(drift.stack, 80)}** of {code(project)} is no longer as its program made it. "
        "This issue closes by itself once it is."
    )
    rows = tuple(
        row(code(Urn.parse(each.urn).qualified), plain(each.kind), ", ".join(map(code, each.properties)))
        for each in drift.findings
    )
    lead = f"{len(rows):,} {'resource' if len(rows) == 1 else 'resources'} drifted."
    section = Section("What drifted", lead, rows, ("Resource", "How", "Properties"), folded=False)
    return fit(head, [section], "", lambda text: len(text.encode("utf-16-le")) // 2 <= _BODY_CHARACTERS)
