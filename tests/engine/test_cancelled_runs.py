import json, shutil, os
from pathlib import Path
import pytest
from tests.engine.engine import Engine
from tests.engine.serving import give_package
from tests.workflows.runner import Runner
from tests.workflows.stand_ins import Others, commit_checkout, write_programs, path_with
from tests.workflows.workflow_files import job_named
from tests.engine.engine import DOORS

SCALE = 0.2


class Flow:
    def __init__(self, engine, cli, folder):
        self.engine, self.cli, self.folder = engine, cli, folder
        stack = f"Pulumi.{engine.stack}.yaml"
        self.source = commit_checkout(folder / "source", {stack: (engine.root / stack).read_bytes()})
        key = engine.aws.connection
        self.artifacts = folder / "artifacts"
        shutil.copytree(engine.root / "build" / "dev", self.artifacts / "package")
        (self.artifacts / "release-x").mkdir()
        own = engine._environment()
        cloud = {k: own[k] for k in own if k.startswith("AWS_")}
        self.others = Others(self.source, self.artifacts, cloud)
        self.programs = write_programs(folder / "bin")
        self.environment = {
            k: own[k] for k in own if k.startswith(("PULUMI_", "NO_COLOR")) and k != "PULUMI_BACKEND_URL"
        }
        self.number = 0

    def run(self, workflow, job, **kw):
        self.number += 1
        import hashlib

        sha = hashlib.sha256((self.artifacts / "package" / "function.zip").read_bytes()).hexdigest()
        variables = {"AWS_REGION": "eu-central-1"}
        inputs = {
            "stack": "dev",
            "sha256": sha,
            "allow-danger": "",
            "apply": True,
            "state": f"file://{self.engine.states}",
            "plan-role": "r",
            "deploy-role": "r",
            "confirm": "destroy dev",
        }
        variables |= {"STATE_DEV": inputs["state"], "DEPLOY_ROLE_DEV": "r"}
        runner = Runner(
            self.folder / f"machine{self.number}",
            self.others.actions(),
            path_with(self.programs, DOORS / "slow", *self.engine.doors, self.cli.parent),
            environment={**self.environment, "SLOW_AT": "api-role", "SLOW_SECONDS": "9"},
            contexts={"inputs": inputs, "vars": variables},
            scale=SCALE,
            **kw,
        )
        return runner.run(job_named(workflow, job))


@pytest.fixture
def flow(engine_of, cli, tmp_path):
    return Flow(engine_of("dev"), cli, tmp_path)


def test_cancel(flow):
    planned = flow.run("deploy-stack", "plan")
    assert planned.status == "success", planned.told
    ended = flow.run(
        "deploy-stack",
        "deploy",
        cancel_when=lambda step, out: step == "Deploy what was planned" and "api-role creating" in out,
    )
    print(ended.told[-3000:])
    print(ended.orphans)
    locks = list((flow.engine.states / ".pulumi/locks").rglob("*.json"))
    print(locks)
    if locks:
        print(locks[0].read_text())
    print("PENDING", [o["resource"]["urn"] for o in flow.engine.pending], len(flow.engine.state))
    assert 0
