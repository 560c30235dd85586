"""The settings of the stack `local`, with the address that the API is served at."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from toolkit.stacks import StackFileError, evaluate, load_project, load_stack_config

STACK = "local"
STACK_FILE_URL = "http://127.0.0.1:8000"
"""The API's address in Pulumi.local.yaml; the address that it is served at replaces it."""
_REGION = TypeAdapter[str](Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")])


class _Settings(BaseModel):
    """What the embedded AWS needs before the program runs; the program validates the rest."""

    account_id: Annotated[str, Field(alias="account-id", pattern="^[0-9]{12}$")]


@dataclass(frozen=True)
class LocalStackFile:
    """The configuration of Pulumi.local.yaml that the local cloud uses itself."""

    project: str
    region: str
    account_id: str
    settings: str

    @staticmethod
    def read(root: Path, url: str) -> "LocalStackFile":
        """Read the file for an API at `url`. Raises EvaluationError, StackFileError."""
        project, config = load_project(root).name, load_stack_config(STACK, root)
        key = f"{project}:settings"
        try:
            region = _REGION.validate_python(config.get("aws:region"))
            settings = _Settings.model_validate(config.get(key))
        except ValidationError as error:
            evaluate(STACK, root=root)  # the program's message names the setting
            raise StackFileError(f"Pulumi.{STACK}.yaml: {error.errors()[0]['msg']}.") from None
        return LocalStackFile(
            project, region, settings.account_id, json.dumps(config[key]).replace(STACK_FILE_URL, url)
        )

    @property
    def config(self) -> dict[str, str]:
        """The settings as configuration of the stack."""
        return {f"{self.project}:settings": self.settings}
