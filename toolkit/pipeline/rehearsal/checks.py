"""The checks of the steps, by the doctor's checks, the engine's results, the API and GitHub."""

import time
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase

from toolkit.engine.cli import cli_of
from toolkit.engine.runs import StackRun
from toolkit.pipeline.deploy.manifest import commit_of
from toolkit.pipeline.deploy.released_stack import ReleasedStack
from toolkit.pipeline.deploy.version_history import History
from toolkit.pipeline.doctor import command as doctor
from toolkit.pipeline.doctor.model import Check, CheckResult, Target, missing, ok
from toolkit.pipeline.github.client import GitHub, GitHubError
from toolkit.pipeline.github.responses import Job, WorkflowRun, WorkflowRuns
from toolkit.pipeline.rehearsal.model import Context, Step
from toolkit.pipeline.rollback.rollback import roll_back
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP, outputs_of
from toolkit.pipeline.smoke.run import smoke
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.stacks import load_project
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_stack_file

# Names of the doctor's checks, with wildcards, after the module of the checks.
FILLED_IN = ("machine:Account", "machine:Pulumi CLI")
PREPARED = ("aws:Role *", "aws:Permissions boundary")
STATE = ("aws:Backend", "aws:State's versions")
STACK = ("aws:Stack", "machine:Secrets provider", "machine:Secret *")
PACKAGE = ("machine:Package",)
ENVIRONMENT = ("github:GitHub", "github:Environment*", "github:Trusted repository", "github:Token subject")
VARIABLES = ("github:GitHub", "github:Variable*", "github:Approval*")
BRANCH_RULES = ("github:GitHub", "github:Branch rules*")
ON_GITHUB = ("github:*",)
LATER = ("machine:Account", *PREPARED, *STATE, *STACK, *PACKAGE, *ON_GITHUB)
"""Checks that pass only after a later step than `account`."""


def results_of(step: Step, context: Context) -> Sequence[CheckResult]:
    """Return the results of the step's check, or of the doctor's checks that it settles."""
    return step.check(context) if step.check else doctor_results(context, step.settles)


def doctor_results(context: Context, patterns: Sequence[str]) -> list[CheckResult]:
    """Return the doctor's checks of these names; only their modules run."""
    modules = {pattern.partition(":")[0] for pattern in patterns}
    return [check for name, check in _results(context, modules) if _is_one_of(name, patterns)]


def account_ready(context: Context) -> list[CheckResult]:
    """Return every check of the doctor that depends on no later step: credentials, quotas, billing."""
    others = {_module(check_of) for check_of in doctor.CHECKS} - {"github"}
    return [check for name, check in _results(context, others) if not _is_one_of(name, LATER)]


def settings_filled_in(context: Context) -> list[CheckResult]:
    """Check that the files of the stack and of its account have no example value and name the same account."""
    checks = doctor_results(context, FILLED_IN)
    file = f"{BOOTSTRAP}/Pulumi.{context.stack}.yaml"
    account, repository = context.facts["bootstrap_account"], context.facts["repository"]
    if account != context.facts["account"]:
        checks.append(missing("Account of both files", f"{file} names {account}", f"write the same id into {file}"))
    if repository.startswith("example/"):
        checks.append(missing("Repository", f"{repository} is an example", f"write owner, name and ids into {file}"))
    return checks


def state_in_bucket(context: Context) -> list[CheckResult]:
    """Check that the state of the bootstrap stack is in the bucket, which has versioning."""
    listed = cli_of(context.root / BOOTSTRAP).answer("stack", "ls", "--json")
    name = "State of the account"
    there = f'"{context.stack}"' in listed or f'/{context.stack}"' in listed
    moved = ok(name, context.facts["state"]) if there else missing(name, "is not in the bucket", "run this step again")
    return [moved, *doctor_results(context, STATE)]


def preview_results(context: Context) -> list[CheckResult]:
    """Check that the engine's preview succeeded."""
    return [_ended(context, "preview")]


def update_results(context: Context) -> list[CheckResult]:
    """Check that the update succeeded and the stack has the output api_url."""
    outputs = StackRun(context.stack, context.root).outputs()
    if address := outputs.get("api_url"):
        return [_ended(context, "up"), ok("Address", address)]
    return [_ended(context, "up"), missing("Address", "the stack has no output api_url", "run this step again")]


def smoke_results(context: Context) -> list[CheckResult]:
    """Check that the smoke test passes."""
    report = smoke(target_of(context))
    return [
        CheckResult(f"Smoke: {step.name}", step.status == "passed", step.detail, f"./stack smoke {context.stack}")
        for step in report.steps
        if step.status != "not run"
    ]


def no_change_results(context: Context) -> list[CheckResult]:
    """Return no failure: what a preview and a refresh find after the update is a difference."""
    return [_ended(context, "preview"), _ended(context, "refresh")]


