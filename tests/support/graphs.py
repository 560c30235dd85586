"""Graphs and resources in a few words, for tests that need no program."""

from typing import Any

from toolkit.stacks import Resource, ResourceGraph


def resource(name: str, type: str = "aws:s3/bucket:Bucket", *, stack: str = "dev", **fields: Any) -> Resource:
    """One resource; what is not said is empty."""
    inputs = fields.pop("inputs", {})
    return Resource(
        urn=f"urn:pulumi:{stack}::shop::{type}::{name}",
        type=type,
        name=name,
        custom=fields.pop("custom", True),
        id=fields.pop("id", f"{name}-id"),
        parent=fields.pop("parent", None),
        inputs=inputs,
        outputs=fields.pop("outputs", inputs),
        **fields,
    )


def graph(*resources: Resource, stack: str = "dev") -> ResourceGraph:
    return ResourceGraph("shop", stack, resources, {})
