"""The fields of GitHub's responses that the pipeline reads: https://docs.github.com/en/rest.

A deleted author or text is null.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """One object; fields that the pipeline does not read are left out."""

    model_config = ConfigDict(frozen=True)


class User(Answer):
    """An account."""

    login: str


class Owner(User):
    """The account that a repository belongs to."""

    id: int


class Feature(Answer):
    """The state of a paid feature."""

    status: str = ""


class Repository(Answer):
    """A repository."""

    id: int
    name: str
    owner: Owner
    visibility: str = ""
    security_and_analysis: Mapping[str, Feature | None] | None = None

    def has(self, feature: str) -> bool:
        """Return whether the feature is enabled."""
        found = (self.security_and_analysis or {}).get(feature)
        return found is not None and found.status == "enabled"


class Named(Answer):
    """An object with a name: an environment, a label, the pattern of a branch."""

    name: str


class Variable(Named):
    """A variable that jobs read."""

    value: str


class Subject(Answer):
    """The customization of the subject of a job's token."""

    use_default: bool = True
    include_claim_keys: list[str] | None = None


class Commit(Answer):
    """The tip of a branch."""

    sha: str


class PullRequest(Answer):
    """A pull request."""

    head: Commit


class Text(Answer):
    """A text on GitHub and its author."""

    body: str | None = None
    user: User | None = None

    @property
    def author(self) -> str | None:
        """Return the name of its author; None where that account was deleted."""
        return self.user.login if self.user else None


class Comment(Text):
    """A comment of an issue or a pull request."""

    id: int


class Numbered(Answer):
    """The number and the address of an issue."""

    number: int


class Issue(Text, Numbered):
    """An issue, or a pull request, which GitHub lists among them."""

    state: str
    pull_request: Mapping[str, Any] | None = None


class WorkflowRun(Answer):
    """A run of a workflow."""

    id: int
    status: str
    conclusion: str | None = None
    html_url: str
    created_at: str


class WorkflowRuns(Answer):
    """The runs of a workflow, the newest first."""

    workflow_runs: list[WorkflowRun]


class EnvironmentReview(Answer):
    """The decision of a reviewer on a run's deployment to environments."""

    state: str
    environments: list[Named]
    user: User | None = None


class Job(Named):
    """A job of a run."""

    conclusion: str | None = None
