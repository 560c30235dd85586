"""Runs a workflow from its event to its last job: in order, with what the jobs hand to each other.

The repository's commands are fakes that write the files of the real ones, except `approval`; the real ones
run in this way in test_cancellation.py and, with the real engine, in tests/engine/test_cancelled_runs.py.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.workflows.evaluation import condition_holds, evaluated, filled_in
from tests.workflows.fake_actions import Others, calls_of, path_with, write_programs
from tests.workflows.runner import Ended, Runner
from tests.workflows.workflow_files import EXPRESSION, WORKFLOWS, Job, job_named

PYTHON = """
program=$1; shift; stack=${@: -1}
case "$*" in
  "approval "*) exec "$REAL" "$program" "$@" ;;
  "package "*)
    mkdir -p build/dev; echo zip > build/dev/function.zip; echo {} > build/dev/package.json ;;
  "sbom "*) test -f build/dev/function.zip; echo {} > build/dev/sbom.json ;;
  "plan "*)
    test -f build/dev/function.zip
    for each in dev staging prod; do
      mkdir -p "build/plan/$each"
      printf '{"operations": {"urn:a": "create"}, "changes": %s}' "${CHANGES:-true}" > "build/plan/$each/manifest.json"
    done ;;
  "deploy "*)
    test -f "build/plan/$stack/manifest.json"; mkdir -p build/release; echo {} > "build/release/$stack.json" ;;
  "dossier "*) mkdir -p build/dossier build/preview; echo all > build/dossier/summary.md ;;
  "changes "*) mkdir -p build/preview; echo {} > build/preview/dev.json ;;
  "drift "*) mkdir -p build/drift; echo {} > "build/drift/$stack.json" ;;
  "compliance --deployed "*)
    mkdir -p build/compliance; echo {} > "build/compliance/$stack.json"; echo "report $stack" ;;
  "compliance --out "*) mkdir -p "$3"; echo {} > "$3/dev.sarif" ;;
esac
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"
GH = f"echo {COMMIT}\n"
VARIABLES = {
    "AWS_REGION": "eu-central-1",
    **{f"STATE_{stack}": f"s3://{stack}" for stack in ("DEV", "STAGING", "PROD")},
    **{
        f"{kind}_ROLE_{stack}": f"arn:{kind}-{stack}"
        for kind in ("PREVIEW", "PLAN", "DEPLOY")
        for stack in ("DEV", "STAGING", "PROD")
    },
    "STATE_REVIEW": "s3://review",
    "DEPLOY_ROLE_REVIEW": "arn:deploy-review",
    "DESTROY_ROLE_REVIEW": "arn:destroy-review",
}


class Rehearsal:
    """One run of a workflow, each of whose jobs has a machine of its own."""

    def __init__(
        self,
        source: Path,
        folder: Path,
        github: Mapping[str, Any],
        variables: Mapping[str, str],
        changes: str = "true",
    ) -> None:
        self._folder = folder
        self._github = {
            "ref": "refs/heads/main",
            "repository": "example/items-api",
            "triggering_actor": "ana",
            **github,
        }
        self._variables = variables
        self._others = Others(source, folder / "artifacts", {"AWS_ACCESS_KEY_ID": "set"})
        self.programs = write_programs(folder / "programs", gh=GH, zizmor="echo {}\n", pip_audit="")
        self._python = write_programs(folder / "python", python=f"CHANGES={changes} REAL={sys.executable}\n{PYTHON}")
        self._inputs: dict[str, Mapping[str, Any]] = {}
        self.ended: dict[str, Ended] = {}

    def run(self, workflow: str, inputs: Mapping[str, Any], under: str = "", status: str = "success") -> str:
        """Run the jobs of a workflow in the order of what they need; the status of all of them."""
        self._inputs[f"{under}{workflow}"] = inputs
        outputs: dict[str, dict[str, str]] = {}
        results: dict[str, str] = {}
        for name in WORKFLOWS[workflow]["jobs"]:
            job = job_named(workflow, name)
            needs = job.content.get("needs", [])
            needed = [needs] if isinstance(needs, str) else needs
            assert set(needed) <= set(results)  # the files list a job after those that it needs
            before = "failure" if {results[each] for each in needed} - {"success"} else status
            contexts = {
                "github": self._github,
                "inputs": inputs,
                "vars": self._variables,
                "needs": {each: {"outputs": outputs.get(each, {})} for each in needed},
            }
            if not condition_holds(job.content.get("if"), contexts, before):
                results[name] = "skipped"
                continue
            results[name] = self._run_job(job, contexts, f"{under}{workflow}/{name}", outputs)
        return "failure" if "failure" in results.values() else "success"

    def _run_job(self, job: Job, contexts: Mapping[str, Any], name: str, outputs: dict[str, dict[str, str]]) -> str:
        if "uses" in job.content:
            called = Path(job.content["uses"]).stem
            given = {key: _value(value, contexts) for key, value in job.content["with"].items()}
            return self.run(called, given, under=f"{job.name}/")
        status = "success"
        for at, row in enumerate(_rows(job)):
            runner = Runner(
                self._folder / f"{name.replace('/', '-')}-{at}",
                {**self._others.actions(), "actions/setup-python": self._link_python},
                path_with(self.programs),
                contexts={**contexts, "matrix": row},
            )
            ended = runner.run(job)
            self.ended[name + "".join(f" {value}" for value in row.values() if "arn:" not in value)] = ended
            status = ended.status if status == "success" else status
            written = {key: filled_in(value, runner.contexts) for key, value in job.content.get("outputs", {}).items()}
            outputs[job.name] = written
        return status

    def _link_python(self, runner: Runner, _given: Mapping[str, str]) -> None:
        (runner.workspace / ".venv").mkdir()
        (runner.workspace / ".venv" / "bin").symlink_to(self._python)
        made_from = [(runner.workspace / "requirements" / name).read_text() for name in ("dev.txt", "uv.txt")]
        (runner.workspace / ".venv" / ".ready").write_text("".join(made_from))

    def run_again(self, ended: str) -> Ended:
        """Run one job again with what the run left, as "Re-run failed jobs" does: none that it needs is repeated."""
        path, _, name = ended.rpartition("/")
        contexts = {"github": self._github, "inputs": self._inputs[path], "vars": self._variables}
        self._run_job(job_named(Path(path).name, name), contexts, f"{ended}/again", {})
        return self.ended[f"{ended}/again"]

    @property
    def transcript(self) -> str:
        """All that the steps of all jobs wrote, for a failed test."""
        return "\n".join(f"#### {name}\n{ended.transcript}" for name, ended in self.ended.items())

    @property
    def calls(self) -> list[str]:
        """The commands of the repository that ran, without `./stack`."""
        return [call.split(" ", 2)[2] for call in calls_of(self._python) if call.startswith("python ")]


def _value(written: str, contexts: Mapping[str, Any]) -> Any:
    """What a called workflow is given: a value where it is one expression, or a YAML boolean."""
    whole = EXPRESSION.fullmatch(written)
    return evaluated(whole[1], contexts) if whole else {"true": True, "false": False}.get(written, written)


def _rows(job: Job) -> Iterator[dict[str, str]]:
    matrix = job.content.get("strategy", {}).get("matrix", {})
    lists = {key: values for key, values in matrix.items() if key != "include"}
    assert len(lists) <= 1
    for row in matrix.get("include", ()):
        yield {key: filled_in(value, {"vars": VARIABLES}) for key, value in row.items()}
    for key, values in lists.items():
        yield from ({key: value} for value in values)
    if not matrix:
        yield {}
