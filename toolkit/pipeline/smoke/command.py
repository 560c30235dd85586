"""`smoke`: test a deployed stack."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from toolkit.arguments import AsJson, OutputsFile, stack_argument
from toolkit.pipeline.deploy.promotion import record_smoke_test
from toolkit.pipeline.settings_and_outputs import VERSION_DIGITS, built_digest, outputs_of
from toolkit.pipeline.smoke.run import WAIT_SECONDS, SmokeReport
from toolkit.pipeline.smoke.run import smoke as run_smoke
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.refusals import progress, refusals
from toolkit.stacks import terminal
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile, load_stack_file
from toolkit.stacks.terminal import echo, styled

STATUS_STYLES = {"passed": "green", "failed": "red", "not run": "dim"}


def smoke(
    stack: Annotated[str, stack_argument("The stack to test.")],
    url: Annotated[str | None, typer.Option(help="The address to test, instead of the stack's own.")] = None,
    version: Annotated[
        str | None, typer.Option(help="The version that the API must return; by default that of build/STACK.")
    ] = None,
    outputs: OutputsFile = None,
    wait: Annotated[float, typer.Option(min=0, max=600, help="Seconds to wait for the first 200.")] = WAIT_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Test the deployed API: health, headers, authorization, sign-in, and the checks of the service."""
    with refusals():
        root = Path.cwd()
        report = run_smoke_test(load_stack_file(stack, root), root, outputs, url, version, wait)
        if as_json:
            echo(json.dumps(report.document(), indent=2))
        else:
            print_report(report)
        refuse_failed(report)


def run_smoke_test(
    file: StackFile,
    root: Path,
    outputs: Path | None = None,
    url: str | None = None,
    version: str | None = None,
    wait: float = WAIT_SECONDS,
) -> SmokeReport:
    """Run the smoke test of a stack, and record that its package passed. Raises RefusedError."""
    stack, digest = file.stack, built_digest(file.stack, root)
    expected = version or (digest[:VERSION_DIGITS] if digest else None)
    found = outputs_of(stack, root, outputs)
    target = SmokeTarget.of(stack, found, file.settings, url=url, version=expected)
    with progress("Running the smoke test") as show_check:
        report = run_smoke(target, show_check, wait)
    if report.failure is None and digest is not None and expected == digest[:VERSION_DIGITS]:
        record_smoke_test(root, digest, stack)
    return report


def refuse_failed(report: SmokeReport) -> None:
    """Raise RefusedError with the check that failed, if one did."""
    if failed := report.failure:
        raise RefusedError(f"{report.stack} failed the smoke test at {failed.name}: {failed.detail}")


def print_report(report: SmokeReport) -> None:
    """Print the checks as a table."""
    table = Table(title=f"{report.stack} at {report.url}", title_justify="left", box=None, pad_edge=False)
    table.add_column("check")
    table.add_column("result")
    table.add_column("seconds", justify="right")
    table.add_column("seen", overflow="fold")
    for step in report.steps:
        table.add_row(step.name, styled((step.status, STATUS_STYLES[step.status])), f"{step.seconds:.2f}", step.detail)
    terminal.console().print(table)
