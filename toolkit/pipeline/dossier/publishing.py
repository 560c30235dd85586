"""Publish a dossier as the one comment of its pull request."""

import re
from dataclasses import dataclass

from toolkit.pipeline.dossier.rendering import COMMENT_CHARACTERS, marker
from toolkit.pipeline.dossier.texts import code
from toolkit.pipeline.github.client import GitHub, UnknownEffectError
from toolkit.pipeline.github.responses import Comment, PullRequest

_COMMIT = re.compile(r"<!-- commit ([0-9a-f]*) -->")


@dataclass(frozen=True)
class Publication:
    """The text of the comment, and the commit that it describes."""

    project: str
    commit: str
    text: str


def unbuilt(project: str, commit: str) -> Publication:
    """Return the comment for a commit whose dossier could not be built; it replaces an older dossier."""
    title = f"## 🔴 {code(project)}: there is no dossier"
    words = f"It could not be built for {code(commit[:12]) or 'this commit'}; see the log of the run."
    return Publication(project, commit, f"{marker(project)}\n{title}\n\n{words}\n")


def publish(github: GitHub, number: int, publication: Publication) -> str:
    """Create or edit the comment of the pull request, and return what was done. Raises GitHubError."""
    head = github.get(f"/pulls/{number}", PullRequest).head.sha
    present = _find(github, number, publication.project)
    stale = bool(publication.commit) and head != publication.commit
    if present and stale and _commit_of(present) == head:
        return f"The comment already describes the newer commit {head[:12]}; it is not changed."
    body = _body(publication, head if stale else "")
    if present:
        github.patch(f"/issues/comments/{present.id}", {"body": body})
        return f"The comment of pull request {number} is up to date."
    try:
        github.post(f"/issues/{number}/comments", {"body": body}, Comment)
    except UnknownEffectError:
        # GitHub may have written it although the call failed.
        if _find(github, number, publication.project) is None:
            github.post(f"/issues/{number}/comments", {"body": body}, Comment)
    return f"The comment of pull request {number} is written."


def _find(github: GitHub, number: int, project: str) -> Comment | None:
    """Return the comment that this account wrote and that begins with the marker."""
    start = marker(project)
    comments = github.all(f"/issues/{number}/comments", Comment)
    marked = [comment for comment in comments if (comment.body or "").lstrip().startswith(start)]
    login = github.login if marked else ""
    return next((comment for comment in marked if comment.author == login), None)


def _commit_of(comment: Comment) -> str:
    match = _COMMIT.search(comment.body or "")
    return match[1] if match else ""


def _body(publication: Publication, newer: str) -> str:
    """Return the text with its commit in the second line, and a warning where the branch has a newer commit."""
    first, _, rest = publication.text.partition("\n")
    title, _, rest = rest.partition("\n")
    note = ""
    if newer:
        was, now = code(publication.commit[:12]), code(newer[:12])
        note = f"\n> [!WARNING]\n> **Stale**: this describes {was}, but the branch is at {now}.\n"
    body = f"{first}\n<!-- commit {publication.commit} -->\n{title}\n{note}{rest}"
    # GitHub counts a letter outside the basic plane as two, and a half of one at the cut is dropped.
    return body.encode("utf-16-le")[: 2 * COMMENT_CHARACTERS].decode("utf-16-le", errors="ignore")
