"""Remove from botocore's data every operation that the function does not call."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolkit.package import PackageError
from toolkit.package.operations import Operations
from toolkit.package.wheels import rewrite

CORRECT = "correct [tool.toolkit.package.aws-operations] in pyproject.toml"
ENDPOINT_RULES = "endpoint-rule-set-1.json"
MODEL = "service-2.json"
KEPT_FILES = {ENDPOINT_RULES, MODEL, "service-2.sdk-extras.json", "paginators-1.json"}


def trim_botocore(data: Path, called: Operations) -> None:
    """Keep in botocore's `data` folder the newest description of each service that is called, without other operations.

    The files are kept uncompressed: they load faster, and the zip compresses them. Raises PackageError.
    """
    for entry in sorted(data.iterdir()):
        if entry.is_dir() and entry.name not in called:
            _remove(entry)
    for service, operations in called.items():
        versions = sorted(path for path in (data / service).glob("*") if path.is_dir())
        if not versions:
            raise PackageError(f"botocore has no service {service}: {CORRECT}.")
        for old in versions[:-1]:
            _remove(old)
        _trim_service(versions[-1], service, operations)
    endpoints = data / "endpoints.json"
    rewrite(endpoints, _compact(_endpoints(json.loads(endpoints.read_bytes()), called)))


def _trim_service(folder: Path, service: str, operations: frozenset[str]) -> None:
    for path in sorted(folder.iterdir()):
        name = path.name.removesuffix(".gz")
        if name not in KEPT_FILES:
            path.unlink()
            continue
        content = json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
        path.unlink()
        (folder / name).write_text(_compact(_model(content, service, operations) if name == MODEL else content))


def _model(model: dict[str, Any], service: str, operations: frozenset[str]) -> dict[str, Any]:
    """The service's description with these operations, the shapes that they reach, and no documentation."""
    if missing := operations - model["operations"].keys():
        raise PackageError(f"botocore's {service} has no operation {', '.join(sorted(missing))}: {CORRECT}.")
    kept = {name: model["operations"][name] for name in sorted(operations)}
    shapes: dict[str, Any] = {}
    waiting = [name for operation in kept.values() for name in _references(operation)]
    while waiting:
        if (name := waiting.pop()) not in shapes:
            shapes[name] = model["shapes"][name]
            waiting.extend(_references(shapes[name]))
    shown = {"operations": kept, "shapes": dict(sorted(shapes.items()))}
    return model | dict(_undocumented(shown))


def _references(node: Any) -> Iterator[str]:
    """The names of the shapes that a description points to."""
    if isinstance(node, dict):
        if isinstance(node.get("shape"), str):
            yield node["shape"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _undocumented(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: _undocumented(v) for k, v in node.items() if not (k == "documentation" and isinstance(v, str))}
    return [_undocumented(value) for value in node] if isinstance(node, list) else node


def _endpoints(endpoints: dict[str, Any], called: Operations) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if name in called}
    return endpoints


def _compact(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
