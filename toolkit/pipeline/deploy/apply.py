"""Apply a plan, if its inputs and its steps are unchanged."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun, refuse_failed
from toolkit.pipeline.deploy.ancestry import refuse_older
from toolkit.pipeline.deploy.data_loss_check import refuse_data_loss
from toolkit.pipeline.deploy.manifest import (
    Manifest,
    commit_of,
    file_digest,
    marked,
    read_manifest,
    short,
    state_digest,
)
from toolkit.pipeline.deploy.promotion import place_package, promotable, record_deployed
from toolkit.pipeline.deploy.sources import Sources, sources_of
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.settings import StackFile


@dataclass(frozen=True)
class DeployRequest:
    """The plan to apply, the URNs whose data loss is accepted, and whether an older commit is accepted."""

    file: StackFile
    plan: Path
    allowed: Collection[str] = ()
    dry_run: bool = False
    allow_older: bool = False


def apply_plan(request: DeployRequest, root: Path, report: Report) -> dict[str, Any]:
    """Apply the plan, and write the result to build/deploy/<stack>.json.

    Raises BadPlanError, and RefusedError where a check fails before the update, or the update fails.
    """
    file = output_file(root, "deploy", f"{request.file.stack}.json")
    manifest = read_manifest(request.plan, request.file.stack)
    run = StackRun(request.file.stack, root, report)
    place_package(request.file, root)
    sources = sources_of(root)
    _refuse_changed_inputs(manifest, _files_now(request, root, manifest, sources), sources)
    if not request.allow_older:
        refuse_older(run)
    _refuse_changed_inputs(manifest, {"state_sha256": state_digest(run.export())}, sources)
    report("Comparing the update with the plan")
    shown = run.preview()
    refuse_failed(shown)
    _refuse_other_steps(manifest, shown.operations)
    refuse_data_loss(shown.steps, request.file.region, request.allowed)
    if request.dry_run:
        return _result(manifest, {})
    refuse_failed(run.up("--plan", str(request.plan / "plan.json")))
    result = _result(manifest, run.outputs())
    record_deployed(root, manifest.package_sha256, request.file.stack)
    write_file(file, json.dumps(result, indent=2) + "\n")
    return result


def _files_now(request: DeployRequest, root: Path, manifest: Manifest, sources: Sources) -> dict[str, str]:
    """Return the hashes and the commit, which need no credentials."""
    plan = request.plan / "plan.json"
    if file_digest(plan) != manifest.plan_sha256:
        raise RefusedError(
            f"{plan} is not the plan that was approved: its SHA-256 is {short(file_digest(plan))}, the manifest says "
            f"{short(manifest.plan_sha256)}; {_again(manifest)}"
        )
    return {
        "commit": marked(commit_of(root), sources),
        "sources_sha256": sources.digest,
        "config_sha256": file_digest(root / f"Pulumi.{request.file.stack}.yaml"),
        "package_sha256": promotable(request.file.stack, root),
    }


def _refuse_changed_inputs(manifest: Manifest, now: Mapping[str, str], sources: Sources) -> None:
    if changed_inputs := list(manifest.changed_inputs(now)):
        files = Sources("", tuple(dict.fromkeys((*sources.uncommitted, *manifest.uncommitted))))
        of_files = f" (files that differ from the commit: {files.listed})" if files.uncommitted else ""
        raise RefusedError(f"Since the plan was made {', and '.join(changed_inputs)}{of_files}; {_again(manifest)}")


def _refuse_other_steps(manifest: Manifest, now: Mapping[str, str]) -> None:
    planned = manifest.operations
    if other := sorted(urn for urn in planned.keys() | now.keys() if planned.get(urn) != now.get(urn)):
        differences = [
            f"{urn.rpartition('::')[2]}: planned {planned.get(urn, 'same')}, now {now.get(urn, 'same')}"
            for urn in other
        ]
        raise RefusedError(
            f"The update is no longer the one that was planned ({'; '.join(differences[:5])}); {_again(manifest)}"
        )


def _again(manifest: Manifest) -> str:
    return f"plan and approve again: ./stack plan {manifest.stack}"


def _result(manifest: Manifest, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "stack": manifest.stack,
        "commit": manifest.commit,
        "package_sha256": manifest.package_sha256,
        "operations": dict(manifest.operations),
        "outputs": dict(outputs),
    }
