"""The settings of the stack `local`, with the address that the API is served at."""

import json
from dataclasses import dataclass
from pathlib import Path

from toolkit.stacks import StackFileError, evaluate
from toolkit.stacks.settings import load_stack_file

STACK = "local"
STACK_FILE_URL = "http://127.0.0.1:8000"
"""The API's address in Pulumi.local.yaml; the address that it is served at replaces it."""


@dataclass(frozen=True)
class LocalStackFile:
    """The configuration of Pulumi.local.yaml that the local cloud uses itself."""

    project: str
    region: str
    account_id: str
    config: dict[str, str]
    """The settings as configuration of the stack."""

    @staticmethod
    def read(root: Path, url: str) -> "LocalStackFile":
        """Read the file for an API at `url`. Raises EvaluationError, StackFileError."""
        try:
            file = load_stack_file(STACK, root)
            region, account_id = file.region, file.account_id
        except StackFileError:
            evaluate(STACK, root=root)  # the program's message names the setting
            raise
        key = f"{file.project}:settings"
        settings = json.dumps(file.config[key]).replace(STACK_FILE_URL, url)
        return LocalStackFile(file.project, region, account_id, {key: settings})
