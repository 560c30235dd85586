"""The commands of the local cloud: run the stack, get a token, print the variables for AWS tools."""

import json
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, path_option, stack_argument
from toolkit.engine import EngineError
from toolkit.engine.cli import pulumi_cli
from toolkit.localcloud.running import LocalCloudError, RunningStack
from toolkit.localcloud.stack_file import STACK
from toolkit.refusals import refusals
from toolkit.stacks.terminal import echo

ROOT = Path(__file__).resolve().parents[2]
BUILD = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'toolkit'))} package local"
Folder = Annotated[Path, path_option("The folder with the record, logs and data of the running stack.")]


class Engine(StrEnum):
    """The engines that can deploy the local stack instead of the toolkit's own deployment."""

    PULUMI = "pulumi"


def up(
    stack: Annotated[
        str, stack_argument("The stack whose settings run; of another than `local`, what cannot run here is listed.")
    ] = STACK,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the API.")] = 8000,
    aws_port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the embedded AWS.")] = 8001,
    watch: Annotated[bool, typer.Option("--watch", help="Deploy again when the code or the program changes.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the embedded AWS's account, with all data, between runs.")
    ] = False,
    engine: Annotated[
        Engine | None, typer.Option(help="Deploy with the Pulumi CLI, which keeps its state and all data between runs.")
    ] = None,
    build: Annotated[str, typer.Option(help="The command that builds the Lambda package.", hidden=True)] = BUILD,
    folder: Folder = ROOT / ".local",
) -> None:
    """Run the complete stack on this machine until Ctrl-C."""
    from toolkit.localcloud.up import LocalStack

    with refusals(LocalCloudError, EngineError):
        LocalStack(
            stack=stack,
            root=ROOT,
            folder=folder,
            port=port,
            aws_port=aws_port,
            build=build,
            watch=watch,
            keep=keep,
            engine=pulumi_cli() if engine else None,
        ).run()


def token(
    user: Annotated[str, typer.Argument(help="A seed user of pyproject.toml, or `machine`.")] = "demo",
    scope: Annotated[list[str] | None, typer.Option(help="A scope for the machine client; may be repeated.")] = None,
    folder: Folder = ROOT / ".local",
    as_json: AsJson = False,
) -> None:
    """Print an access token for the running local stack."""
    from toolkit.localcloud.sign_in import SignInError, token_for

    with refusals(LocalCloudError, SignInError):
        stack = RunningStack.read(folder)
        access_token = token_for(stack.connection, stack.outputs, user, scopes=scope)
    echo(json.dumps({"access_token": access_token, "token_type": "Bearer"}) if as_json else access_token)


def environment(folder: Folder = ROOT / ".local", as_json: AsJson = False) -> None:
    """Print the variables with which AWS's tools and SDKs reach the embedded AWS, for `eval` in a shell."""
    with refusals(LocalCloudError):
        variables = RunningStack.read(folder).connection.environment
    if as_json:
        echo(json.dumps(variables, indent=2))
    else:
        echo("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
