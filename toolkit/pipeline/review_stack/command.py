"""`review-stack up|down|sweep`: the stack of a pull request."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, command_group
from toolkit.package.build import BuildRequest, build
from toolkit.package.target import BuildTarget
from toolkit.pipeline.review_stack.stack_file import review_name, write_stack_file
from toolkit.pipeline.review_stack.stacks import create_or_update, destroy_stack, review_stacks
from toolkit.pipeline.smoke.command import print_report, refuse_failed, run_smoke_test
from toolkit.refusals import refusals, say
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo

review_stack = command_group("The stack of a pull request, destroyed when it closes or expires.", no_args_is_help=True)

PullRequest = Annotated[int, typer.Option(min=1, max=999_999_999, help="The number of the pull request.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]


@review_stack.command()
def up(
    pull_request: PullRequest,
    days: Annotated[int, typer.Option(min=1, max=60, help="The days until it expires.")] = 7,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Create or update the pull request's stack, test it, and print its address. Exit 1 where one of these fails."""
    root, expires_on = Path.cwd(), _today() + timedelta(days=days)
    with refusals():
        stack = review_name(pull_request)
        if dry_run:
            planned = {"stack": stack, "expires_on": expires_on.isoformat()}
            echo(json.dumps(planned) if as_json else f"{stack} would be created or updated until {expires_on}.")
            return
        write_stack_file(root, stack, expires_on)
        file = load_stack_file(stack, root)
        build(BuildRequest(root, stack, BuildTarget.of_function(file.settings.function)), say)
        outputs = create_or_update(stack, root, expires_on, say)
        report = run_smoke_test(file, root)
        if not as_json:
            print_report(report)
        refuse_failed(report)
    if as_json:
        echo(json.dumps({"stack": stack, "expires_on": expires_on.isoformat(), "outputs": dict(outputs)}))
    else:
        echo(f"{stack} answers at {outputs['api_url']} until {expires_on}.")


@review_stack.command()
def down(pull_request: PullRequest, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Destroy the pull request's stack with its data; succeed where there is none."""
    with refusals():
        stack = review_name(pull_request)
        if dry_run:
            echo(json.dumps({"stack": stack}) if as_json else f"{stack} would be destroyed.")
            return
        found = destroy_stack(stack, Path.cwd(), say)
    if as_json:
        echo(json.dumps({"stack": stack, "destroyed": found}))
    else:
        echo(f"{stack} is destroyed." if found else f"There is no stack {stack}.")


@review_stack.command()
def sweep(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Destroy every expired stack of a pull request. Exit 1 where one remains after all were tried."""
    root, done, failed = Path.cwd(), [], []
    with refusals():
        for found in review_stacks(root):
            if found.expires_on is None:  # its own code can remove the date
                failed.append(found.name)
                say(f"{found.name} stays: it has no date; destroy it with review-stack down", "red")
                continue
            if not found.is_expired(_today()):
                say(f"{found.name}: until {found.expires_on}")
                continue
            try:
                if not dry_run:
                    destroy_stack(found.name, root, say)
                done.append(found.name)
            except RefusedError as error:
                failed.append(found.name)
                say(f"{found.name} stays: {error}", "red")
        if as_json:
            echo(json.dumps({"destroyed": done, "failed": failed, "dry_run": dry_run}))
        else:
            echo(f"{'would be destroyed' if dry_run else 'destroyed'}: {', '.join(done) or 'none'}")
        if failed:
            raise RefusedError(f"{', '.join(failed)} could not be destroyed: see above, then sweep again.")


def _today() -> date:
    return datetime.now(UTC).date()
