"""The one command line: its commands by group, their help, and the start of the one that was called.

Nothing heavy is imported here: `./stack --help` and the completion need only the standard library.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if TYPE_CHECKING:
    import typer

PROGRAM = "./stack"
EXIT_CODES = "Exit codes: 0 done, 1 a check failed, 2 usage or environment error."


class Command(NamedTuple):
    """A command: where its function or application is, and one line of help."""

    name: str
    reference: str
    summary: str


GROUPS: dict[str, tuple[Command, ...]] = {
    "Run locally": (
        Command("up", "toolkit.localcloud.commands:up", "Run the complete stack on this machine until Ctrl-C"),
        Command("token", "toolkit.localcloud.commands:token", "Print an access token for the local stack"),
        Command(
            "environment",
            "toolkit.localcloud.commands:environment",
            "Print the variables by which AWS tools reach the local stack",
        ),
    ),
    "Inspect, with neither credentials nor a network": (
        Command("preview", "toolkit.stacks.preview_command:preview", "Show the resources of a stack"),
        Command("policies", "toolkit.policy.verdict:policies", "Evaluate the policies of stacks"),
        Command("cost", "toolkit.cost.command:cost", "Estimate a stack's cost per month, or a change of it"),
        Command("compliance", "toolkit.pipeline.compliance:compliance", "Write compliance reports of stacks"),
        Command("dossier", "toolkit.pipeline.dossier.command:dossier", "Write what a change does to every stack"),
    ),
    "Ship": (
        Command("changes", "toolkit.pipeline.preview.command:changes", "Show what an update of a stack would change"),
        Command("package", "toolkit.package.command:package", "Build the Lambda package of a stack"),
        Command("sbom", "toolkit.package.bill_of_materials:sbom", "Write the bill of materials of a package"),
        Command("plan", "toolkit.pipeline.deploy.commands:plan", "Save the steps of the next update"),
        Command("approval", "toolkit.pipeline.approval:approval", "Show who approves a change of a stack"),
        Command("deploy", "toolkit.pipeline.deploy.commands:deploy", "Apply a saved plan"),
        Command("canary", "toolkit.pipeline.deploy.commands:canary", "Finish an interrupted canary deployment"),
        Command("smoke", "toolkit.pipeline.smoke.command:smoke", "Test a deployed stack through its API"),
        Command("rollback", "toolkit.pipeline.rollback.command:rollback", "Return to the previous version"),
        Command("destroy", "toolkit.pipeline.deploy.destroy:destroy", "Delete the resources of a stack"),
        Command("review-stack", "toolkit.pipeline.review_stack.command:review_stack", "The stack of a pull request"),
        Command(
            "publish-dossier",
            "toolkit.pipeline.dossier.publish_command:publish_dossier",
            "Write the dossier to its pull request",
        ),
    ),
    "Operate": (
        Command("drift", "toolkit.pipeline.drift.command:drift", "Compare a stack's state with AWS"),
        Command("publish-drift", "toolkit.pipeline.drift.publish_command:publish_drift", "Update the issues on drift"),
        Command("doctor", "toolkit.pipeline.doctor.command:doctor", "Check the set-up of machine, account and GitHub"),
        Command("unlock", "toolkit.pipeline.unlock.command:unlock", "Free the state lock of a process that has ended"),
        Command("rehearsal", "toolkit.pipeline.rehearsal.command:rehearsal", "Try everything in a real account once"),
    ),
    "Make it yours": (
        Command("new", "toolkit.new.command:new", "Make a new service of this repository, or a new part of it"),
    ),
    "Develop": (
        Command("setup", "", "Make .venv from the locked requirements (PYTHON=…: with that Python)"),
        Command("generate", "toolkit.generate:generate", "Write the files that follow from the code"),
        Command("levels", "toolkit.policy.levels:levels", "Check a configuration file of the policy pack"),
        Command("engine", "toolkit.engine.command:engine", "Print the path of the Pulumi CLI; build it if missing"),
        Command("completion", "toolkit.completion:completion", "Print the completion script of a shell"),
    ),
}
COMMANDS = {command.name: command for commands in GROUPS.values() for command in commands}


def main(root: Path) -> NoReturn:
    """Run the command line of the checkout at the root, and exit."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while nothing runs that must be ended, Ctrl-C needs no traceback
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        sys.stdout.write(help_text())
        sys.exit(0 if arguments else 2)
    if arguments[0] == "--complete":
        from toolkit.completion import candidates

        sys.stdout.writelines(f"{word}\n" for word in candidates(root, arguments[1:]))
        sys.exit(0)
    try:
        caller = Path.cwd()
    except OSError:  # it was deleted: only its relative paths have no meaning
        caller = root
    os.chdir(root)
    from toolkit.stacks.entry_point import run

    run(lambda: execute(arguments, caller))


def help_text() -> str:
    """Return the help of the command line, grouped by task."""
    return "\n".join(_help_lines()) + "\n"


def _help_lines() -> Iterator[str]:
    yield f"Usage: {PROGRAM} COMMAND [STACK] [OPTIONS]"
    width = max(map(len, COMMANDS)) + 2
    for title, commands in GROUPS.items():
        yield ""
        yield f"{title}:"
        yield from (f"  {command.name:<{width}}{command.summary}" for command in commands)
    yield ""
    yield "STACK is the name in Pulumi.STACK.yaml; bootstrap/STACK is a stack of the account's program."
    yield f"{PROGRAM} COMMAND --help lists the arguments of a command. Commands that return something take --json."
    yield EXIT_CODES
    yield "Besides: 70 a defect of the command, 130 interrupted, 141 the reader closed the pipe."


def execute(arguments: Sequence[str], caller: Path) -> int | None:
    """Run one command in the current folder and return its exit code; its relative paths are the caller's."""
    from toolkit.arguments import take_paths_from
    from toolkit.stacks.entry_point import command_line

    name, *rest = arguments
    if name not in COMMANDS:
        return _refuse_unknown(name)
    if not COMMANDS[name].reference:
        sys.stdout.write(f"Usage: {PROGRAM} {name}\n\n  {COMMANDS[name].summary}.\n\n{EXIT_CODES}\n")
        return 0 if rest == ["--help"] else 2
    take_paths_from(caller)
    command = command_line(application(name), [*rest], f"{PROGRAM} {name}")
    for number in (signal.SIGINT, signal.SIGTERM):  # what is under way is stopped, then the command ends
        signal.signal(number, signal.default_int_handler)
    return command()


def application(name: str) -> "typer.Typer":
    """Return the Typer application of a command."""
    from importlib import import_module

    import typer

    from toolkit.arguments import command_group

    module, _, attribute = COMMANDS[name].reference.partition(":")
    found: typer.Typer | Callable[..., None] = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        found.info.epilog = EXIT_CODES
        for one in found.registered_commands:
            one.epilog = EXIT_CODES
        return found
    app = command_group()
    app.command(name, epilog=EXIT_CODES, context_settings={"max_content_width": 100})(found)
    return app


def _refuse_unknown(name: str) -> int:
    from difflib import get_close_matches

    from toolkit.stacks.errors import shown
    from toolkit.stacks.terminal import echo

    close = get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"{PROGRAM} --help lists the commands."
    echo(f"error: There is no command {shown(name)}: {hint}", error=True)
    return 2
