"""In which order jobs run, what lets them run, what they wait for, and that nothing goes past a gate."""

from tests.workflows.workflow_files import ACTION_JOBS, JOBS, WORKFLOWS, Job, job_named

SAME = "github.event.pull_request.head.repo.full_name == github.repository"
LABELLED = "contains(github.event.pull_request.labels.*.name, 'review-stack')"
ATTESTED = "vars.ATTESTATIONS == 'yes' || (vars.ATTESTATIONS == '' && github.event.repository.visibility != 'private')"
NOT_ATTESTED = (
    "vars.ATTESTATIONS != 'yes' && (vars.ATTESTATIONS != '' || github.event.repository.visibility == 'private')"
)
UNCHANGED = "inputs.skip-unchanged && {}.outputs.changes == 'false'"
APPROVED = "Check the approval"
PROD_WRITERS = ("deploy-stack/deploy", "destroy/destroy", "rollback/roll-back")
FREED = "Stop the engine and release the lock"
CUT_OFF = "${{ (failure() || cancelled()) && steps.machine.outcome == 'success' }}"

NEEDS = {
    "deploy/attest": "build",
    "deploy/dev": ["build", "attest"],
    "deploy/staging": ["build", "dev"],
    "deploy/approval": "staging",
    "deploy/prod": ["build", "staging", "approval"],
    "deploy-stack/deploy": "plan",
    "drift/publish": "drift",
    "pull-request/dossier": ["offline", "preview"],
    "security/upload": ["workflows", "compliance"],
    "upgrade/propose": "resolve",
}
CONDITIONS = {
    "deploy-stack/deploy": f"inputs.apply && !({UNCHANGED.format('needs.plan')})",
    "drift/drift": "vars.PLAN_ROLE_DEV != '' || vars.PLAN_ROLE_STAGING != '' || vars.PLAN_ROLE_PROD != ''",
    "drift/publish": "${{ !cancelled() && needs.drift.result != 'skipped' }}",
    "pull-request/preview": f"{SAME} && vars.PREVIEW_ROLE_DEV != ''",
    "pull-request/dossier": f"${{{{ !cancelled() && {SAME} }}}}",
    "review-stack/up": f"github.event.label.name == 'review-stack' && {SAME}",
    "review-cleanup/withdraw": f"github.event_name == 'pull_request_target' && {SAME}",
    "review-cleanup/down": f"vars.DESTROY_ROLE_REVIEW != '' && github.event_name == 'pull_request_target' && {SAME} && "
    "(github.event.action == 'closed' || "
    "(github.event.action == 'unlabeled' && github.event.label.name == 'review-stack'))",
    "retargeted/another-base": "github.event.changes.base",
    "review-cleanup/sweep": "github.event_name != 'pull_request_target' && vars.DESTROY_ROLE_REVIEW != ''",
    "security/upload": "${{ !cancelled() && github.event_name != 'merge_group' && (vars.CODE_SCANNING == 'yes' || "
    "(vars.CODE_SCANNING == '' && github.event.repository.visibility == 'public')) && "
    f"(github.event_name != 'pull_request' || {SAME}) }}}}",
    "upgrade/propose": "needs.resolve.outputs.changed == 'yes'",
}
STEP_CONDITIONS = {
    "deploy/build/Report missing attestations": NOT_ATTESTED,
    "deploy/attest/Where it comes from": ATTESTED,
    "deploy/attest/What it is made of": ATTESTED,
    "deploy-stack/deploy/Verify the attestation of the package": ATTESTED,
    "deploy-stack/plan/Report that nothing needs approval": UNCHANGED.format("steps.plan"),
    "deploy-stack/deploy/Keep the report, for auditors": "${{ !cancelled() && steps.report.outcome != 'skipped' }}",
    "deploy-stack/deploy/Roll back after a failed smoke test": "${{ failure() && steps.smoke.outcome == 'failure' }}",
    **{f"{job}/{APPROVED}": "inputs.stack == 'prod'" for job in PROD_WRITERS},
    **{f"{job}/{FREED}": CUT_OFF for job in ("deploy-stack/deploy", "destroy/destroy")},
    **{f"{job}/{FREED}": CUT_OFF for job in ("review-stack/up", "review-cleanup/down", "review-cleanup/sweep")},
    "drift/drift/Keep the findings": "${{ !cancelled() }}",
    "review-cleanup/withdraw/Remove the label after a push": f"github.event.action == 'synchronize' && {LABELLED}",
    "pull-request/offline/Print the dossier of a fork or a merge queue": "${{ !cancelled() && "
    f"{SAME.replace('==', '!=')} }}}}",
    "pull-request/offline/Compliance report of every stack": "${{ !cancelled() }}",
    "pull-request/offline/Keep the dossier": "${{ !cancelled() }}",
    "pull-request/offline/Keep the compliance reports": "${{ !cancelled() }}",
    "pull-request/preview/Keep the preview": "${{ !cancelled() }}",
    "pull-request/dossier/Publish": "${{ !cancelled() }}",
    "security/workflows/Keep the report of the check": "${{ !cancelled() }}",
    "security/compliance/Keep the reports": "${{ !cancelled() }}",
    "security/compliance/Keep the findings of code scanning": "${{ !cancelled() }}",
    "upgrade/resolve/Keep the requirements": "steps.compare.outputs.changed == 'yes'",
}
ENVIRONMENTS = {
    "deploy-stack/deploy": "${{ inputs.stack }}",
    "destroy/destroy": "${{ inputs.stack }}",
    "review-cleanup/down": "review-cleanup",
    "review-cleanup/sweep": "review-cleanup",
    "review-stack/up": "review",
    "rollback/roll-back": "${{ inputs.stack }}",
}
LINES = {
    "deploy/dev": "stack-dev",
    "deploy/staging": "stack-staging",
    "deploy/prod": "stack-prod",
    "destroy/destroy": "stack-${{ inputs.stack }}",
    "rollback/roll-back": "stack-${{ inputs.stack }}",
    "review-stack/up": "review-stack-${{ github.event.pull_request.number }}",
    "review-cleanup/down": "review-stack-${{ github.event.pull_request.number }}",
    "review-cleanup/withdraw": "review-withdraw-${{ github.event.pull_request.number }}",
    "review-cleanup/sweep": "review-stack-sweep",
}


