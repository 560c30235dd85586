"""`./stack changes` by the real engine."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engine.deploying import Job
from tests.engine.engine import Engine

Factory = Callable[[str], Engine]


def previewed(job: Job, *options: str) -> tuple[int, dict[str, Any]]:
    said = job.run("changes", "--base", "HEAD", *options)
    return said.code, json.loads((job.root / "build" / "preview" / f"{job.engine.stack}.json").read_text())


def test_a_blocked_preview_prints_and_keeps_the_steps(engine_of: Factory, cli: Path) -> None:
    job = Job(engine_of("dev"), cli)
    code, found = previewed(job)
    assert (code, found["source"], found["status"], found["error"]) == (0, "engine", "ok", "")
    assert {change["operation"] for change in found["changes"]} == {"create"}
    assert "sessions-table" in {change["name"] for change in found["changes"]}
    assert found["cost"]["expected"] > 0

    file = job.root / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("memory-mb: 512", "memory-mb: 3008"))
    code, found = previewed(job)
    assert (code, found["status"]) == (1, "blocked")
    assert "lambda-memory-cap" in {finding["rule"] for finding in found["policies"] if finding["blocks"]}
    assert "api-function" in {change["name"] for change in found["changes"]}
