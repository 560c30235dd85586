"""Stacks whose settings differ from their files, and a look into what they come to."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from infrastructure.settings.stack import StackSettings
from toolkit.stacks import ResourceGraph, evaluate
from toolkit.stacks.errors import sentences

ROOT = Path(__file__).resolve().parents[2]
ORIGIN_KEY = "items-api:origin-key"
DOMAIN = {"name": "api.example.com", "zone-id": "Z0123456789ABC"}
CERTIFICATE = {
    "items-api:network:Certificate": 1,
    "aws:acm/certificate:Certificate": 1,
    "aws:acm/certificateValidation:CertificateValidation": 1,
    "aws:route53/record:Record": 1,
}


def configured(stack: str = "prod", **groups: Any) -> dict[str, str]:
    """The configuration of a stack with these groups of settings."""
    settings = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]["items-api:settings"]
    return {"items-api:settings": json.dumps({**settings, **groups})}


def stack(stack: str = "prod", **groups: Any) -> ResourceGraph:
    return evaluate(stack, root=ROOT, config=configured(stack, **groups))


def counts(graph: ResourceGraph) -> Counter[str]:
    return Counter(resource.type for resource in graph.resources)


def only(graph: ResourceGraph, name: str) -> Any:
    """The inputs of the only AWS resource of this logical name."""
    (found,) = (each.inputs for each in graph.resources if each.name == name and each.custom)
    return found


def settings_errors(stack: str, **groups: Any) -> list[str]:
    """Return the errors of a stack's settings with these groups."""
    try:
        StackSettings.model_validate_json(configured(stack, **groups)["items-api:settings"])
    except ValueError as error:
        return sentences("F", error, key="items-api:settings", schema="docs/settings.schema.json")  # type: ignore[arg-type] # pydantic's error is a ValueError
    return []
