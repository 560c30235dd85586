"""Steps of an update as the engine's events tell them."""

from typing import Any

from toolkit.engine.events import UpdateStep


def step(
    type: str,
    operation: str = "update",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    *,
    name: str = "it",
    changed: tuple[str, ...] = (),
) -> UpdateStep:
    """Return a step of a resource with these inputs before and after; `changed` is what the engine names."""
    return UpdateStep(
        urn=f"urn:pulumi:prod::items-api::{type}::{name}",
        type=type,
        name=name,
        operation=operation,
        replaces_because=(),
        properties=changed,
        before={"id": f"{name}-0123", "inputs": before or {}} if operation != "create" else {},
        after={"inputs": after or {}} if operation not in ("delete", "discard") else {},
    )
