"""Completion of commands, stacks and options in bash, zsh and fish."""

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from toolkit.cli import COMMANDS, application
from toolkit.projects import stack_names

SUBCOMMANDS = {
    "rehearsal": ("plan", "run", "undo", "report"),
    "review-stack": ("up", "down", "sweep"),
    "new": ("service", "feature", "queue", "schedule", "secret", "type"),
}

BASH = """_stack_complete() {
    local IFS=$'\\n'
    COMPREPLY=($("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _stack_complete stack
"""
ZSH = """#compdef stack
_stack_complete() {
    local -a found
    found=("${(@f)$("${words[1]}" --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -a found
    [[ -n $found ]] || _files
}
compdef _stack_complete stack
"""
FISH = """function __stack_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] --complete $words[2..] 2>/dev/null
end
complete -c stack -a '(__stack_complete)'
"""


class Shell(StrEnum):
    """The shells for which there is a script."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Shell) -> None:
    """Print the completion script of a shell, for its start-up file: source <(./stack completion bash)."""
    sys.stdout.write({Shell.BASH: BASH, Shell.ZSH: ZSH, Shell.FISH: FISH}[shell])


def candidates(root: Path, words: Sequence[str]) -> Iterator[str]:
    """Yield what can stand in the place of the last word; only options and subcommands need the command's module."""
    *before, current = words or [""]
    if not before:
        found: Sequence[str] = [*COMMANDS]
    elif current.startswith("-"):
        found = _options(before)
    elif before[0] == "completion":
        found = [*Shell]
    else:
        found = [*SUBCOMMANDS.get(before[0], ()), *stack_names(root)]
    yield from (word for word in found if word.startswith(current))


def _options(before: Sequence[str]) -> list[str]:
    name, *rest = before
    if name not in COMMANDS or not COMMANDS[name].reference:
        return []
    from typer.main import get_command

    command: Any = get_command(application(name))
    if rest and rest[0] in getattr(command, "commands", ()):
        command = command.commands[rest[0]]
    return [option for parameter in command.params for option in parameter.opts if option.startswith("--")] + ["--help"]
