"""The JSON schema by which editors complete and check the stack files; `./stack generate` writes it."""

import json
from pathlib import Path

from pydantic import TypeAdapter

from api.definition import NAME, SECRETS
from infrastructure.settings.stack import StackSettings
from toolkit.stacks.settings import Region

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "docs" / "settings.schema.json"


_TEXT = {"type": "string"}


def stack_file_schema() -> dict[str, object]:
    """Return the schema of `Pulumi.<stack>.yaml`."""
    settings = StackSettings.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = settings.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A stack of {NAME}",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": ["aws:region", f"{NAME}:settings"],
                "properties": {
                    "aws:region": TypeAdapter(Region).json_schema(),
                    f"{NAME}:settings": settings,
                    f"{NAME}:usage": {"$ref": "usage.schema.json"},
                    **{f"{NAME}:{name}": _secret(name) for name in SECRETS},
                    f"{NAME}:origin-key": _secret("origin-key", " for a stack with an edge"),
                },
            },
            "encryptionsalt": _TEXT,
            "encryptedkey": _TEXT,
            "secretsprovider": _TEXT,
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def _secret(name: str, purpose: str = "") -> dict[str, object]:
    return {
        "description": f"Set it with `pulumi config set --secret {name}`{purpose}.",
        "type": "object",
        "properties": {"secure": _TEXT},
        "required": ["secure"],
        "additionalProperties": False,
    }


def rendered() -> str:
    """Return the text of the schema file."""
    return json.dumps(stack_file_schema(), indent=2) + "\n"
