"""The JSON schema by which editors complete and check the stack files; `./stack generate` writes it."""

import json
from pathlib import Path

from pydantic import TypeAdapter

from infrastructure.settings.stack import StackSettings
from toolkit.stacks.settings import Region

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "docs" / "settings.schema.json"


def stack_file_schema() -> dict[str, object]:
    """The schema of a whole `Pulumi.<stack>.yaml`."""
    settings = StackSettings.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = settings.pop("$defs")
    text = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A stack of items-api",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": ["aws:region", "items-api:settings"],
                "properties": {
                    "aws:region": TypeAdapter(Region).json_schema(),
                    "items-api:settings": settings,
                    "items-api:usage": {"$ref": "usage.schema.json"},
                    "items-api:cursor-key": {
                        "description": "Written by `pulumi config set --secret cursor-key`.",
                        "type": "object",
                        "properties": {"secure": text},
                        "required": ["secure"],
                        "additionalProperties": False,
                    },
                    "items-api:origin-key": {
                        "description": "Written by `pulumi config set --secret origin-key`, for a stack with an edge.",
                        "type": "object",
                        "properties": {"secure": text},
                        "required": ["secure"],
                        "additionalProperties": False,
                    },
                },
            },
            "encryptionsalt": text,
            "encryptedkey": text,
            "secretsprovider": text,
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def rendered() -> str:
    """The schema as its file holds it."""
    return json.dumps(stack_file_schema(), indent=2) + "\n"
