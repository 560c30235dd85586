"""What the embedded AWS makes and answers, as docs/rehearsal-baseline.json keeps it; `make generate` writes it."""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from tests.support.http_apis import serving
from tests.support.whole_program import ROOT, STACKS, copy_program
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.provider import AwsProvider
from toolkit.localcloud.sign_in import create_sign_in
from toolkit.pipeline.rehearsal.baseline import baseline_file, forms_of
from toolkit.pipeline.rehearsal.probes import Observation, observe
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.stacks import ResourceGraph, evaluate, load_stack_config, reveal

STACK = "dev"
PACKAGE = ROOT / "build" / "local" / "function.zip"


def baseline(folder: Path) -> dict[str, Any]:
    """The forms of all outputs of the stack and of its account, and the API's answers to every probe."""
    root = folder / "checkout"
    root.mkdir()
    copy_program(root, STACK)
    _use_package(root / "build" / STACK)
    settings = load_stack_config(STACK, root)
    with EmbeddedAws(account_id=STACKS[STACK], region=settings["aws:region"]) as aws:
        account = _deployed(aws.connection, ROOT / BOOTSTRAP)
        graph = _deployed(aws.connection, root)
        return {
            "resources": {account.project: forms_of(account), graph.project: forms_of(graph)},
            "answers": _answers(aws.connection, graph, settings["items-api:settings"], folder),
        }


def _use_package(build: Path) -> None:
    """Put the API's own package, built for this machine, in the place of the small one."""
    content = PACKAGE.read_bytes()
    record = json.loads((build / "package.json").read_text())
    (build / "function.zip").write_bytes(content)
    (build / "package.json").write_text(json.dumps({**record, "sha256": hashlib.sha256(content).hexdigest()}))


def _deployed(connection: AwsConnection, root: Path) -> ResourceGraph:
    return evaluate(STACK, root=root, provider=AwsProvider(connection, STACKS[STACK], root), dry_run=False)


def _answers(connection: AwsConnection, graph: ResourceGraph, settings: Any, folder: Path) -> dict[str, Observation]:
    outputs = {name: str(value) for name, value in reveal(graph.outputs).items()}
    sign_in = create_sign_in(connection, outputs["user_pool_id"])
    with serving(connection, outputs["api_id"], folder, sign_in, STACKS[STACK]) as front:
        addresses = {"api_url": front.url, "sign_in_url": f"{front.url}/_local/sign-in"}
        target = SmokeTarget.of(STACK, {**outputs, **addresses}, settings)
        return observe(target, settings["api"]["cors-origins"][0])


def as_text(document: dict[str, Any]) -> str:
    """The document as the file holds it."""
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        baseline_file().write_text(as_text(baseline(Path(name))))
