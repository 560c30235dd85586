"""`new`: make a service of this repository, or a new part of it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, command_group, given_path
from toolkit.new import resource_type as resource_types
from toolkit.new import service as services
from toolkit.new.events import new_queue, new_schedule
from toolkit.new.feature import ROUTES, new_feature
from toolkit.new.fields import TYPES
from toolkit.new.secret import new_secret, next_steps
from toolkit.new.stack_settings import with_calls, with_more_routes
from toolkit.new.writing import make_and_complete
from toolkit.projects import service_stacks
from toolkit.refusals import refusals, say
from toolkit.stacks.terminal import echo

new = command_group("Make a new service of this repository, or a new part of it.", no_args_is_help=True)


@new.command()
def service(
    folder: Annotated[Path, typer.Argument(help="The folder to create, such as ../orders-api.", parser=given_path)],
    name: Annotated[str, typer.Option(help="The name of the service, such as orders-api.")],
    empty: Annotated[bool, typer.Option("--empty", help="Leave the example features out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Create a repository with another name: the code, its tests, its documents and the toolkit."""
    with refusals():
        made = services.new_service(Path.cwd(), folder, name, empty=empty)
    if as_json:
        echo(services.as_json(made))
        return
    echo(f"{made.folder}: {made.files} files, as {name}")
    if not made.committed:
        say("Nothing is committed, because git has no user.name and user.email: set them, then git commit.")
    echo(f"next: cd {made.folder} && make up; ./stack doctor dev --first-time lists the placeholders")


@new.command()
def feature(
    name: Annotated[str, typer.Argument(help="The plural name, such as customers.")],
    fields: Annotated[str, typer.Option(help=f"Fields as name:type. Types: {', '.join(TYPES)}; ? is optional.")],
    index: Annotated[list[str] | None, typer.Option(help="A field by which lists are selected; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Create a collection: routes, schemas, service, repository, table and tests; declare it."""
    with refusals():
        root = Path.cwd()
        stack_files, changes = with_more_routes(root, ROUTES)
        files, raised = make_and_complete(root, lambda at: new_feature(at, name, fields, index or []), stack_files)
    _report(files, as_json, changes=[*changes, *raised])


@new.command()
def queue(
    name: Annotated[str, typer.Argument(help="The name, such as order-events.")],
    worker: Annotated[str, typer.Option(help="The function that processes the messages, such as order-worker.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create an SQS queue with its worker, a message, tests and the declaration."""
    with refusals():
        stack_files, changes = with_calls(Path.cwd(), f"{worker}-function")
        files, raised = make_and_complete(Path.cwd(), lambda root: new_queue(root, name, worker), stack_files)
    _report(files, as_json, f"write what the worker does: {files[2]}", changes=[*changes, *raised])


@new.command()
def schedule(
    name: Annotated[str, typer.Argument(help="The name, such as nightly-cleanup.")],
    cron: Annotated[str, typer.Option(help="When it runs, in UTC: cron(0 3 * * ? *) or rate(1 hour).")],
    as_json: AsJson = False,
) -> None:
    """Create a function that EventBridge Scheduler invokes, a test and the declaration."""
    with refusals():
        files, raised = make_and_complete(Path.cwd(), lambda root: new_schedule(root, name, cron))
    _report(
        files,
        as_json,
        f"write what it does, and grant it what it needs: {files[1]}, api/definition.py",
        changes=raised,
    )


@new.command()
def secret(
    name: Annotated[str, typer.Argument(help="The name, such as payment-key.")],
    description: Annotated[str, typer.Option(help="What it is for, in one line.")],
    as_json: AsJson = False,
) -> None:
    """Declare a secret of the function. Local and review stacks generate its value; each other stack needs one."""
    with refusals():
        files, raised = make_and_complete(Path.cwd(), lambda root: new_secret(root, name, description))
    stacks = [stack for stack in service_stacks(Path.cwd()) if stack != "local"]
    _report(files, as_json, *next_steps(name, stacks), changes=raised)


@new.command("type")
def resource_type(
    token: Annotated[str, typer.Argument(metavar="TYPE", help="The type as Pulumi names it: aws:sqs/queue:Queue.")],
    as_json: AsJson = False,
) -> None:
    """Add the record and the provider entry of an AWS type to the toolkit, to be completed."""
    with refusals():
        files = resource_types.new_type(Path.cwd(), token)
    _report(files, as_json, *resource_types.next_steps(token))


def _report(files: list[str], as_json: bool, *next_steps: str, changes: list[str] | None = None) -> None:
    if as_json:
        echo(json.dumps({"files": files, "changes": changes or []}, indent=2))
        return
    for line in (*files, *(changes or ())):
        echo(line)
    for step in next_steps:
        echo(f"next: {step}")
