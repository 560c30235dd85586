"""`package`: the Lambda package of a stack."""

import time
from pathlib import Path
from typing import Annotated

import typer

from toolkit.package.build import BuildRequest, Package, build
from toolkit.package.target import BuildTarget
from toolkit.pipeline.commands.arguments import stack_option
from toolkit.stacks import terminal
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo

console = terminal.console(error=True)


def package(
    stack: Annotated[str, stack_option("The stack whose function the package is for.")],
    bytecode: Annotated[bool, typer.Option(help="Ship compiled bytecode: it halves the cold start.")] = True,
) -> None:
    """Build build/STACK/function.zip and package.json, the Lambda package of a stack."""
    root, started = Path.cwd(), time.perf_counter()
    try:
        with console.status("Building the package") as status:
            target = _target(root, stack)
            built = build(
                BuildRequest(root, stack, target, bytecode), lambda step: status.update(terminal.styled(step))
            )
    except RefusedError as error:
        raise _refusal(str(error)) from None
    except OSError as error:
        raise _refusal(f"The package could not be put in place ({error}): mend this and build again.") from None
    echo(_line(built, time.perf_counter() - started))


def _refusal(sentence: str) -> typer.Exit:
    console.print(f"error: {sentence}", style="red", soft_wrap=True)
    return typer.Exit(1)


def _target(root: Path, stack: str) -> BuildTarget:
    return BuildTarget.of_function(load_stack_file(stack, root).settings.function)


def _line(built: Package, seconds: float) -> str:
    record = built.record
    how = f"built in {seconds:.1f} s" if built.is_new else "unchanged"
    compiled = record["interpreter"] or "no bytecode"
    return (
        f"{record['path']}: {how}, {record['sizes']['zipped'] / 1e6:.2f} MB, {record['runtime']} on "
        f"{record['architecture']}, {compiled}, sha256 {record['sha256'][:12]}"
    )
