"""Carries out a plan, if nothing that it is bound to has moved and it still says the same."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun
from toolkit.pipeline.deployment.ancestry import refuse_older
from toolkit.pipeline.deployment.danger_gate import refuse_danger
from toolkit.pipeline.deployment.manifest import (
    Manifest,
    commit_of,
    file_digest,
    marked,
    read_manifest,
    short,
    state_digest,
)
from toolkit.pipeline.deployment.planning import refuse_failed
from toolkit.pipeline.deployment.promotion import place_package, promotable, record_ran
from toolkit.pipeline.deployment.sources import Sources, sources_of
from toolkit.stacks import load_stack_config
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import output_file, write_file


@dataclass(frozen=True)
class Order:
    """Which plan to carry out, the dangers that were agreed to, by URN, and whether the commit may be an older one."""

    stack: str
    plan: Path
    allowed: Collection[str] = ()
    dry_run: bool = False
    allow_older: bool = False


def deploy(order: Order, root: Path, report: Report) -> dict[str, Any]:
    """Update the stack as planned, and say what it is now: build/deploy/<stack>.json.

    Raises BadPlanError, and RefusedError, before which nothing is done, or after which the engine stopped half-way.
    """
    load_stack_config(order.stack, root)
    file = output_file(root, "deploy", f"{order.stack}.json")
    manifest = read_manifest(order.plan, order.stack)
    run = StackRun(order.stack, root, report)
    place_package(order.stack, root)
    sources = sources_of(root)
    _refuse_moved(manifest, _files_now(order, root, manifest, sources), sources)
    if not order.allow_older:
        refuse_older(run)
    _refuse_moved(manifest, {"state_sha256": state_digest(run.export())}, sources)
    report("Looking whether the plan still holds")
    shown = run.preview()
    refuse_failed(shown)
    _refuse_other_steps(manifest, shown.operations)
    refuse_danger(shown.steps, order.stack, root, order.allowed)
    if order.dry_run:
        return _result(manifest, {})
    refuse_failed(run.up("--plan", str(order.plan / "plan.json")))
    result = _result(manifest, run.outputs())
    record_ran(root, manifest.package_sha256, order.stack)
    write_file(file, json.dumps(result, indent=2) + "\n")
    return result


def _files_now(order: Order, root: Path, manifest: Manifest, sources: Sources) -> dict[str, str]:
    """What can be told without credentials."""
    plan = order.plan / "plan.json"
    if file_digest(plan) != manifest.plan_sha256:
        raise RefusedError(
            f"{plan} is not the plan that was approved: its SHA-256 is {short(file_digest(plan))}, the manifest says "
            f"{short(manifest.plan_sha256)}; {_again(manifest)}"
        )
    return {
        "commit": marked(commit_of(root), sources),
        "sources_sha256": sources.digest,
        "config_sha256": file_digest(root / f"Pulumi.{order.stack}.yaml"),
        "package_sha256": promotable(order.stack, root),
    }


def _refuse_moved(manifest: Manifest, now: Mapping[str, str], sources: Sources) -> None:
    if moved := list(manifest.moved(now)):
        files = Sources("", tuple(dict.fromkeys((*sources.uncommitted, *manifest.uncommitted))))
        of_files = f" (files that the commit does not have so: {files.listed})" if files.uncommitted else ""
        raise RefusedError(f"Since the plan was made {', and '.join(moved)}{of_files}; {_again(manifest)}")


def _refuse_other_steps(manifest: Manifest, now: Mapping[str, str]) -> None:
    planned = manifest.operations
    if other := sorted(urn for urn in planned.keys() | now.keys() if planned.get(urn) != now.get(urn)):
        told = [
            f"{urn.rpartition('::')[2]}: planned {planned.get(urn, 'same')}, now {now.get(urn, 'same')}"
            for urn in other
        ]
        raise RefusedError(
            f"The update is no longer the one that was planned ({'; '.join(told[:5])}); {_again(manifest)}"
        )


def _again(manifest: Manifest) -> str:
    return f"look again and approve again: ./stack plan {manifest.stack}"


def _result(manifest: Manifest, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "stack": manifest.stack,
        "commit": manifest.commit,
        "package_sha256": manifest.package_sha256,
        "operations": dict(manifest.operations),
        "outputs": dict(outputs),
    }
