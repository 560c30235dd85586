"""The commands of the local cloud: `up` runs the stack, `token` signs in, `environment` leads to the embedded AWS."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from toolkit.localcloud.running import RunningStack
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.terminal import echo

ROOT = Path(__file__).resolve().parents[2]
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
Folder = Annotated[Path, typer.Option(help="Where the running stack keeps its record, logs and data.")]


@app.command()
def up(
    build: Annotated[str, typer.Option(help="The command that builds the Lambda package.")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the API answers.")] = 8000,
    aws_port: Annotated[int, typer.Option(min=1, max=65535, help="Where the embedded AWS answers.")] = 8001,
    watch: Annotated[bool, typer.Option("--watch", help="Deploy again when the code or the program changes.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the embedded AWS's account, with all data, between runs.")
    ] = False,
    engine: Annotated[Path | None, typer.Option(help="The Pulumi CLI that deploys and keeps its state.")] = None,
    plugins: Annotated[Path | None, typer.Option(help="With --engine: the folder of its plugins.")] = None,
    folder: Folder = ROOT / ".local",
) -> None:
    """Run the whole stack on this machine until Ctrl-C."""
    from toolkit.localcloud.pulumi_engine import EngineTools
    from toolkit.localcloud.up import LocalStack, UpOptions

    tools = EngineTools(engine.resolve(), plugins.resolve()) if engine and plugins else None
    options = UpOptions(
        root=ROOT,
        folder=folder,
        port=port,
        aws_port=aws_port,
        build=build,
        watch=watch,
        keep=keep,
        engine=tools,
    )
    try:
        LocalStack(options).run()
    except RefusedError as error:
        _fail(error)


@app.command()
def token(
    who: Annotated[str, typer.Argument(help="A seed user of pyproject.toml, or `machine`.")] = "demo",
    scope: Annotated[list[str] | None, typer.Option(help="A scope for the machine client; may be repeated.")] = None,
    folder: Folder = ROOT / ".local",
) -> None:
    """Print an access token for the running local stack."""
    from toolkit.localcloud.sign_in import token_for

    try:
        stack = RunningStack.read(folder)
        echo(token_for(stack.connection, stack.outputs, who, scopes=scope))
    except RefusedError as error:
        _fail(error)


@app.command()
def environment(folder: Folder = ROOT / ".local") -> None:
    """Print the environment by which AWS's tools and SDKs reach the embedded AWS, for `eval` in a shell."""
    try:
        stack = RunningStack.read(folder)
    except RefusedError as error:
        _fail(error)
    for name, value in stack.environment.items():
        echo(f"export {name}={shlex.quote(value)}")


def _fail(error: Exception) -> NoReturn:
    echo(error, error=True)
    sys.exit(1)
