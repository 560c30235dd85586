"""The checks of the steps, by the doctor's checks, the engine's results, the API and GitHub."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from toolkit.engine.runs import StackRun, ask_cli
from toolkit.pipeline.commands import doctor
from toolkit.pipeline.deployment.manifest import commit_of
from toolkit.pipeline.doctor.check import Check, Examination, Patient, missing, ok
from toolkit.pipeline.github import GitHub, GitHubError
from toolkit.pipeline.github_answers import Job, WorkflowRun, WorkflowRuns
from toolkit.pipeline.rehearsal.model import BOOTSTRAP, Scene
from toolkit.pipeline.release.history import History
from toolkit.pipeline.release.rollback import roll_back
from toolkit.pipeline.release.stack import ReleasedStack
from toolkit.pipeline.smoke.run import smoke
from toolkit.pipeline.smoke.target import Target
from toolkit.pipeline.stack_facts import outputs_of, settings_of
from toolkit.stacks import load_project, load_stack_config
from toolkit.stacks.errors import RefusedError

# Names of the doctor's checks, with wildcards, behind the module that looks for them.
FILLED_IN = ("machine:Account", "machine:Pulumi CLI")
PREPARED = ("account:Role *", "account:Permissions boundary")
STATE = ("account:Backend", "account:State's versions")
STACK = ("account:Stack", "machine:Secrets provider", "machine:Cursor key")
PACKAGE = ("machine:Package",)
ENVIRONMENT = ("github:GitHub", "github:Environment*", "github:Trusted repository", "github:Token subject")
VARIABLES = ("github:GitHub", "github:Variable*", "github:Approval*")
BRANCH_RULES = ("github:GitHub", "github:Branch rules*")
ON_GITHUB = ("github:*",)
LATER = ("machine:Account", *PREPARED, *STATE, *STACK, *PACKAGE, *ON_GITHUB)
"""What a later step than `account` settles."""


def settling(patterns: Sequence[str]) -> Callable[[Scene], list[Check]]:
    """A check that the doctor's checks of these names pass."""
    return lambda scene: settled(scene, patterns)


def settled(scene: Scene, patterns: Sequence[str]) -> list[Check]:
    """The doctor's checks of these names; modules that none of them names are not run."""
    modules = {pattern.partition(":")[0] for pattern in patterns}
    return [check for name, check in _examined(scene, modules) if _is_one_of(name, patterns)]


def account_ready(scene: Scene) -> list[Check]:
    """Every check of the doctor that no later step settles: credentials, quotas, billing."""
    others = {_module(examine) for examine in doctor.EXAMINATIONS} - {"github"}
    return [check for name, check in _examined(scene, others) if not _is_one_of(name, LATER)]


def on_github(patterns: Sequence[str]) -> Callable[[Scene], list[Check]]:
    """A check that the doctor's checks of these names pass for the repository that the account trusts."""

    def check(scene: Scene) -> list[Check]:
        github_of(scene)
        return settled(scene, patterns)

    return check


def settings_filled_in(scene: Scene) -> list[Check]:
    """The files of the stack and of its account hold no example value, and both name the same account."""
    checks = settled(scene, FILLED_IN)
    file = f"{BOOTSTRAP}/Pulumi.{scene.stack}.yaml"
    account, repository = scene.facts["bootstrap_account"], scene.facts["repository"]
    if account != scene.facts["account"]:
        checks.append(missing("Account of both files", f"{file} names {account}", f"write the same id into {file}"))
    if repository.startswith("example/"):
        checks.append(missing("Repository", f"{repository} is an example", f"write owner, name and ids into {file}"))
    return checks


def state_moved(scene: Scene) -> list[Check]:
    """The account's own state is in the bucket, which has versioning."""
    listed = ask_cli(scene.root / BOOTSTRAP, "stack", "ls", "--json")
    name = "State of the account"
    there = f'"{scene.stack}"' in listed or f'/{scene.stack}"' in listed
    moved = ok(name, scene.facts["state"]) if there else missing(name, "is not in the bucket", "run this step again")
    return [moved, *settled(scene, STATE)]


def previewed(scene: Scene) -> list[Check]:
    """The engine's preview succeeded."""
    return [_ended(scene, "preview")]


def deployed(scene: Scene) -> list[Check]:
    """The update succeeded and the stack has the output api_url."""
    outputs = StackRun(scene.stack, scene.root).outputs()
    address = outputs.get("api_url")
    name = "Address"
    found = ok(name, address) if address else missing(name, "the stack has no output api_url", "run this step again")
    return [_ended(scene, "up"), found]


def smoked(scene: Scene) -> list[Check]:
    """The smoke test passes."""
    report = smoke(target_of(scene))
    return [
        Check(
            f"Smoke: {step.name}",
            step.status == "passed",
            step.detail,
            f"./stack smoke {scene.stack}",
        )
        for step in report.steps
        if step.status != "not run"
    ]


def no_change(scene: Scene) -> list[Check]:
    """Directly after an update a preview and a refresh find nothing; what they find is a difference, no failure."""
    return [_ended(scene, "preview"), _ended(scene, "refresh")]


