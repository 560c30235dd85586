"""Takes the settings of the stack that is being deployed from Pulumi's configuration."""

import re

import pulumi
from pydantic import TypeAdapter, ValidationError

from infrastructure.settings.stack import StackSettings
from toolkit.stacks.settings import Region
from toolkit.stacks.validation_errors import sentences

_SHORTEST_CURSOR_KEY = 32
_REVIEW_STACK = re.compile(r"review-[1-9][0-9]{0,8}")
_ORIGIN_KEY = re.compile(r"[!-~]{32,128}")


def load_settings() -> StackSettings:
    """The settings of this stack; RunError, one sentence for each mistake, where they cannot be used."""
    file = f"Pulumi.{pulumi.get_stack()}.yaml"
    written = pulumi.Config().get("settings")
    if written is None:
        raise pulumi.RunError(f"{file}: config has no items-api:settings; docs/settings.schema.json describes it.")
    try:
        settings = StackSettings.model_validate_json(written)
    except ValidationError as error:
        found = sentences(file, error, key="items-api:settings", schema="docs/settings.schema.json")
        raise pulumi.RunError("\n".join(found)) from None
    environment, stack = settings.environment, pulumi.get_stack()
    if environment == "review" and not _REVIEW_STACK.fullmatch(stack):
        raise pulumi.RunError(f"{file}: environment review is for stacks named after a pull request, such as review-7.")
    if environment not in {stack, "review"}:
        raise pulumi.RunError(f"{file}: environment is {environment!r}; it must be the stack's name.")
    return settings


def load_region() -> str:
    """The AWS region of this stack; RunError where it is missing or none."""
    file, region = f"Pulumi.{pulumi.get_stack()}.yaml", pulumi.Config("aws").get("region")
    try:
        return TypeAdapter(Region).validate_python(region or "")
    except ValidationError as error:
        raise pulumi.RunError("\n".join(sentences(file, error, key="aws:region"))) from None


def load_cursor_key() -> pulumi.Output[str]:
    """The secret that signs cursors; RunError where it is missing or too short to be safe."""
    key = pulumi.Config().get("cursor-key") or ""
    if len(key.encode()) < _SHORTEST_CURSOR_KEY:
        raise pulumi.RunError(
            f"items-api:cursor-key has {len(key.encode())} bytes, not {_SHORTEST_CURSOR_KEY} or more; "
            "set one with: openssl rand -base64 32 | pulumi config set --secret cursor-key"
        )
    return pulumi.Output.secret(key)


def load_origin_keys(settings: StackSettings) -> tuple[str, ...]:
    """The keys by which the edge shows that a call came through it; RunError where it has none or a weak one.

    The edge sends the first, the function takes any: so a key is replaced without a call refused.
    """
    if settings.edge is None:
        return ()
    keys = tuple((pulumi.Config().get("origin-key") or "").split())
    if not keys or not all(_ORIGIN_KEY.fullmatch(key) for key in keys):
        raise pulumi.RunError(
            "items-api:origin-key must hold a key of 32 to 128 visible ASCII characters where the stack has an edge, "
            "or several with spaces between; set one with: openssl rand -hex 32 | pulumi config set --secret origin-key"
        )
    return keys
