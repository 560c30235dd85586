"""Every workflow from its event to its last job; deploy.yml, and what is done to prod, are in test_prod_in_order.py."""

from pathlib import Path
from typing import Any

import pytest

from tests.workflows.rehearsal import COMMIT, VARIABLES, Rehearsal

LABELS = [{"name": "review-stack"}]


def pull_request(
    repository: str = "example/items-api", action: str = "synchronize", event: str = "pull_request"
) -> dict[str, Any]:
    """What GitHub tells of a pull request."""
    head = {"repo": {"full_name": repository}, "ref": "feature", "sha": COMMIT}
    request = {"number": 7, "labels": LABELS, "head": head}
    return {"event_name": event, "event": {"action": action, "label": LABELS[0], "pull_request": request}}


OFFLINE = [
    "package dev",
    "dossier --out build/dossier",
    "compliance --out build/compliance",
]
TYPED = {"event_name": "workflow_dispatch"}
RUNS: dict[str, tuple[str, dict[str, Any], dict[str, Any], list[str]]] = {
    "a pull request": (
        "pull-request",
        pull_request(),
        {},
        [
            *OFFLINE,
            "package -- dev",
            "changes -- dev",
            "dossier --out build/dossier",
            "publish-dossier --pull-request 7",
        ],
    ),
    "a fork's pull request": ("pull-request", pull_request("ben/items-api"), {}, OFFLINE),
    "a merge queue's commit": ("pull-request", {"event_name": "merge_group", "event": {}}, {}, OFFLINE),
    "a look at drift": (
        "drift",
        {"event_name": "schedule"},
        {},
        [*(f"drift -- {stack}" for stack in ("dev", "staging", "prod")), "publish-drift"],
    ),
    "a destruction": ("destroy", TYPED, {"confirm": "destroy dev"}, ["destroy --yes -- dev"]),
    "a rollback": (
        "rollback",
        TYPED,
        {"confirm": "roll back dev", "version": "4"},
        ["rollback --to 4 -- dev", "smoke -- dev"],
    ),
    "a review stack": (
        "review-stack",
        pull_request(action="labeled"),
        {},
        ["review-stack up --pull-request 7"],
    ),
    "the end of a review stack": (
        "review-cleanup",
        pull_request(action="closed", event="pull_request_target"),
        {},
        ["review-stack down --pull-request 7"],
    ),
    "a push to a pull request that has a stack": (
        "review-cleanup",
        pull_request(event="pull_request_target"),
        {},
        [],
    ),
    "the end of a fork's pull request": (
        "review-cleanup",
        pull_request("ben/items-api", "closed", "pull_request_target"),
        {},
        [],
    ),
    "a sweep": ("review-cleanup", TYPED, {}, ["review-stack sweep"]),
    "an upgrade that finds nothing newer": ("upgrade", {"event_name": "schedule"}, {}, []),
    "a look at security": (
        "security",
        {"event_name": "push"},
        {},
        ["compliance --out build/compliance"],
    ),
}


@pytest.mark.parametrize(("workflow", "github", "inputs", "calls"), RUNS.values(), ids=RUNS)
def test_a_run_goes_through_its_jobs_to_the_end(
    workflow: str, github: dict[str, Any], inputs: dict[str, Any], calls: list[str], source: Path, tmp_path: Path
) -> None:
    run = Rehearsal(source, tmp_path, github, VARIABLES)
    status = run.run(workflow, {"stack": "dev", **inputs})
    assert status == "success", run.transcript
    assert run.calls == calls
