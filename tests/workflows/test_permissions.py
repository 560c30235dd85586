"""What each job may do on GitHub, exactly, and that no job may both reach a cloud and write on GitHub."""

from pathlib import Path

from tests.workflows.workflow_files import GITHUB, JOBS, WORKFLOWS, Job, texts

READS = {"contents": "read"}
ROLE = {**READS, "id-token": "write"}
APPROVED = {**ROLE, "actions": "read"}
PERMISSIONS = {
    "deploy/attest": {"id-token": "write", "attestations": "write"},
    "deploy/approval": {**READS, "actions": "read"},
    "deploy/build": READS,
    "deploy/dev": {**APPROVED, "attestations": "read"},
    "deploy/prod": {**APPROVED, "attestations": "read"},
    "deploy/staging": {**APPROVED, "attestations": "read"},
    "deploy-stack/deploy": {**APPROVED, "attestations": "read"},
    "deploy-stack/plan": ROLE,
    "destroy/destroy": APPROVED,
    "drift/drift": ROLE,
    "drift/publish": {**READS, "issues": "write"},
    "pull-request/checks": READS,
    "pull-request/cold-start": READS,
    "pull-request/clients": READS,
    "pull-request/dossier": {**READS, "pull-requests": "write"},
    "pull-request/engine": READS,
    "pull-request/new-service": READS,
    "pull-request/offline": READS,
    "pull-request/preview": ROLE,
    "pull-request/tests": READS,
    "retargeted/another-base": {},
    "review-cleanup/down": ROLE,
    "review-cleanup/sweep": ROLE,
    "review-cleanup/withdraw": {"actions": "write", "pull-requests": "write"},
    "review-stack/up": ROLE,
    "rollback/roll-back": APPROVED,
    "security/compliance": READS,
    "security/dependencies": READS,
    "security/upload": {**READS, "actions": "read", "security-events": "write"},
    "security/workflows": READS,
    "upgrade/propose": {"contents": "write", "issues": "write"},
    "upgrade/resolve": READS,
}


def test_no_workflow_has_permissions_for_all_jobs() -> None:
    assert {name: workflow["permissions"] for name, workflow in WORKFLOWS.items()} == {name: {} for name in WORKFLOWS}


def test_every_job_has_exactly_these_permissions() -> None:
    assert {str(job): job.permissions for job in JOBS} == PERMISSIONS


def test_job_that_calls_a_workflow_grants_all_that_its_jobs_ask() -> None:
    """Otherwise GitHub starts no job at all: a called workflow may only lower what its caller grants.

    https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
    """
    callers = [job for job in JOBS if "uses" in job.content]
    assert callers
    for caller in callers:
        called = Path(caller.content["uses"]).stem
        for job in (job for job in JOBS if job.workflow == called):
            assert job.permissions.items() <= caller.permissions.items(), f"{caller} calls {job}"


def runs_ours(job: Job) -> bool:
    """Return whether code of the repository runs in it."""
    return "uses" in job.content or any("run" in step or step["uses"].startswith("./") for step in job.steps)


def test_a_job_that_runs_repository_code_has_no_aws_role_and_no_write_permission() -> None:
    both = [
        str(job)
        for job in JOBS
        if runs_ours(job)
        and "id-token" in job.permissions
        and any(level == "write" for scope, level in job.permissions.items() if scope != "id-token")
    ]
    assert both == []


def test_a_role_is_taken_only_where_a_token_for_it_is_given() -> None:
    takers = {str(job) for job in JOBS for step in job.steps if "configure-aws-credentials" in step.get("uses", "")}
    assert takers == {str(job) for job in JOBS if "id-token" in job.permissions and job.steps} - {"deploy/attest"}


def test_job_with_a_role_runs_only_scripts_and_uploads_after_taking_it() -> None:
    """The role comes after all set-up, and only steps of the pipeline come after the role."""
    for job in JOBS:
        uses = [step.get("uses", "").partition("@")[0] for step in job.steps]
        if "aws-actions/configure-aws-credentials" in uses:
            after = uses[uses.index("aws-actions/configure-aws-credentials") + 1 :]
            assert set(after) <= {"", "actions/upload-artifact"}, job


def test_there_are_no_secrets() -> None:
    assert [text for workflow in WORKFLOWS.values() for text in texts(workflow) if "secrets." in text] == []
    assert "secrets: inherit" not in "".join(file.read_text() for file in GITHUB.rglob("*.yml"))


def test_no_workflow_runs_code_of_a_fork_with_write_permission() -> None:
    triggers = {trigger for workflow in WORKFLOWS.values() for trigger in workflow["on"]}
    known = {"merge_group", "pull_request", "push", "schedule", "workflow_call", "workflow_dispatch"}
    assert triggers == known | {"pull_request_target"}
    assert [name for name, workflow in WORKFLOWS.items() if "pull_request_target" in workflow["on"]] == [
        "review-cleanup"  # which test_privileged_code.py holds
    ]


def test_token_is_given_only_to_steps_that_call_github() -> None:
    asking = (
        "gh ",
        "zizmor ",
        "./stack approval",
        "./stack compliance",
        "./stack publish-dossier",
        "./stack publish-drift",
    )
    for job in JOBS:
        for step in job.steps:
            if any("github.token" in text for text in texts(step)):
                assert any(words in step["run"] for words in asking), f"{job}/{step['name']}"


def test_what_writes_to_branches_installs_nothing_that_was_just_resolved() -> None:
    """A release that was taken over would run with the token; so the job that has one only moves files."""
    writers = [job for job in JOBS if job.permissions.get("contents") == "write"]
    assert [str(job) for job in writers] == ["upgrade/propose"]
    for job in writers:
        assert [step["uses"] for step in job.steps if step.get("uses", "").startswith("./")] == []
        scripts = "".join(step.get("run", "") for step in job.steps)
        assert not any(word in scripts for word in ("python", "./stack", "make", "uv ", "pip", "pulumi"))
