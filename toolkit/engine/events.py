"""Read the engine's events: the step of each resource, policy violations and errors."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.stacks.urns import name_in

Event = Mapping[str, Any]
REPLACING = {"create-replacement", "delete-replaced", "discard-replaced", "read-replacement", "import-replacement"}
_COLOUR = re.compile(r"<\{%.*?%\}>")


@dataclass(frozen=True)
class UpdateStep:
    """The change of one resource; a replacement is one change."""

    urn: str
    type: str
    name: str
    operation: str
    """create, update, replace, delete, same, read, import."""
    replaces_because: tuple[str, ...]
    properties: tuple[str, ...]
    before: Mapping[str, Any]
    """The resource before: its id, inputs, outputs and protect; empty where there was none."""
    after: Mapping[str, Any]
    """The resource afterwards; empty where there is none."""


@dataclass(frozen=True)
class Violation:
    """A violation of a policy by a resource."""

    rule: str
    level: str
    severity: str
    urn: str
    message: str


def changes_in(events: Iterable[Event]) -> tuple[UpdateStep, ...]:
    """Return the change of each resource, in the engine's order."""
    steps: dict[str, UpdateStep] = {}
    # A refresh decides what it found only at the end of each step.
    for event in events:
        for part in ("resourcePreEvent", "resOutputsEvent"):
            if part in event:
                step = _change(event[part]["metadata"])
                steps[step.urn] = _merged(steps.get(step.urn), step)
    return tuple(steps.values())


def violations_in(events: Iterable[Event]) -> tuple[Violation, ...]:
    """Return the violations that the policy packs report."""
    return tuple(
        Violation(
            rule=violation.get("policyName", ""),
            level=violation.get("enforcementLevel", ""),
            severity=violation.get("severity", ""),
            urn=violation.get("resourceUrn", ""),
            message=_plain(violation.get("message", "")),
        )
        for violation in (event["policyEvent"] for event in events if "policyEvent" in event)
    )


def errors_in(events: Iterable[Event]) -> tuple[str, ...]:
    """Return the diagnostics of severity error, each once, with the name of their resource."""
    errors: dict[str, None] = {}
    for event in events:
        diagnostic = event.get("diagnosticEvent", {})
        if diagnostic.get("severity") == "error":
            name = name_in(diagnostic.get("urn", ""))
            errors[f"{name}: {_plain(diagnostic['message'])}".removeprefix(": ")] = None
    return tuple(errors)


def _change(metadata: Mapping[str, Any]) -> UpdateStep:
    before, after = metadata.get("old") or {}, metadata.get("new") or {}
    operation = metadata["op"]
    detailed = metadata.get("detailedDiff") or {}
    return UpdateStep(
        urn=metadata["urn"],
        type=metadata["type"],
        name=name_in(metadata["urn"]),
        operation="replace" if operation in REPLACING else "same" if operation == "refresh" else operation,
        replaces_because=tuple(metadata.get("keys") or ()),
        properties=tuple(sorted(detailed or metadata.get("diffs") or ())),
        before=before,
        after=after,
    )


def _merged(earlier: UpdateStep | None, later: UpdateStep) -> UpdateStep:
    """Merge two steps of a resource: the later operation, and the details of both."""
    if earlier is None:
        return later
    return UpdateStep(
        urn=later.urn,
        type=later.type,
        name=later.name,
        operation="replace" if "replace" in (earlier.operation, later.operation) else later.operation,
        replaces_because=later.replaces_because or earlier.replaces_because,
        properties=later.properties or earlier.properties,
        before=later.before or earlier.before,
        after=later.after or earlier.after,
    )


def _plain(text: str) -> str:
    return _COLOUR.sub("", text).strip()
