"""Compare a stack in the cloud with its last deployment, without writing the state."""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine.events import UpdateStep
from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun, backend_url, refuse_failed
from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.deploy.canary import CanaryDeployment
from toolkit.pipeline.deploy.manifest import state_digest
from toolkit.pipeline.deploy.promotion import released_to
from toolkit.pipeline.drift.findings import DriftFinding
from toolkit.pipeline.preview.compare import top_level
from toolkit.pipeline.unlock.locks import LONGEST_JOB, lock_store, locks_of
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile, load_stack_file

FUNCTION, ALIAS = "aws:lambda/function:Function", "aws:lambda/alias:Alias"
MOVED_BY_CODEDEPLOY = frozenset({"functionVersion", "routingConfig"})
"""The properties of an alias that CodeDeploy changes; the program of such a stack ignores them."""


class UpdateInProgressError(Exception):
    """The stack is being changed, so a difference is no drift; the message is one sentence."""


def find_drift(stack: str, root: Path, report: Report) -> list[DriftFinding]:
    """Return every finding. Raises UpdateInProgressError, and RefusedError where AWS or the state does not respond."""
    run = StackRun(stack, root, report)
    file = load_stack_file(stack, root)
    before = _idle_state(run, file)
    compared = run.refresh("--preview-only")
    if state_digest(_idle_state(run, file)) != state_digest(before):
        raise UpdateInProgressError(f"{stack} was updated while it was compared: compare it again.")
    refuse_failed(compared)
    resources = before["deployment"].get("resources") or []
    ignored = {resource["urn"]: set(resource.get("ignoreChanges", ())) for resource in resources}
    report("Comparing the code that runs with the code that was released")
    findings = [*drift_in(compared.changes, ignored)]
    findings += _code_findings(resources, released_to(root, stack), file.region)
    return findings


def _idle_state(run: StackRun, file: StackFile) -> dict[str, Any]:
    """Return the exported state. Raises UpdateInProgressError while an update or a canary deployment runs."""
    now = datetime.now(UTC)
    for lock in locks_of(lock_store(backend_url(run.root)), file.project, run.stack):
        if now - lock.taken < LONGEST_JOB:  # an older lock is stale
            raise UpdateInProgressError(
                f"{run.stack} is being updated, by {lock.described(now)}: compare it afterwards."
            )
    exported = run.export()
    outputs = {
        name: value
        for resource in exported["deployment"].get("resources") or []
        if resource["type"] == "pulumi:pulumi:Stack"
        for name, value in resource.get("outputs", {}).items()
    }
    canary = CanaryDeployment.of(aws_client("codedeploy", file.region), outputs)
    if canary and (running := canary.running()):
        raise UpdateInProgressError(
            f"The canary deployment {running} of {run.stack} is under way: compare it afterwards."
        )
    return exported


def drift_in(changes: tuple[UpdateStep, ...], ignored: Mapping[str, set[str]]) -> Iterator[DriftFinding]:
    """Yield the changes of a refresh that are drift."""
    for change in changes:
        left_out = ignored.get(change.urn, set())
        if change.type == ALIAS and "functionVersion" in left_out:
            left_out = left_out | MOVED_BY_CODEDEPLOY
        properties = tuple(path for path in change.properties if top_level(path) not in left_out)
        if change.operation == "delete" or properties or not change.properties:
            yield DriftFinding(change.urn, "deleted" if change.operation == "delete" else "changed", properties)


def code_drift(urn: str, running: Mapping[str, str], released: Mapping[str, str]) -> Iterator[DriftFinding]:
    """Yield the live and the newest code whose base64 SHA-256 is not among those released (digest by name)."""
    for what, digest in running.items():
        if digest not in released.values():
            wanted = ", ".join(value[:12] for value in released.values()) or "none"
            yield DriftFinding(
                urn, "code", ("sourceCodeHash",), f"the {what} code is {digest[:12]}, released was {wanted}"
            )


def _code_findings(resources: list[dict[str, Any]], digests: list[str], region: str) -> Iterator[DriftFinding]:
    functions = [resource for resource in resources if resource["type"] == FUNCTION]
    aliases = {
        resource["inputs"]["functionName"]: resource["inputs"]["name"]
        for resource in resources
        if resource["type"] == ALIAS
    }
    released = {digest[:12]: base64.b64encode(bytes.fromhex(digest)).decode() for digest in digests}
    for function in functions:
        known = {**released, "state": function["inputs"].get("sourceCodeHash", "")}
        running = _running(function["id"], aliases.get(function["id"]), region)
        yield from code_drift(function["urn"], running, known)


def _running(function: str, alias: str | None, region: str) -> dict[str, str]:
    """Return the digests of the running code; none for a deleted function, which the refresh reports."""
    try:
        client = aws_client("lambda", region)
        newest = client.get_function_configuration(FunctionName=function)["CodeSha256"]
        if alias is None:
            return {"newest": newest}
        live = client.get_function_configuration(FunctionName=function, Qualifier=alias)["CodeSha256"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return {}
        raise RefusedError(f"The code of {function} cannot be read: {error}") from None
    except BotoCoreError as error:
        raise RefusedError(f"The code of {function} cannot be read: {error}") from None
    return {"newest": newest, alias: live}
