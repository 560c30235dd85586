"""`package`: the Lambda package of a stack."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from toolkit import stacks
from toolkit.arguments import AsJson, stack_argument
from toolkit.package import PackageError
from toolkit.package.build import BuildRequest, Package, build
from toolkit.package.operations import operations_of
from toolkit.package.permissions import unmatched
from toolkit.package.target import BuildTarget
from toolkit.refusals import progress, refusals, say
from toolkit.stacks.errors import EvaluationError
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.terminal import echo


def package(
    stack: Annotated[str, stack_argument("The stack of the function.")],
    bytecode: Annotated[bool, typer.Option(help="Include compiled bytecode: it halves the cold start.")] = True,
    as_json: AsJson = False,
) -> None:
    """Build build/STACK/function.zip and package.json, the Lambda package of a stack."""
    root, started = Path.cwd(), time.perf_counter()
    with refusals(PackageError):
        try:
            with progress("Building the package") as show_step:
                request = BuildRequest(root, stack, BuildTarget.of_stack(stack, root), bytecode)
                built = build(request, show_step)
                lines = list(_unmatched(request)) if built.is_new else []
        except OSError as error:
            raise PackageError(f"The package could not be written ({error}): correct this and build again.") from None
    for line in lines:
        say(f"warning: {line}", "yellow")
    echo(json.dumps(built.record, indent=2) if as_json else _line(built, time.perf_counter() - started))


def _unmatched(request: BuildRequest) -> Iterator[str]:
    """Yield the calls and permissions that do not match. The embedded AWS itself denies the calls of a local stack."""
    if load_stack_file(request.stack, request.root).settings.environment not in {None, "local"}:
        operations = operations_of(request.source, request.rules.aws_operations)
        with suppress(EvaluationError):  # a preview reports it
            yield from unmatched(operations, stacks.evaluate(request.stack, root=request.root))


def _line(built: Package, seconds: float) -> str:
    record = built.record
    how = f"built in {seconds:.1f} s" if built.is_new else "unchanged"
    compiled = record["interpreter"] or "no bytecode"
    return (
        f"{record['path']}: {how}, {record['sizes']['zipped'] / 1e6:.2f} MB, {record['runtime']} on "
        f"{record['architecture']}, {compiled}, sha256 {record['sha256'][:12]}"
    )