def rollback_results(context: Context) -> list[CheckResult]:
    """Check that a rollback to the serving version moves nothing, and that this version answers."""
    file = load_stack_file(context.stack, context.root)
    released = ReleasedStack.of(file, outputs_of(context.stack, context.root, context.outputs))
    version = released.alias.routing().version
    done = roll_back(context.stack, released, History(context.root, context.stack), version)
    return [ok("Rollback", f"version {done.to_version} answers after {done.seconds:.1f} s")]


def deploy_workflow(context: Context) -> list[CheckResult]:
    """Check that the workflow Deploy has run for this commit, and that every job of the stack succeeded."""
    run = _finished(
        context, f"/actions/workflows/deploy.yml/runs?head_sha={commit_of(context.root).partition('+')[0]}&per_page=1"
    )
    jobs = github_of(context).all(f"/actions/runs/{run.id}/jobs", Job)
    own = [job for job in jobs if job.name.partition(" /")[0] in {context.stack, "Build once", "Attest"}]
    failed = [job.name for job in own if job.conclusion not in {"success", "skipped"}]
    if failed or not own:
        return [missing("Deploy", f"failed: {', '.join(failed) or 'no job of the stack'}", f"see {run.html_url}")]
    return [ok("Deploy", f"{len(own)} jobs succeeded")]


def rollback_workflow(context: Context) -> list[CheckResult]:
    """Check that the workflow Roll back, started by this step, took the deploy role and succeeded."""
    run = _finished(context, "/actions/workflows/rollback.yml/runs?event=workflow_dispatch&per_page=1")
    return [_concluded("Roll back", run)]


def pull_request_workflow(context: Context) -> list[CheckResult]:
    """Check that the checks of the pull request from the branch `rehearsal` succeeded."""
    where = "/actions/workflows/pull-request.yml/runs?event=pull_request&branch=rehearsal&per_page=1"
    return [_concluded("Pull request", _finished(context, where))]


def target_of(context: Context) -> SmokeTarget:
    """Return the API and its machine client. Raises RefusedError."""
    outputs = outputs_of(context.stack, context.root, context.outputs)
    return SmokeTarget.of(context.stack, outputs, load_stack_file(context.stack, context.root).settings)


def project_of(context: Context, folder: str) -> str:
    """Return the name of the Pulumi project in a folder."""
    return load_project(context.root / folder).name


def _results(context: Context, modules: Collection[str]) -> Iterator[tuple[str, CheckResult]]:
    """Return the doctor's checks of these modules, each with its module before its name."""
    file = load_stack_file(context.stack, context.root)
    boundary = file.settings.permissions_boundary
    target = Target(context.stack, context.root, file.region, context.facts["account"], boundary)
    for check_of in doctor.CHECKS:
        if (module := _module(check_of)) in modules:
            yield from ((f"{module}:{check.name}", check) for check in check_of(target))


def _module(check_of: Check) -> str:
    return check_of.__module__.rpartition(".")[2]


def _is_one_of(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _ended(context: Context, command: str) -> CheckResult:
    run, name = context.runs[command], f"pulumi {command}"
    if run.succeeded:
        counts = ", ".join(f"{count} to {operation}" for operation, count in sorted(run.counts.items()))
        return ok(name, counts or "no changes")
    return missing(name, "; ".join(run.errors[:3]), "see the errors above, then run this step again")


def github_of(context: Context) -> GitHub:
    """Return the trusted repository. Raises RefusedError where the environment names none or another."""
    wanted = context.facts["repository"]
    try:
        github = GitHub.of_environment()
    except GitHubError as error:
        example = f'export GITHUB_TOKEN="$(gh auth token)" GITHUB_REPOSITORY={wanted}'
        raise RefusedError(f"{str(error).removesuffix('.')}: {example}") from None
    if github.repository != wanted:
        raise RefusedError(
            f"GITHUB_REPOSITORY is {github.repository}, and {BOOTSTRAP}/Pulumi.{context.stack}.yaml names {wanted}: "
            "the roles trust that one only."
        )
    return github


def _finished(context: Context, path: str) -> WorkflowRun:
    """Return the newest run of a workflow since this step began, once it has ended. Raises RefusedError."""
    deadline, github = time.monotonic() + context.wait_seconds, github_of(context)
    while True:
        runs = github.get(path, WorkflowRuns).workflow_runs
        fresh = [run for run in runs if "head_sha=" in path or "branch=" in path or run.created_at >= context.started]
        if fresh and fresh[0].status == "completed":
            return fresh[0]
        if time.monotonic() >= deadline:
            state = f"is still {fresh[0].status}: see {fresh[0].html_url}" if fresh else "has not begun"
            workflow = path.split("/")[3]
            raise RefusedError(
                f"The workflow {workflow} {state} after {context.wait_seconds:g} s; run this step again later."
            )
        time.sleep(context.pause_seconds)


def _concluded(name: str, run: WorkflowRun) -> CheckResult:
    if run.conclusion == "success":
        return ok(name, "succeeded")
    return missing(name, f"ended with {run.conclusion}", f"see {run.html_url}")
