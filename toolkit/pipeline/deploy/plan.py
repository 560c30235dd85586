"""Make a plan of an update, and bind it to its inputs."""

import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from toolkit.engine.answers import PLAN, read_answer
from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun, refuse_failed
from toolkit.pipeline.deploy.ancestry import refuse_older
from toolkit.pipeline.deploy.data_loss_check import refuse_data_loss
from toolkit.pipeline.deploy.manifest import Bound, Manifest, commit_of, file_digest, marked, state_digest
from toolkit.pipeline.deploy.promotion import place_package, promotable
from toolkit.pipeline.deploy.sources import Sources, sources_of
from toolkit.stacks.files import output_file, read_text
from toolkit.stacks.settings import StackFile


def make_plan(
    file: StackFile, root: Path, allowed: Collection[str], report: Report, *, allow_older: bool = False
) -> Manifest:
    """Write build/plan/<stack>/plan.json and manifest.json.

    Raises RefusedError, and leaves no plan behind, where a newer commit is deployed (unless `allow_older`), or the
    preview, a policy or the check for data loss fails.
    """
    stack = file.stack
    folder = output_file(root, "plan", stack)
    shutil.rmtree(folder, ignore_errors=True)
    place_package(file, root)
    package = promotable(stack, root)
    run = StackRun(stack, root, report)
    if not allow_older:
        refuse_older(run)
    sources = sources_of(root)
    if sources.uncommitted:
        report(f"The plan includes files that differ from the commit: {sources.listed}")
    bound = bound_now(run, package, sources)
    folder.mkdir(parents=True)
    try:
        shown = run.preview("--save-plan", str(folder / "plan.json"))
        refuse_failed(shown)
        refuse_data_loss(shown.steps, file.region, allowed)
        manifest = Manifest(
            **vars(bound),
            stack=stack,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            plan_sha256=file_digest(folder / "plan.json"),
            operations=shown.operations,
            uncommitted=sources.uncommitted,
            changes=bool(shown.operations) or _outputs_change(folder / "plan.json"),
        )
    except BaseException:
        shutil.rmtree(folder)
        raise
    manifest.write(folder)
    return manifest


def _outputs_change(plan: Path) -> bool:
    """Return whether the plan changes outputs of the stack, which is no operation on a resource."""
    planned = read_answer(PLAN, read_text(plan), "The plan that `pulumi preview` saved")[0].resourcePlans
    goals = [each.goal for urn, each in planned.items() if "::pulumi:pulumi:Stack::" in urn]
    return any(goal.outputDiff for goal in goals if goal)


def bound_now(run: StackRun, package: str, sources: Sources) -> Bound:
    """Return the present inputs of a plan. Raises RefusedError."""
    return Bound(
        commit=marked(commit_of(run.root), sources),
        config_sha256=file_digest(run.root / f"Pulumi.{run.stack}.yaml"),
        package_sha256=package,
        state_sha256=state_digest(run.export()),
        sources_sha256=sources.digest,
    )
