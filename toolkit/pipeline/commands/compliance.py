"""`compliance`: the compliance report on what is deployed, with its run, its approver and the digest of its package."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from toolkit.engine.runs import StackRun
from toolkit.pipeline.approval import Run
from toolkit.pipeline.approver import approver_of
from toolkit.pipeline.commands.arguments import stack_option
from toolkit.pipeline.commands.refusals import refusals, say
from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.settings_and_outputs import built_digest
from toolkit.policy.compliance.__main__ import reports_of, write
from toolkit.policy.compliance.identity import Release
from toolkit.policy.compliance.markdown import summary
from toolkit.policy.pack import configured_pack
from toolkit.policy.waivers import WaiverFileError
from toolkit.stacks import EvaluationError
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import output_folder


def compliance(
    stack: Annotated[str, stack_option("The stack whose state is reported on.")],
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("build/compliance"),
) -> None:
    """Report on the deployed state of a stack, for auditors: build/compliance, and the summary of the run.

    The run, its approver and the package come from the workflow. Exit 1 where rules block what is deployed.
    """
    root = Path.cwd()
    with refusals(), TemporaryDirectory() as folder:
        output_folder(root, out)
        state = Path(folder) / f"{stack}.json"
        state.write_text(json.dumps(StackRun(stack, root, say).export()), encoding="utf-8")
        try:
            (report,) = reports_of(configured_pack(), [], root, state, release=_release(stack, root))
        except (EvaluationError, WaiverFileError) as error:
            raise RefusedError(str(error)) from None
        write(report, out)
        if page := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(page).open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in summary(report))
        if report.blocked:
            raise RefusedError(f"{report.headline}: what is deployed in {stack} does not keep the rules.")


def _release(stack: str, root: Path) -> Release:
    environment = os.environ
    run_id = environment.get("GITHUB_RUN_ID", "")
    digest = built_digest("dev", root) or built_digest(stack, root)
    if not run_id or digest is None:
        raise RefusedError("GITHUB_RUN_ID and a package in build/dev are needed: run it in the job that deployed.")
    run = Run(
        event=environment.get("GITHUB_EVENT_NAME", ""),
        actor=environment.get("GITHUB_TRIGGERING_ACTOR", ""),
        approvers=environment.get("PROD_APPROVERS", "") if stack == "prod" else "",
    )
    server, repository = environment.get("GITHUB_SERVER_URL", "https://github.com"), environment["GITHUB_REPOSITORY"]
    return Release(
        run=f"{server}/{repository}/actions/runs/{run_id}",
        approver=approver_of(run, run_id, stack, GitHub.of_environment(say)),
        package=digest,
    )
