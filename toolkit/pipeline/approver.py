"""Find who approved a deployment: the reviewers of the environment, or the approver who started the run."""

from toolkit.pipeline.approval import Run, read_approvers
from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.github.responses import EnvironmentReview


def approver_of(run: Run, run_id: str, stack: str, github: GitHub) -> str:
    """Return who approved the deployment of a stack, as text. Raises GitHubError, or RefusedError for a bad list.

    https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run, read 2026-11-30
    """
    reviews = github.all(f"/actions/runs/{run_id}/approvals", EnvironmentReview)
    approved = [
        review.user.login if review.user else "a deleted account"
        for review in reviews
        if review.state == "approved" and any(one.name == stack for one in review.environments)
    ]
    if approved:
        return ", ".join(dict.fromkeys(approved))
    if run.approvers and run.actor.lower() in {name.lower() for name in read_approvers(run.approvers, stack)}:
        return f"{run.actor}, who started the run"
    return f"no person: {stack} requires no approval"
