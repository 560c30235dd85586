"""Who approved what a run deployed, as the report for auditors names it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from toolkit.pipeline.approval import Run, approver_of
from toolkit.pipeline.github.responses import EnvironmentReview
from toolkit.stacks.errors import RefusedError

BY_HAND = Run("workflow_dispatch", "Ana")


@dataclass
class Reviewed:
    """A repository whose run has these reviews."""

    reviews: list[dict[str, Any]]

    def all(self, path: str, form: type[EnvironmentReview]) -> Iterator[EnvironmentReview]:
        assert path == "/actions/runs/7/approvals"
        return map(form.model_validate, self.reviews)


def review(login: str | None, state: str = "approved", environment: str = "prod") -> dict[str, Any]:
    return {"state": state, "environments": [{"name": environment}], "user": login and {"login": login}}


def found(*reviews: dict[str, Any], run: Run = BY_HAND) -> str:
    return approver_of(run, "7", "prod", Reviewed(list(reviews)))  # type: ignore[arg-type] # it reads lists alone


def test_reviewers_who_approved_are_named_once() -> None:
    assert found(review("ben"), review("ben"), review("cy")) == "ben, cy"


def test_rejected_reviews_and_other_environments_do_not_count() -> None:
    others = (review("ben", state="rejected"), review("cy", environment="staging"))
    assert found(*others) == "no person: prod requires no approval"


def test_deleted_account_of_a_reviewer_is_named_as_such() -> None:
    assert found(review(None)) == "a deleted account"


def test_listed_person_who_started_the_run_is_the_approver() -> None:
    run = Run("workflow_dispatch", "Ana", approvers='["ana"]')
    assert found(run=run) == "Ana, who started the run"


def test_malformed_list_of_approvers_is_refused() -> None:
    with pytest.raises(RefusedError):
        found(run=Run("workflow_dispatch", "Ana", approvers="ana"))