def rolled_back(scene: Scene) -> list[Check]:
    """A rollback to the version that serves now moves nothing, and that version answers."""
    released = ReleasedStack.of(scene.stack, scene.root, outputs_of(scene.stack, scene.root, scene.outputs))
    version = released.alias.pointing().version
    done = roll_back(scene.stack, released, History(scene.root, scene.stack), version)
    return [ok("Rollback", f"version {done.to_version} answers after {done.seconds:.1f} s")]


def nothing_to_check(_scene: Scene) -> list[Check]:
    """What the step records is all that it is for."""
    return []


def deploy_ran(scene: Scene) -> list[Check]:
    """The workflow Deploy has run for this commit, and every job of the stack succeeded."""
    run = _finished(
        scene, f"/actions/workflows/deploy.yml/runs?head_sha={commit_of(scene.root).partition('+')[0]}&per_page=1"
    )
    jobs = github_of(scene).all(f"/actions/runs/{run.id}/jobs", Job)
    own = [job for job in jobs if job.name.partition(" /")[0] in {scene.stack, "Build once", "Attest"}]
    failed = [job.name for job in own if job.conclusion not in {"success", "skipped"}]
    if failed or not own:
        return [missing("Deploy", f"failed: {', '.join(failed) or 'no job of the stack'}", f"see {run.html_url}")]
    return [ok("Deploy", f"{len(own)} jobs succeeded")]


def rollback_ran(scene: Scene) -> list[Check]:
    """The workflow Roll back, started by this step, took the deploy role and succeeded."""
    run = _finished(scene, "/actions/workflows/rollback.yml/runs?event=workflow_dispatch&per_page=1")
    return [_concluded("Roll back", run)]


def pull_request_ran(scene: Scene) -> list[Check]:
    """The checks of the pull request from the branch `rehearsal` succeeded."""
    where = "/actions/workflows/pull-request.yml/runs?event=pull_request&branch=rehearsal&per_page=1"
    return [_concluded("Pull request", _finished(scene, where))]


def target_of(scene: Scene) -> Target:
    """The API and its machine client. Raises RefusedError."""
    found = outputs_of(scene.stack, scene.root, scene.outputs)
    return Target.of(scene.stack, found, settings_of(scene.stack, scene.root))


def project_of(scene: Scene, folder: str) -> str:
    """The name of the Pulumi project in a folder."""
    return load_project(scene.root / folder).name


def _examined(scene: Scene, modules: Collection[str]) -> Iterator[tuple[str, Check]]:
    """The doctor's checks of these modules, each with its module before its name."""
    config = load_stack_config(scene.stack, scene.root)
    settings: Any = config["items-api:settings"]
    patient = Patient(
        scene.stack, scene.root, str(config["aws:region"]), scene.facts["account"], settings.get("permissions-boundary")
    )
    for examine in doctor.EXAMINATIONS:
        if (module := _module(examine)) in modules:
            yield from ((f"{module}:{check.name}", check) for check in examine(patient))


def _module(examine: Examination) -> str:
    return examine.__module__.rpartition(".")[2]


def _is_one_of(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _ended(scene: Scene, command: str) -> Check:
    run, name = scene.runs[command], f"pulumi {command}"
    if run.succeeded:
        counts = ", ".join(f"{count} to {operation}" for operation, count in sorted(run.counts.items()))
        return ok(name, counts or "no changes")
    return missing(name, "; ".join(run.errors[:3]), "see the errors above, then run this step again")


def github_of(scene: Scene) -> GitHub:
    """The repository that the account trusts. Raises RefusedError where the environment names none or another."""
    wanted = scene.facts["repository"]
    try:
        found = GitHub.of_environment()
    except GitHubError as error:
        example = f'export GITHUB_TOKEN="$(gh auth token)" GITHUB_REPOSITORY={wanted}'
        raise RefusedError(f"{str(error).removesuffix('.')}: {example}") from None
    if found.repository != wanted:
        raise RefusedError(
            f"GITHUB_REPOSITORY is {found.repository}, and {BOOTSTRAP}/Pulumi.{scene.stack}.yaml names {wanted}: the "
            "roles trust that one only."
        )
    return found


def _finished(scene: Scene, path: str) -> WorkflowRun:
    """The newest run of a workflow that began with this step or later, once it is over. Raises RefusedError."""
    deadline, github = time.monotonic() + scene.wait_seconds, github_of(scene)
    while True:
        runs = github.get(path, WorkflowRuns).workflow_runs
        fresh = [run for run in runs if "head_sha=" in path or "branch=" in path or run.created_at >= scene.started]
        if fresh and fresh[0].status == "completed":
            return fresh[0]
        if time.monotonic() >= deadline:
            state = f"is still {fresh[0].status}: see {fresh[0].html_url}" if fresh else "has not begun"
            workflow = path.split("/")[3]
            raise RefusedError(
                f"The workflow {workflow} {state} after {scene.wait_seconds:g} s; run this step again later."
            )
        time.sleep(scene.pause_seconds)


def _concluded(name: str, run: WorkflowRun) -> Check:
    if run.conclusion == "success":
        return ok(name, "succeeded")
    return missing(name, f"ended with {run.conclusion}", f"see {run.html_url}")
