"""`compliance`: reports for auditors, of the program of stacks or of their deployed state."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from toolkit.arguments import AsJson, any_stack_argument, path_option
from toolkit.engine.runs import StackRun
from toolkit.pipeline.approval import Run, approver_of
from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.settings_and_outputs import built_digest
from toolkit.policy.compliance.as_json import as_json as report_as_json
from toolkit.policy.compliance.identity import Release
from toolkit.policy.compliance.markdown import summary
from toolkit.policy.compliance.report import Report
from toolkit.policy.compliance.reports import reports_of, show, write
from toolkit.policy.pack import configured_pack
from toolkit.policy.waivers import WaiverFileError
from toolkit.projects import service_stacks
from toolkit.refusals import progress, refusals, say
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import output_folder
from toolkit.stacks.terminal import echo


def compliance(
    stacks: Annotated[list[str] | None, any_stack_argument("By default all stacks of the service.")] = None,
    state: Annotated[
        Path | None, path_option("Report on an exported state instead of the program.", metavar="FILE")
    ] = None,
    account_state: Annotated[
        Path | None, path_option("The exported state of the account's bootstrap stack.", metavar="FILE")
    ] = None,
    deployed: Annotated[
        bool,
        typer.Option(
            "--deployed",
            help="Report on the deployed state of one stack, with the run of the workflow, its approver and the "
            "package; add the summary of the run.",
        ),
    ] = False,
    out: Annotated[Path, path_option("The folder of the reports.", metavar="FOLDER")] = Path("build/compliance"),
    as_json: AsJson = False,
) -> None:
    """Write compliance reports of stacks, for auditors. Exit 1 where a stack is blocked or only partly evaluated."""
    root = Path.cwd()
    with refusals(WaiverFileError):
        output_folder(root, out)
        if deployed:
            reports = [("", _deployed(stacks or [], root))]
        else:
            named = stacks or service_stacks(root)
            with progress("Evaluating the stacks"):
                reports = list(reports_of(configured_pack(), named, root, state, account_state))
        for project, report in reports:
            write(report, out / project)
            if not as_json:
                show(report, out / project)
        if as_json:
            echo(f"[{', '.join(report_as_json(report) for _, report in reports)}]")
        if deployed:
            _refuse_blocked(reports[0][1])
    raise typer.Exit(int(any(report.blocked or report.incomplete for _, report in reports)))


def _deployed(stacks: list[str], root: Path) -> Report:
    """Return the report on the deployed state of the named stack."""
    if len(stacks) != 1 or "/" in stacks[0]:
        raise typer.BadParameter("it takes exactly one STACK of the service", param_hint="--deployed")
    (stack,) = stacks
    with TemporaryDirectory() as folder:
        state = Path(folder) / f"{stack}.json"
        state.write_text(json.dumps(StackRun(stack, root, say).export()), encoding="utf-8")
        ((_, report),) = reports_of(configured_pack(), [], root, state, release=_release(stack, root))
    return report


def _refuse_blocked(report: Report) -> None:
    """Add the report to the summary of the run. Raises RefusedError where rules block what is deployed."""
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(page).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in summary(report))
    if report.blocked:
        stack = report.identity.stack
        raise RefusedError(f"{report.headline}: what is deployed in {stack} violates the rules.")


def _release(stack: str, root: Path) -> Release:
    environment = os.environ
    run_id = environment.get("GITHUB_RUN_ID", "")
    digest = built_digest("dev", root) or built_digest(stack, root)
    if not run_id or digest is None:
        raise RefusedError("GITHUB_RUN_ID and a package in build/dev are needed: run it in the job that deployed.")
    server, repository = environment.get("GITHUB_SERVER_URL", "https://github.com"), environment["GITHUB_REPOSITORY"]
    return Release(
        run=f"{server}/{repository}/actions/runs/{run_id}",
        approver=approver_of(Run.of_environment(stack), run_id, stack, GitHub.of_environment(say)),
        package=digest,
    )
