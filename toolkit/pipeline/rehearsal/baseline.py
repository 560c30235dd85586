"""The baseline of the embedded AWS, which `make generate` writes and a rehearsal compares with."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi

from toolkit.configuration import ROOT, configuration
from toolkit.pipeline.rehearsal.model import Difference
from toolkit.stacks import ResourceGraph, Secret
from toolkit.stacks.json_documents import read_json_object
from toolkit.stacks.marks import KIND

Forms = Mapping[str, str]
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_ARN = re.compile(r"arn:aws[\w-]*:([\w-]+):")


def baseline_file() -> Path:
    """Return the path of the baseline."""
    return ROOT / configuration().rehearsal_baseline


def read_baseline() -> dict[str, Any]:
    """Return the content of the file. Raises FileError."""
    return read_json_object(baseline_file())


def forms_of(graph: ResourceGraph) -> dict[str, dict[str, str]]:
    """Return the path and the form of every output of each resource, by type and name, without values."""
    return {
        f"{one.type}::{one.name}": value_forms(one.outputs)
        for one in graph.resources
        if one.custom and not one.type.startswith("pulumi:")
    }


def value_forms(value: Any) -> dict[str, str]:
    """Return the form of every value by its path; elements of a list share one path."""
    forms_by_path: dict[str, set[str]] = {}
    for path, form in _forms(value, ""):
        forms_by_path.setdefault(path, set()).add(form)
    return {path: " or ".join(sorted(forms)) for path, forms in sorted(forms_by_path.items())}


def compare_forms(baseline: Forms, real: Forms, where: str) -> Iterator[Difference]:
    """Yield the values that are missing, new, or of another form."""
    for path in sorted(baseline.keys() - real.keys()):
        if not _below_changed(path, real):
            yield Difference("value missing", f"{where} {path}", baseline[path], "not there")
    for path in sorted(real.keys() - baseline.keys()):
        if not _below_changed(path, baseline):
            yield Difference("value new", f"{where} {path}", "not there", real[path])
    for path in sorted(path for path in baseline.keys() & real.keys() if baseline[path] != real[path]):
        yield Difference("value of another form", f"{where} {path}", baseline[path], real[path])


def compare_resources(project: str, graph: ResourceGraph) -> Iterator[Difference]:
    """Compare the outputs of a deployed stack with those of the embedded AWS."""
    known, real = read_baseline()["resources"][project], forms_of(graph)
    for name in sorted(known.keys() & real.keys()):
        yield from compare_forms(known[name], real[name], name)


def not_compared(project: str, graph: ResourceGraph) -> list[str]:
    """Return the resources that the rehearsed stack's settings add to the baseline."""
    return sorted(forms_of(graph).keys() - read_baseline()["resources"][project].keys())


def _below_changed(path: str, others: Forms) -> bool:
    """Return whether a value above this one has another form on the other side, which is reported once."""
    parents = [path[:place] for place, letter in enumerate(path) if letter in ".[" and place]
    return any(parent in others or f"{parent}[]" in others for parent in parents)


def _forms(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Secret):
        yield path, "secret"
    elif isinstance(value, pulumi.Asset | pulumi.Archive) or (isinstance(value, Mapping) and KIND in value):
        yield path, "file"
    elif isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _forms(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple) and value:
        for inner in value:
            yield from _forms(inner, f"{path}[]")
    elif value is not None:
        yield path, _form(value)


def _form(value: Any) -> str:
    if isinstance(value, str):
        return _text_form(value)
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "empty mapping" if isinstance(value, Mapping) else "empty list"


def _text_form(text: str) -> str:
    if arn := _ARN.match(text):
        return f"ARN of {arn.group(1)}"
    if re.match(r"https?://", text):
        return "URL"
    if _TIMESTAMP.match(text):
        return "timestamp"
    if text[:1] in {"{", "["}:
        return "JSON"
    return "text" if text else "empty text"
