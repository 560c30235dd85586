"""The pipeline's commands: python -m pipeline COMMAND."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands import dossier
from pipeline.commands.canary import canary
from pipeline.commands.deploy import deploy
from pipeline.commands.doctor import doctor
from pipeline.commands.drift import drift
from pipeline.commands.drift_publish import publish_drifts
from pipeline.commands.plan import plan
from pipeline.commands.preview import preview
from pipeline.commands.review_stack import review_stack
from pipeline.commands.rollback import rollback
from pipeline.commands.sbom import sbom
from pipeline.commands.smoke import smoke
from pipeline.commands.unlock import unlock
from pipeline.package.build import Order, Package, build
from pipeline.package.errors import PackageError
from pipeline.package.target import Target
from stackgraph import StackFileError, load_stack_config

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
console = Console(stderr=True, highlight=False)


@app.callback()
def pipeline() -> None:
    """What the workflows run."""


@app.command()
def package(
    stack: Annotated[str, typer.Option(help="The stack whose function the package is for.")],
    bytecode: Annotated[bool, typer.Option(help="Ship compiled bytecode: it halves the cold start.")] = True,
) -> None:
    """Build build/STACK/function.zip and package.json, the Lambda package of a stack."""
    root, started = Path.cwd(), time.perf_counter()
    try:
        with console.status("Building the package") as status:
            target = _target(root, stack)
            built = build(Order(root, stack, target, bytecode), lambda step: status.update(step))
    except (PackageError, StackFileError) as error:
        console.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    typer.echo(_line(built, time.perf_counter() - started))


app.command()(doctor)
app.command()(preview)
app.add_typer(dossier.app, name="dossier")
app.command()(plan)
app.command()(deploy)
app.command()(canary)
app.command()(smoke)
app.command()(rollback)
app.add_typer(review_stack, name="review-stack")
app.add_typer(drift, name="drift")
drift.command("publish")(publish_drifts)
app.command()(unlock)
app.command()(sbom)


def _target(root: Path, stack: str) -> Target:
    settings = load_stack_config(stack, root).get("items-api:settings")
    function = settings.get("function") if isinstance(settings, Mapping) else None
    if not isinstance(function, Mapping):
        raise PackageError(
            f"Pulumi.{stack}.yaml has no items-api:settings.function: give it a runtime and an architecture."
        )
    return Target.of_function(function)


def _line(built: Package, seconds: float) -> str:
    record = built.record
    how = f"built in {seconds:.1f} s" if built.is_new else "unchanged"
    compiled = record["interpreter"] or "no bytecode"
    return (
        f"{record['path']}: {how}, {record['sizes']['zipped'] / 1e6:.2f} MB, {record['runtime']} on "
        f"{record['architecture']}, {compiled}, sha256 {record['sha256'][:12]}"
    )


if __name__ == "__main__":
    app()
