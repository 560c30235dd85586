"""Keep one issue for each stack that drifted: open, update, reopen or close it."""

from toolkit.pipeline.dossier.sections import Section, fit, row
from toolkit.pipeline.dossier.texts import code, plain
from toolkit.pipeline.drift.findings import Drift
from toolkit.pipeline.github.client import GitHub, NotFoundError
from toolkit.pipeline.github.responses import Comment, Issue, Named, Numbered
from toolkit.stacks.urns import Urn

LABEL = "drift"
_BODY_CHARACTERS = 65_000
_COLOUR = "d93f0b"


def publish_drift(github: GitHub, project: str, drift: Drift) -> str:
    """Update the issue of the stack, and return what was done. Raises GitHubError."""
    issue = _find(github, _marker(project, drift.stack))
    if drift.clean:
        return _close(github, issue, drift.stack)
    title, body = f"Drift in {drift.stack}", _body(project, drift)
    if issue is None:
        _ensure_label(github)
        made = github.post("/issues", {"title": title, "body": body, "labels": [LABEL]}, Numbered)
        return f"{drift.stack}: issue {made.number} is opened."
    if issue.state == "open" and issue.body == body:
        return f"{drift.stack}: issue {issue.number} is up to date."
    word = "updated" if issue.state == "open" else "reopened"
    github.patch(f"/issues/{issue.number}", {"title": title, "body": body, "state": "open"})
    return f"{drift.stack}: issue {issue.number} is {word}."


def _close(github: GitHub, issue: Issue | None, stack: str) -> str:
    if issue is None or issue.state == "closed":
        return f"{stack}: no drift."
    github.post(f"/issues/{issue.number}/comments", {"body": "The stack matches its last deployment again."}, Comment)
    github.patch(f"/issues/{issue.number}", {"state": "closed", "state_reason": "completed"})
    return f"{stack}: no drift; issue {issue.number} is closed."


def _find(github: GitHub, marker: str) -> Issue | None:
    """Return the issue of the stack that this account wrote; an open issue before a closed one."""
    marked = [
        issue
        for issue in github.all("/issues", Issue, state="all", labels=LABEL)
        if issue.pull_request is None and (issue.body or "").startswith(marker)
    ]
    login = github.login if marked else ""
    own = [issue for issue in marked if issue.author == login]
    return min(own, key=lambda issue: (issue.state != "open", -issue.number), default=None)


def _ensure_label(github: GitHub) -> None:
    try:
        github.get(f"/labels/{LABEL}", Named)
    except NotFoundError:
        github.post(
            "/labels",
            {"name": LABEL, "color": _COLOUR, "description": "The cloud differs from the last deployment"},
            Named,
        )


def _marker(project: str, stack: str) -> str:
    return f"<!-- drift of {plain(project, 80)}/{plain(stack, 80)} -->"


def _body(project: str, drift: Drift) -> str:
    head = (
        f"{_marker(project, drift.stack)}\n"
        f"Stack **{plain(drift.stack, 80)}** of {code(project)} differs from its last deployment. "
        "This issue is closed automatically when the stack matches again."
    )
    rows = tuple(
        row(
            code(Urn.parse(each.urn).qualified),
            plain(each.kind),
            ", ".join(map(code, each.properties)),
            plain(each.detail),
        )
        for each in drift.findings
    )
    lead = f"{len(rows):,} {'resource' if len(rows) == 1 else 'resources'} drifted."
    section = Section("Drift", lead, rows, ("Resource", "Change", "Properties", "Detail"), folded=False)
    return fit(head, [section], "", lambda text: len(text.encode("utf-16-le")) // 2 <= _BODY_CHARACTERS)
