"""`python -m toolkit.policy.levels check FILE`: check a file for `--policy-pack-config`.

The engine accepts unknown names and levels silently, so a misspelt rule keeps its level.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.policy.pack import Pack, configured_pack
from toolkit.policy.rule import Level
from toolkit.stacks.entry_point import run
from toolkit.stacks.environments import ENVIRONMENTS, Environment
from toolkit.stacks.errors import FileError, shown
from toolkit.stacks.files import shown_path, write_file
from toolkit.stacks.json_documents import read_json
from toolkit.stacks.terminal import echo

ABOUT_THE_RULES = {
    "rule-works": Level.MANDATORY,
    "stack-rule-works": Level.MANDATORY,
    "judged-at-update": Level.ADVISORY,
}
"""The policies that report on the rules themselves, with their levels."""
_KEY = "enforcementLevel"
_LEVELS = tuple(level.value for level in Level)


class LevelsFileError(FileError):
    """One sentence on what is wrong with a file of levels."""


def levels_in(pack: Pack, environment: Environment) -> Mapping[str, str]:
    """Return the level of each policy of the pack in this environment, by name."""
    levels = {rule.name: rule.levels[environment] for rule in pack.rules} | ABOUT_THE_RULES
    return {name: levels[name].value for name in sorted(levels)}


def as_text(pack: Pack, environment: Environment) -> str:
    """The file for this environment."""
    return json.dumps(levels_in(pack, environment), indent=2) + "\n"


def check(pack: Pack, path: Path) -> None:
    """Raises LevelsFileError unless the file names rules of this pack, each with a level and nothing else."""
    try:
        document = read_json(path)
    except FileError as error:
        made = f"; `make generate` writes such files to {pack.levels_folder.name}/."
        raise LevelsFileError(str(error).removesuffix(".") + made) from None
    if not isinstance(document, dict):
        raise LevelsFileError(f"{shown_path(path)} must be a JSON object of rules and their levels.")
    known = {rule.name for rule in pack.rules} | set(ABOUT_THE_RULES)
    for name, level in document.items():
        if name not in known:
            raise LevelsFileError(
                f"{shown_path(path)}: this pack has no rule {shown(name)}; docs/policies.md lists those that it has."
            )
        _check_level(f"{shown_path(path)}: {name}", level)


def _check_level(where: str, level: Any) -> None:
    if isinstance(level, dict):
        if unknown := sorted(level.keys() - {_KEY}):
            raise LevelsFileError(f"{where} has the unknown key {shown(unknown[0])}; only {_KEY} is known.")
        level = level.get(_KEY)
    if not isinstance(level, str) or level not in _LEVELS:
        raise LevelsFileError(f"{where} has the level {shown(level)}; write one of {', '.join(_LEVELS)}.")


def main(arguments: list[str]) -> int:
    """Check the files named, or write those of every environment; 2 and one sentence for the first that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.policy.levels", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("files", nargs="+", type=Path, metavar="FILE")
    commands.add_parser("write")
    options = parser.parse_args(arguments)
    pack = configured_pack()
    if options.command == "write":
        for environment in ENVIRONMENTS:
            write_file(pack.levels_folder / f"{environment}.json", as_text(pack, environment))
        return 0
    try:
        for file in options.files:
            check(pack, file)
    except LevelsFileError as error:
        echo(error, error=True)
        return 2
    return 0


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
