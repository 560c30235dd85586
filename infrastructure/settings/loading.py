"""Loads the settings of the current stack from Pulumi's configuration."""

import re
from typing import TypeVar, get_args

import pulumi
from pulumi.runtime import is_config_secret
from pydantic import TypeAdapter, ValidationError

from api.definition import NAME
from infrastructure.declaration import require_valid_declaration
from infrastructure.settings.groups import Settings
from infrastructure.settings.stack import StackSettings
from toolkit.stacks.errors import sentences
from toolkit.stacks.settings import Environment, Region

_S = TypeVar("_S", bound=Settings)
_MIN_SECRET_BYTES = 32
_REVIEW_STACK = re.compile(r"review-[1-9][0-9]{0,8}")
_ORIGIN_KEY = re.compile(r"[!-~]{32,128}")


def load_settings() -> StackSettings:
    """Return the settings of this stack. Raise RunError with one sentence per mistake, also of the declaration."""
    require_valid_declaration()
    schema = "docs/settings.schema.json"
    settings = read_settings(StackSettings, key=f"{NAME}:settings", described_in=schema, schema=schema)
    file, environment, stack = _stack_file(), settings.environment, pulumi.get_stack()
    if environment == "review" and not _REVIEW_STACK.fullmatch(stack):
        raise pulumi.RunError(
            f"{file}: environment review is for stacks of pull requests, with a name such as review-7."
        )
    if stack in get_args(Environment) and environment not in {stack, "review"}:
        raise pulumi.RunError(f"{file}: environment is {environment!r}; it must be the stack's name.")
    if stack not in get_args(Environment) and environment not in {"dev", "review"}:
        raise pulumi.RunError(f"{file}: environment is {environment!r}; a personal stack has the environment dev.")
    return settings


def read_settings(model: type[_S], *, key: str, described_in: str, schema: str) -> _S:
    """Return the settings of this stack as the model. Raise RunError with one sentence per mistake."""
    settings = pulumi.Config().get("settings")
    if settings is None:
        raise pulumi.RunError(f"{_stack_file()}: config has no {key}; {described_in} describes it.")
    try:
        return model.model_validate_json(settings)
    except ValidationError as error:
        raise pulumi.RunError("\n".join(sentences(_stack_file(), error, key=key, schema=schema))) from None


def load_region() -> str:
    """Return the AWS region of this stack. Raise RunError if it is missing or invalid."""
    try:
        return TypeAdapter(Region).validate_python(pulumi.Config("aws").get("region") or "")
    except ValidationError as error:
        raise pulumi.RunError("\n".join(sentences(_stack_file(), error, key="aws:region"))) from None


def _stack_file() -> str:
    return f"Pulumi.{pulumi.get_stack()}.yaml"


def load_secrets(settings: StackSettings) -> dict[str, pulumi.Output[str]]:
    """Return the value of each secret. Raise RunError if one is missing, too short or not encrypted."""
    return {name: pulumi.Output.secret(_secret(name)) for name in settings.secret_descriptions}


def _secret(name: str) -> str:
    value = pulumi.Config().get(name) or ""
    if value and not is_config_secret(f"{NAME}:{name}"):
        raise pulumi.RunError(
            f"{_stack_file()}: {NAME}:{name} is not encrypted; "
            f"set a new one with: openssl rand -base64 32 | pulumi config set --secret {name}"
        )
    if len(value.encode()) < _MIN_SECRET_BYTES:
        raise pulumi.RunError(
            f"{NAME}:{name} has {len(value.encode())} bytes, not {_MIN_SECRET_BYTES} or more; "
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
