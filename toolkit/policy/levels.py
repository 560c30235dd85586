"""`levels FILE`: check a file for `--policy-pack-config`.

The engine accepts unknown names and levels silently, so a misspelt rule keeps its level.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.arguments import given_path
from toolkit.policy.pack import Pack, configured_pack
from toolkit.policy.rule import Level
from toolkit.refusals import refusals
from toolkit.stacks.errors import FileError, shown
from toolkit.stacks.files import shown_path
from toolkit.stacks.json_documents import read_json
from toolkit.stacks.settings import Environment

REPORTING_POLICIES = {
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
    levels = {rule.name: rule.levels[environment] for rule in pack.rules} | REPORTING_POLICIES
    return {name: levels[name].value for name in sorted(levels)}


def as_text(pack: Pack, environment: Environment) -> str:
    """Return the text of the file of levels for this environment."""
    return json.dumps(levels_in(pack, environment), indent=2) + "\n"


def check(pack: Pack, path: Path) -> None:
    """Raise LevelsFileError unless the file names rules of this pack, each with a level and nothing else."""
    try:
        document = read_json(path)
    except FileError as error:
        made = f"; `make generate` writes such files to {pack.levels_folder.name}/."
        raise LevelsFileError(str(error).removesuffix(".") + made) from None
    if not isinstance(document, dict):
        raise LevelsFileError(f"{shown_path(path)} must be a JSON object of rules and their levels.")
    known = {rule.name for rule in pack.rules} | set(REPORTING_POLICIES)
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


def levels(files: Annotated[list[Path], typer.Argument(metavar="FILE", help="The files.", parser=given_path)]) -> None:
    """Check files for `--policy-pack-config`: each must name rules of the pack, with a level and nothing else."""
    with refusals(LevelsFileError):
        pack = configured_pack()
        for file in files:
            check(pack, file)
