"""The pull request of a workflow's run, from the event's file."""

import os
from pathlib import Path

from pydantic import BaseModel, ValidationError


class _Repository(BaseModel):
    full_name: str


class _Branch(BaseModel):
    sha: str
    repo: _Repository | None = None
    """None where the fork was deleted."""


class _PullRequest(BaseModel):
    head: _Branch
    base: _Branch | None = None


class Event(BaseModel):
    """An event of a pull request."""

    pull_request: _PullRequest

    @property
    def is_of_fork(self) -> bool:
        """Return whether the branch is in another repository than its target."""
        head, base = self.pull_request.head, self.pull_request.base
        return base is not None and base.repo is not None and head.repo != base.repo


def read_event() -> Event | None:
    """Return the event of the run; None for another event than a pull request's, or an unreadable one."""
    try:
        return Event.model_validate_json(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    except (OSError, KeyError, ValidationError):
        return None
