"""Preview a stack with the Pulumi engine against the deployed state; keep its errors."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from toolkit.engine.events import UpdateStep as Step
from toolkit.engine.events import Violation
from toolkit.engine.runs import EngineRun, StackRun
from toolkit.pipeline.deploy.data_loss import all_data_losses
from toolkit.pipeline.preview.compare import Redactor, leaves, top_level
from toolkit.pipeline.preview.model import Operation, PolicyFinding, Preview, Property, ResourceChange
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.marks import KIND, SECRET

_PREFIXED = "bootstrap/"


def preview_by_engine(offline: Preview, root: Path) -> Preview:
    """Return the offline preview with the steps, findings and errors of the engine."""
    at = root / "infrastructure" / "bootstrap" if offline.stack.startswith(_PREFIXED) else root
    try:
        run = StackRun(offline.stack.removeprefix(_PREFIXED), at).preview()
    except RefusedError as error:
        return replace(offline, source="engine", status="failed", base="", changes=(), data_losses=(), error=str(error))
    return of_run(offline, run)


def of_run(offline: Preview, run: EngineRun) -> Preview:
    """Return the result of the engine, with the cost and the permissions from the graph."""
    policies = _findings(offline.policies, run.violations)
    blocked = any(finding.blocks for finding in policies)
    return replace(
        offline,
        source="engine",
        status="blocked" if blocked else "ok" if run.succeeded else "failed",
        base="",
        error="" if run.succeeded or blocked else " ".join(run.errors) or "The engine failed without an error message.",
        changes=tuple(_change(step) for step in run.changes if step.operation in get_args(Operation)),
        data_losses=all_data_losses(run.steps),
        policies=policies,
    )


def _findings(known: Iterable[PolicyFinding], new: Iterable[Violation]) -> tuple[PolicyFinding, ...]:
    """Return the violations in the graph, and those that only the engine found in the deployed state."""
    found = {(each.rule, each.urn): each for each in known}
    for each in new:
        blocks = each.level == "mandatory"
        finding = PolicyFinding(each.rule, each.level, each.severity, each.urn, each.message, blocks=blocks)
        found.setdefault((each.rule, each.urn), finding)
    return tuple(found.values())


def _change(step: Step) -> ResourceChange:
    was, now = _inputs(step.before), _inputs(step.after)
    moved = [path for path in sorted(was.keys() | now.keys()) if was.get(path) != now.get(path)]
    redactor = Redactor(set())
    known = [Property(path, redactor.shown(was.get(path)), redactor.shown(now.get(path))) for path in moved]
    heads = {top_level(path) for path in moved}
    unseen = [name for name in step.properties if top_level(name) not in heads]
    operation: Any = step.operation
    properties = (*known, *(Property(name) for name in unseen)) if operation in ("update", "replace") else ()
    protected = step.before.get("protect") is True
    return ResourceChange(
        step.urn, step.type, step.name, operation, step.replaces_because, properties, protected=protected
    )


def _inputs(state: Mapping[str, Any]) -> dict[str, Any]:
    return dict(leaves({**(state.get("inputs") or {}), "protect": state.get("protect", False)}, _seen)) if state else {}


def _seen(value: Any) -> Any:
    """Return the inputs with marked secrets, and with archives and files as the digest of their content."""
    if not isinstance(value, Mapping) or KIND not in value:
        return value
    return "[secret]" if value[KIND] == SECRET else str(value.get("hash", "content"))
