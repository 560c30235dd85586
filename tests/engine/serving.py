"""The API's own code for an engine's stack, and the address at which it then answers."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engine.deploying import Job
from tests.support.http_apis import ServedApi, serving
from tests.support.local_stack import ROOT
from toolkit.localcloud.sign_in import create_sign_in
from toolkit.stacks import load_stack_config

BROKEN = {"api/items/router.py": ("_item_response(item, 201,", "_item_response(item, 500,")}
"""A change that only a smoke test finds: an item is stored, and the response is 500."""


@dataclass(frozen=True)
class Served:
    """A stack that answers, and the options with which the pipeline's commands find it."""

    front: ServedApi
    outputs: Path

    @property
    def where(self) -> tuple[str, ...]:
        """For a command that talks to it."""
        return "--outputs", str(self.outputs)

    @property
    def smoke(self) -> tuple[str, ...]:
        """For a smoke test."""
        return *self.where, "--wait", "20"


def give_package(job: Job, replaced: Mapping[str, tuple[str, str]] | None = None) -> str:
    """The API's package, built for this machine, in the place of the stack's small one; its digest.

    `replaced` names a file of the zip, a text that stands in it once, and what takes its place.
    """
    stack = job.engine.stack
    content = _with((ROOT / "build" / "local" / "function.zip").read_bytes(), replaced or {})
    function = load_stack_config(stack, job.root)["items-api:settings"]["function"]
    record: dict[str, str] = {
        "path": f"build/{stack}/function.zip",
        "sha256": hashlib.sha256(content).hexdigest(),
        "runtime": function["runtime"],
        "architecture": function["architecture"],
    }
    build = job.root / "build" / stack
    build.mkdir(parents=True, exist_ok=True)
    (build / "function.zip").write_bytes(content)
    (build / "package.json").write_text(json.dumps(record))
    return record["sha256"]


@contextmanager
def served(job: Job, folder: Path) -> Iterator[Served]:
    """Serve what is deployed, its sign-in too."""
    connection = job.engine.aws.connection
    outputs = json.loads(job.engine.done("stack", "output", "--json", "--show-secrets").output)
    account = load_stack_config(job.engine.stack, job.root)["items-api:settings"]["account-id"]
    sign_in = create_sign_in(connection, outputs["user_pool_id"])
    with serving(connection, outputs["api_id"], folder, sign_in, account) as front:
        found = {**outputs, "api_url": front.url, "sign_in_url": f"{front.url}/_local/sign-in"}
        file = folder / "outputs.json"
        file.write_text(json.dumps(found))
        yield Served(front, file)


def _with(bundle: bytes, replaced: Mapping[str, tuple[str, str]]) -> bytes:
    target = io.BytesIO()
    stale = {f"{name.rpartition('/')[2].removesuffix('.py')}." for name in replaced}
    with zipfile.ZipFile(io.BytesIO(bundle)) as before, zipfile.ZipFile(target, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename in replaced:
                text, (old, new) = content.decode(), replaced[entry.filename]
                assert text.count(old) == 1, entry.filename
                content = text.replace(old, new).encode()
            folder, _, name = entry.filename.rpartition("/")
            if not (folder.startswith("api/") and name.endswith(".pyc") and any(map(name.startswith, stale))):
                after.writestr(entry, content)
    return target.getvalue()
