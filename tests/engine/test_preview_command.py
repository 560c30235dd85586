"""`pipeline preview` by the real engine."""

import json
from typing import Any

from tests.engine.deploying import Job


def previewed(job: Job, *options: str) -> tuple[int, dict[str, Any]]:
    said = job.run("preview", "--base", "HEAD", *options)
    return said.code, json.loads((job.root / "build" / "preview" / f"{job.engine.stack}.json").read_text())


def test_what_the_engine_would_do_is_told_with_what_the_files_say(job: Job) -> None:
    code, found = previewed(job)
    assert (code, found["source"], found["status"], found["error"]) == (0, "engine", "ok", "")
    assert {change["operation"] for change in found["changes"]} == {"create"}
    assert "items-table" in {change["name"] for change in found["changes"]}
    assert found["cost"]["expected"] > 0


def test_the_steps_are_kept_when_a_rule_blocks(job: Job) -> None:
    file = job.root / f"Pulumi.{job.engine.stack}.yaml"
    text = file.read_text()
    file.write_text(text.replace("memory-mb: 512", "memory-mb: 3008"))
    code, found = previewed(job)
    assert (code, found["status"]) == (1, "blocked")
    assert "lambda-memory-cap" in {finding["rule"] for finding in found["policies"] if finding["blocks"]}
    assert "api-function" in {change["name"] for change in found["changes"]}