def test_jobs_wait_for_each_other_in_this_order() -> None:
    assert {str(job): job.content["needs"] for job in JOBS if "needs" in job.content} == NEEDS


def test_a_job_runs_only_on_these_conditions() -> None:
    assert {str(job): " ".join(job.content["if"].split()) for job in JOBS if "if" in job.content} == CONDITIONS


def test_a_step_runs_only_on_these_conditions() -> None:
    found = {f"{job}/{step['name']}": step["if"] for job in [*JOBS, *ACTION_JOBS] for step in job.steps if "if" in step}
    assert found == STEP_CONDITIONS


def test_job_that_changes_a_stack_has_its_environment() -> None:
    assert {str(job): job.environment for job in JOBS if job.environment} == ENVIRONMENTS


def test_only_a_deployment_of_a_commit_creates_a_deployment_record() -> None:
    """A person reads the deployments of an environment as what was deployed there."""
    unrecorded = {
        str(job) for job in JOBS if job.environment and isinstance(job.content["environment"], dict)
        and job.content["environment"]["deployment"] == "false"
    }  # fmt: skip
    assert unrecorded == {"destroy/destroy", "rollback/roll-back"}


def test_jobs_that_write_to_a_stack_share_a_queue_without_cancellation() -> None:
    lines = {str(job): job.content["concurrency"] for job in JOBS if "concurrency" in job.content}
    assert lines == {
        name: {"group": group, "cancel-in-progress": "false", "queue": "max"} for name, group in LINES.items()
    }


def test_whole_runs_are_cancelled_only_where_they_write_nothing() -> None:
    lines = {name: workflow["concurrency"] for name, workflow in WORKFLOWS.items() if "concurrency" in workflow}
    pull_request = "${{ github.event_name == 'pull_request' }}"
    assert {name: line["cancel-in-progress"] for name, line in lines.items()} == {
        "deploy": "false",
        "drift": "false",
        "pull-request": "true",
        "retargeted": "false",
        "security": pull_request,
        "upgrade": "false",
    }
    assert lines["deploy"]["queue"] == "max"


