"""The pipeline's commands: python -m toolkit.pipeline COMMAND."""

import signal
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group

from toolkit.stacks.entry_point import command_line, run

NAMES = (
    "package",
    "doctor",
    "rehearsal",
    "preview",
    "dossier",
    "plan",
    "approval",
    "compliance",
    "deploy",
    "canary",
    "smoke",
    "rollback",
    "review-stack",
    "drift",
    "unlock",
    "destroy",
    "sbom",
)


class Commands(Mapping[str, Any]):
    """The commands by name, each imported when it is asked for: `package` starts every `make up` and needs no other."""

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        word, box = name.replace("-", "_"), typer.Typer(rich_markup_mode=None)
        command = getattr(import_module(f"toolkit.pipeline.commands.{word}"), word)
        if isinstance(command, typer.Typer):
            box.add_typer(command, name=name)
        else:
            box.command(name)(command)
        return get_group(box).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class Door(TyperGroup):
    """Knows the commands' names and nothing else of them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("Any", Commands())  # a group that is built up may change it; this one is whole


app = typer.Typer(
    cls=Door, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


@app.callback()
def pipeline() -> None:
    """What the workflows run."""


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is under way is stopped, then it ends
    run(command_line(app))
