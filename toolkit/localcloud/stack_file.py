"""The configuration of the stack that runs on this machine: `local`, or another stack with what cannot run replaced.

It always runs under the name `local`. `[tool.toolkit] local-settings` names the function that replaces the settings.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from toolkit.configuration import configuration, load
from toolkit.stacks import StackFileError, evaluate
from toolkit.stacks.errors import sentences
from toolkit.stacks.marks import Secret
from toolkit.stacks.settings import StackFile, load_stack_file
from toolkit.stacks.stack_files import config_text

STACK = "local"
STACK_FILE_URL = "http://127.0.0.1:8000"
"""The API's address in Pulumi.local.yaml; the address that it is served at replaces it."""
LocalSettings = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[Mapping[str, Any], list[str]]]
"""Takes the settings of a stack and those of `local`; returns the settings to run, and a line for each that differs."""


@dataclass(frozen=True)
class LocalStackFile:
    """The configuration of the stack that runs on this machine."""

    project: str
    region: str
    account_id: str
    values: Mapping[str, Any]
    """The configuration by full key, without the secrets."""
    secrets: tuple[str, ...]
    """The full keys of the secrets, which are generated."""
    replaced: tuple[str, ...] = ()
    """A line for each setting that has another value on this machine."""

    @property
    def config(self) -> dict[str, str]:
        """The values as the engine passes them on."""
        return {key: config_text(value) for key, value in self.values.items()}

    @staticmethod
    def read(root: Path, url: str, stack: str = STACK) -> "LocalStackFile":
        """Read the file for an API at `url`. Raises EvaluationError, StackFileError."""
        file = _stack_file(stack, root)
        replaced: list[str] = []
        values = {key: value for key, value in file.config.items() if not isinstance(value, Secret)}
        if stack != STACK:
            key = f"{file.project}:settings"
            values[key], replaced = _local_settings(file, key, _stack_file(STACK, root).config[key])
        values = json.loads(json.dumps(values).replace(STACK_FILE_URL, url))
        secrets = tuple(f"{file.project}:{name}" for name in file.secrets)
        return LocalStackFile(file.project, file.region, file.account_id, values, secrets, tuple(replaced))


def _stack_file(stack: str, root: Path) -> StackFile:
    try:
        file = load_stack_file(stack, root)
        file.region, file.account_id  # noqa: B018 - each raises an error
    except StackFileError:
        evaluate(stack, root=root)  # the program's message names the setting
        raise
    return file


def _local_settings(file: StackFile, key: str, local: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
    names, written = configuration(), file.config[key]
    if not names.local_settings:
        raise StackFileError(
            f"Only the stack {STACK} runs on this machine: [tool.toolkit] has no local-settings to run {file.stack}."
        )
    try:
        load(names.settings).model_validate_json(json.dumps(written))
    except ValidationError as error:
        raise StackFileError("\n".join(sentences(f"Pulumi.{file.stack}.yaml", error, key=key))) from None
    replace: LocalSettings = load(names.local_settings)
    return replace(written, local)