def test_no_step_continues_on_error() -> None:
    loose = [
        f"{job}/{step['name']}" for job in [*JOBS, *ACTION_JOBS] for step in job.steps if "continue-on-error" in step
    ]
    assert [*loose, *(str(job) for job in JOBS if "continue-on-error" in job.content)] == []


def test_every_job_ends_within_an_hour_on_a_pinned_machine() -> None:
    for job in (job for job in JOBS if "uses" not in job.content):
        assert 0 < int(job.content["timeout-minutes"]) <= 60, job
        assert job.content["runs-on"] == "ubuntu-24.04", job


def test_every_runner_is_hardened_before_anything_else() -> None:
    for job in (job for job in JOBS if job.steps):
        assert job.steps[0]["uses"].startswith("step-security/harden-runner@"), job


def test_no_check_out_leaves_its_token_behind() -> None:
    checkouts = [step for job in JOBS for step in job.steps if step.get("uses", "").startswith("actions/checkout@")]
    assert {step["with"]["persist-credentials"] for step in checkouts} == {"false"}


def test_scripts_stop_at_the_first_failure_also_inside_a_pipe() -> None:
    assert {name: workflow["defaults"]["run"]["shell"] for name, workflow in WORKFLOWS.items()} == dict.fromkeys(
        WORKFLOWS, "bash"
    )
    assert {step["shell"] for job in ACTION_JOBS for step in job.steps if "run" in step} == {"bash"}


def names(job: Job) -> list[str]:
    return [step["name"] for step in job.steps]


def test_deployment_verifies_the_package_before_its_role_and_tests_before_its_record() -> None:
    order = [
        "Verify the digest of the package",
        "Verify the attestation of the package",
        APPROVED,
        "Take the role",
        "Name the machine after this run, for the locks",
        "Deploy the plan",
        "Smoke test",
        "Roll back after a failed smoke test",
        FREED,
        "Keep the release records",
        "Report on the deployed state",
        "Keep the report, for auditors",
    ]
    assert [name for name in names(job_named("deploy-stack", "deploy")) if name in order] == order
    assert names(job_named("deploy-stack", "deploy"))[-len(order) :] == order


def test_every_job_that_takes_the_role_of_prod_asks_for_approval_right_before() -> None:
    """In the same job: GitHub's "Re-run failed jobs" repeats no job that passed, so another job's answer may be old."""
    steps = {
        str(job): job.steps[names(job).index("Take the role") - 1]
        for job in JOBS
        if any("DEPLOY_ROLE_{0}" in str(step) or "inputs.deploy-role" in str(step) for step in job.steps)
    }
    assert {job: step["name"] for job, step in steps.items()} == dict.fromkeys(PROD_WRITERS, APPROVED)
    (asked, *others) = steps.values()
    assert asked["run"] == './stack approval --required -- "${STACK:?}"'
    assert asked["env"] == {
        "GITHUB_TOKEN": "${{ github.token }}",
        "PROD_REVIEWERS": "${{ vars.PROD_REVIEWERS }}",
        "PROD_APPROVERS": "${{ vars.PROD_APPROVERS }}",
    }
    assert others == [asked, asked]


def test_destroy_and_rollback_are_confirmed_first() -> None:
    for workflow, job in (("destroy", "destroy"), ("rollback", "roll-back")):
        assert names(job_named(workflow, job))[1] == "Check the confirmation"


def test_job_that_compares_commits_fetches_the_history() -> None:
    """A runner's checkout is shallow by default: it shows no other commit, so nothing shows which one is newer."""
    comparing = ("plan", "deploy", "changes", "dossier")
    for job in JOBS:
        scripts = " ".join(step.get("run", "") for step in job.steps)
        (depth,) = {
            step.get("with", {}).get("fetch-depth", "1")
            for step in job.steps
            if step.get("uses", "").startswith("actions/checkout@")
        } or {"1"}
        assert (depth == "0") == any(f"./stack {command} " in scripts for command in comparing), job
