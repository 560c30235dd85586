"""Jobs that write to a state, cancelled or interrupted: the real commands, with a fake engine."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import run_command
from tests.workflows.fake_actions import Others, calls_of, path_with, write_programs
from tests.workflows.runner import Ended, Runner
from tests.workflows.workflow_files import JOBS, ROOT, Job, job_named

SCALE = 0.2
LONGER = "5"
"""Seconds of a call: longer than the runner waits, at this scale, before it goes on to the next step."""
FREED = "Stop the engine and release the lock"
NAMED = "Name the machine after this run, for the locks"
WRITERS = {
    "deploy-stack/deploy": "Deploy the plan",
    "destroy/destroy": "Destroy the stack unless a resource is protected",
    "review-stack/up": "Deploy the stack of the pull request",
    "review-cleanup/down": "Destroy the stack of the pull request",
    "review-cleanup/sweep": "Destroy every expired stack",
}
"""The jobs that write to a state, and the step in which they do."""
GONE = {
    "type": "pulumi:providers:aws",
    "urn": "urn:pulumi:review-7::items-api::pulumi:providers:aws::aws",
    "inputs": {"defaultTags": {"tags": {"expires-on": "2026-01-01"}}},
}
PULL_REQUEST = {"number": 7, "labels": [], "head": {"repo": {"full_name": "example/items-api"}}}


@dataclass
class Setting:
    """A backend, and the machine on which a job that uses it runs."""

    folder: Path
    source: Path

    @property
    def backend(self) -> Path:
        """The folder with the state."""
        return self.folder / "backend"

    @property
    def locks(self) -> list[Path]:
        """The locks of all stacks."""
        return list((self.backend / ".pulumi").rglob("*.json"))

    @property
    def state(self) -> dict[str, Any]:
        """What the engine wrote."""
        found: dict[str, Any] = json.loads((self.backend / "state.json").read_text())
        return found

    @property
    def signals(self) -> list[str]:
        """Those that the engine got."""
        file = self.backend / "signals"
        return file.read_text().split() if file.exists() else []

    def run(
        self,
        job: Job,
        *,
        seconds: str = LONGER,
        engine: str = "usual",
        confirm: str = "destroy dev",
        scale: float = SCALE,
        cancel_when: Callable[[str, str], bool] = lambda _step, _output: False,
    ) -> Ended:
        """Run a job for dev, or for pull request 7."""
        self.backend.mkdir(parents=True)
        (self.backend / "state.json").write_text(json.dumps({"resources": [GONE]}))
        pulumi = f'exec "{sys.executable}" "{ROOT}/tests/workflows/fake_engine.py" "$@"\n'
        programs = write_programs(self.folder / "programs", pulumi=pulumi)
        url = f"file://{self.backend}"
        runner = Runner(
            self.folder,
            Others(self.source, self.folder / "artifacts", {}).actions(),
            path_with(programs),
            environment={"FAKE_ENGINE": engine, "FAKE_SECONDS": seconds},
            contexts={
                "github": {"event": {"pull_request": PULL_REQUEST}},
                "inputs": {"stack": "dev", "confirm": confirm},
                "vars": {
                    "AWS_REGION": "r",
                    **dict.fromkeys(("STATE_DEV", "STATE_REVIEW"), url),
                    **dict.fromkeys(("DEPLOY_ROLE_DEV", "DEPLOY_ROLE_REVIEW", "DESTROY_ROLE_REVIEW"), "r"),
                },
            },
            scale=scale,
            cancel_when=cancel_when,
        )
        return runner.run(job)


@pytest.fixture
def setting(source: Path, tmp_path: Path) -> Setting:
    return Setting(tmp_path / "machine", source)


@pytest.fixture
def destroy() -> Job:
    return job_named("destroy", "destroy")


def calling(_step: str, output: str) -> bool:
    return "calling" in output


@pytest.mark.parametrize("name", ["destroy/destroy", "review-cleanup/down", "review-cleanup/sweep"])
def test_cancelled_job_signals_its_engine_once_and_leaves_no_lock(name: str, setting: Setting) -> None:
    ended = setting.run(job_named(*name.split("/")), cancel_when=calling)
    assert ended[WRITERS[name]].signals == ("SIGINT", "SIGTERM"), ended.transcript
    assert ended.status == "cancelled"
    assert setting.signals == ["SIGINT"]
    assert ended[FREED].outcome == "success", ended.transcript
    assert setting.state == {"resources": [{"urn": "urn:done", "type": "t"}], "pending_operations": []}
    assert (setting.locks, ended.orphans) == ([], ())


def test_an_engine_that_ends_at_once_ends_the_step_before_the_second_signal(setting: Setting, destroy: Job) -> None:
    ended = setting.run(destroy, seconds="0.2", scale=1, cancel_when=calling)
    assert ended[WRITERS[str(destroy)]].signals == ("SIGINT",), ended.transcript
    assert "dev is not locked." in ended[FREED].output


def test_lock_of_a_killed_engine_is_released_and_pending_operations_are_named(setting: Setting, destroy: Job) -> None:
    ended = setting.run(destroy, seconds="0.1", engine="killed")
    assert ended.status == "failure"
    assert ended[FREED].outcome == "success", ended.transcript
    assert "freed: " in ended[FREED].output
    assert "1 operations were under way, see Unlock and repair in docs/operations.md: deleting urn:role" in (
        ended[FREED].output
    )
    assert setting.locks == []


def test_failed_job_without_a_lock_reports_only_its_failure(setting: Setting, destroy: Job) -> None:
    ended = setting.run(destroy, seconds="0.1", engine="failed")
    assert ended.outcomes[WRITERS[str(destroy)]] == "failure"
    assert ended.outcomes[FREED] == "success", ended.transcript


def test_engine_beyond_the_time_limit_keeps_its_lock_and_the_job_reports_it(setting: Setting, destroy: Job) -> None:
    steps = [{**step, "run": step["run"].replace(" 240", " 1")} if "run" in step else step for step in destroy.steps]
    assert steps != destroy.steps
    ended = setting.run(
        replace(destroy, content={**destroy.content, "steps": steps}), seconds="60", cancel_when=calling
    )
    assert ended.outcomes[FREED] == "failure", ended.transcript
    said = ended[FREED].output
    assert "still runs after 1 seconds and keeps its lock: if it is killed, what its calls make may be missing" in said
    assert "see Unlock and repair in docs/operations.md" in said
    assert len(setting.locks) == 1
    assert setting.signals == ["SIGINT"]
    assert any("fake_engine.py" in orphan for orphan in ended.orphans)  # GitHub ends it with the machine


def test_job_that_fails_before_it_writes_releases_no_lock(setting: Setting, destroy: Job) -> None:
    ended = setting.run(destroy, confirm="no")
    assert ended.status == "failure"
    assert ended.outcomes[FREED] == "skipped"


@pytest.mark.parametrize(("options", "said"), [((), "would be deleted"), (("--yes",), "deleted")])
def test_destroy_deletes_nothing_before_its_confirmation(
    options: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = write_programs(tmp_path / "programs", pulumi="")
    monkeypatch.setenv("PATH", path_with(programs))
    monkeypatch.chdir(tmp_path)
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    ended = run_command("destroy", "dev", *options)
    assert (ended.exit_code, ended.output.split(": ")[-1]) == (0, f"0 resources {said}\n")
    (call,) = calls_of(programs)
    assert ("--preview-only" in call.split()) is not bool(options)
    assert ("--yes" in call.split()) is bool(options)


def test_the_machine_has_the_name_of_the_run_before_anything_is_locked(setting: Setting, destroy: Job) -> None:
    setting.run(destroy, seconds="0.1")
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    assert f"sudo hostnamectl set-hostname run-1234567890-1-{boot}" in calls_of(setting.folder / "programs")


def test_every_job_that_writes_to_a_state_names_its_machine_and_frees_the_state_at_its_end() -> None:
    takes_writing_role = {
        str(job)
        for job in JOBS
        for step in job.steps
        if any(role in str(step) for role in ("DEPLOY_ROLE", "DESTROY_ROLE", "inputs.deploy-role"))
    }
    assert takes_writing_role - {"rollback/roll-back"} == set(WRITERS)  # that one moves an alias, in no state
    for job in (job for job in JOBS if str(job) in WRITERS):
        names = [step["name"] for step in job.steps]
        assert names.index("Take the role") < names.index(NAMED) < names.index(WRITERS[str(job)]) < names.index(FREED)
        (free,) = (step for step in job.steps if step["name"] == FREED)
        assert (free["if"], free["run"].split()[:5]) == (
            "${{ (failure() || cancelled()) && steps.machine.outcome == 'success' }}",
            # of the 5 minutes that GitHub leaves to a cancelled job
            ["exec", "./stack", "unlock", "--stop-within", "240"],
        )


@pytest.mark.parametrize("name", WRITERS)
def test_credentials_of_a_job_that_writes_to_a_state_outlast_its_time_limit_and_its_cancellation(name: str) -> None:
    """The engine's last write and `unlock` come in the 5 minutes after the limit.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
    """
    job = job_named(*name.split("/"))
    (role,) = (step for step in job.steps if step["name"] == "Take the role")
    assert (int(job.content["timeout-minutes"]) + 5) * 60 <= int(role["with"]["role-duration-seconds"])


def test_command_with_an_aws_role_is_the_process_that_the_runner_signals() -> None:
    """Bash does not pass a signal on to what it waits for, so the script's last command takes its place."""
    for job in JOBS:
        uses = [step.get("uses", "").partition("@")[0] for step in job.steps]
        if "aws-actions/configure-aws-credentials" not in uses:
            continue
        for step in job.steps[uses.index("aws-actions/configure-aws-credentials") + 1 :]:
            if "./stack " in step.get("run", "") or "pulumi " in step.get("run", ""):
                *_, last = step["run"].strip().splitlines()
                assert last.strip().startswith("exec ./stack "), f"{job}/{step['name']}"
                assert " | " not in last
                assert step["run"].count("./stack ") == 1
