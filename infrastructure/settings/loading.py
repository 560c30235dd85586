"""Loads the settings of the current stack from Pulumi's configuration."""

import re

import pulumi
from pydantic import TypeAdapter, ValidationError

from api.definition import NAME, SECRETS
from infrastructure.settings.stack import StackSettings
from toolkit.stacks.errors import sentences
from toolkit.stacks.settings import Region

_SHORTEST_SECRET = 32
_REVIEW_STACK = re.compile(r"review-[1-9][0-9]{0,8}")
_ORIGIN_KEY = re.compile(r"[!-~]{32,128}")


def load_settings() -> StackSettings:
    """Return the settings of this stack. Raise RunError with one sentence per mistake."""
    file = f"Pulumi.{pulumi.get_stack()}.yaml"
    written = pulumi.Config().get("settings")
    if written is None:
        raise pulumi.RunError(f"{file}: config has no {NAME}:settings; docs/settings.schema.json describes it.")
    try:
        settings = StackSettings.model_validate_json(written)
    except ValidationError as error:
        found = sentences(file, error, key=f"{NAME}:settings", schema="docs/settings.schema.json")
        raise pulumi.RunError("\n".join(found)) from None
    environment, stack = settings.environment, pulumi.get_stack()
    if environment == "review" and not _REVIEW_STACK.fullmatch(stack):
        raise pulumi.RunError(
            f"{file}: environment review is for stacks of pull requests, with a name such as review-7."
        )
    if environment not in {stack, "review"}:
        raise pulumi.RunError(f"{file}: environment is {environment!r}; it must be the stack's name.")
    return settings


def load_region() -> str:
    """Return the AWS region of this stack. Raise RunError if it is missing or invalid."""
    file, region = f"Pulumi.{pulumi.get_stack()}.yaml", pulumi.Config("aws").get("region")
    try:
        return TypeAdapter(Region).validate_python(region or "")
    except ValidationError as error:
        raise pulumi.RunError("\n".join(sentences(file, error, key="aws:region"))) from None


def load_secrets() -> dict[str, pulumi.Output[str]]:
    """Return the values of `api.definition.SECRETS`. Raise RunError if one is missing or too short."""
    return {name: pulumi.Output.secret(_secret(name)) for name in SECRETS}


def _secret(name: str) -> str:
    value = pulumi.Config().get(name) or ""
    if len(value.encode()) < _SHORTEST_SECRET:
        raise pulumi.RunError(
            f"{NAME}:{name} has {len(value.encode())} bytes, not {_SHORTEST_SECRET} or more; "
            f"set one with: openssl rand -base64 32 | pulumi config set --secret {name}"
        )
    return value


def load_origin_keys(settings: StackSettings) -> tuple[str, ...]:
    """Return the origin keys of the edge. Raise RunError if there is none, or a weak one.

    CloudFront sends the first key and the function accepts all, so a key can be rotated without rejected requests.
    """
    if settings.edge is None:
        return ()
    keys = tuple((pulumi.Config().get("origin-key") or "").split())
    if not keys or not all(_ORIGIN_KEY.fullmatch(key) for key in keys):
        raise pulumi.RunError(
            f"{NAME}:origin-key must be a key of 32 to 128 visible ASCII characters if the stack has an edge, "
            "or several with spaces between; set one with: openssl rand -hex 32 | pulumi config set --secret origin-key"
        )
    return keys
