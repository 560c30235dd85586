"""What an engine's test deploys as real code, and the address at which it then answers."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localcloud.sign_in import create_sign_in
from stackgraph import load_stack_config
from tests.engine.engine import Engine
from tests.support.http_apis import Front, serving
from tests.support.packages import local_package

ORIGIN = "http://127.0.0.1"


def give_package(engine: Engine, stack: str, replaced: Mapping[str, tuple[str, str]] | None = None) -> str:
    """The API's own package for a stack, built for this machine; its digest.

    `replaced` names a file of the zip, a text that stands in it once, and what takes its place.
    """
    content = _with(local_package().read_bytes(), replaced or {})
    function = load_stack_config(stack, engine.root)["items-api:settings"]["function"]
    digest = hashlib.sha256(content).hexdigest()
    record = {
        "path": f"build/{stack}/function.zip",
        "sha256": digest,
        "runtime": function["runtime"],
        "architecture": function["architecture"],
    }
    build = engine.root / "build" / stack
    build.mkdir(parents=True, exist_ok=True)
    (build / "function.zip").write_bytes(content)
    (build / "package.json").write_text(json.dumps(record))
    return digest
