"""Write the file of a review stack: the settings of dev with smaller limits, in the account of reviews."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from toolkit.configuration import configuration
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks import load_project
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import write_file
from toolkit.stacks.yaml_documents import read_yaml, write_yaml

TEMPLATE = "dev"
"""The stack whose settings a review stack inherits."""
ACCOUNT = f"{BOOTSTRAP}/Pulumi.review.yaml"
"""The file of the account for review stacks, which has no other stacks."""
NOT_INHERITED = ("domain", "edge", "expires-on")
"""Keys that belong to one stack."""
_NAME = re.compile(r"review-[1-9][0-9]{0,8}")
_CONTEXT = re.compile(rf"(?<=context_stack=){TEMPLATE}(?![\w-])")


def review_name(pull_request: int) -> str:
    """Return the name of a pull request's stack. Raises RefusedError."""
    name = f"review-{pull_request}"
    if not is_review(name):
        raise RefusedError(f"{pull_request} is not the number of a pull request; use 1 to 999999999.")
    return name


def is_review(stack: str) -> bool:
    """Return whether this is the name of a pull request's stack."""
    return _NAME.fullmatch(stack) is not None


def secrets_provider(root: Path, stack: str) -> str | None:
    """Return the secrets provider of this stack; None where the pattern has none.

    An alias names the key of the account whose credentials are used, so the pattern's alias is the key of the review's
    own account here. Raises RefusedError for another form.
    """
    provider = _document(root / f"Pulumi.{TEMPLATE}.yaml").get("secretsprovider")
    if provider and str(provider).startswith("awskms://") and not str(provider).startswith("awskms://alias/"):
        raise RefusedError(
            f"Pulumi.{TEMPLATE}.yaml: secretsprovider is {provider!r}, a key of {TEMPLATE}'s account; name its alias, "
            "which the account of reviews has, too: awskms://alias/…"
        )
    return _CONTEXT.sub(stack, str(provider)) if provider else None


def write_stack_file(root: Path, stack: str, expires_on: date) -> Path:
    """Write Pulumi.<stack>.yaml; encryption keys that the CLI wrote there stay. Raises RefusedError."""
    file, template = root / f"Pulumi.{stack}.yaml", _document(root / f"Pulumi.{TEMPLATE}.yaml")
    before: dict[str, Any] = _document(file) if file.exists() else {}
    configured: dict[str, Any] = template.get("config") or {}
    project, numbers = load_project(root).name, configuration().review_settings
    key, usage_key = f"{project}:settings", f"{project}:usage"
    wanted = configured.get(key)
    if not isinstance(wanted, dict) or not all(isinstance(wanted.get(name) or {}, dict) for name in numbers):
        raise RefusedError(f"Pulumi.{TEMPLATE}.yaml has no {key}; the settings of {stack} are derived from it.")
    settings = {name: value for name, value in wanted.items() if name not in NOT_INHERITED}
    settings |= {name: {**(settings.get(name) or {}), **values} for name, values in numbers.items()}
    account, region = _account(root)
    if account == wanted.get("account-id"):
        raise RefusedError(
            f"{ACCOUNT}: account-id is {account}, the account of {TEMPLATE}; reviews have an account of their own."
        )
    settings |= {"account-id": account, "environment": "review", "expires-on": expires_on.isoformat()}
    earlier: dict[str, Any] = before.get("config") or {}
    secrets = {name: value for name, value in earlier.items() if isinstance(value, dict) and "secure" in value}
    kept: dict[str, Any] = {
        name: before[name] for name in ("secretsprovider", "encryptedkey", "encryptionsalt") if name in before
    }
    # The usage of a review is unknown; the profile of the pattern has the cost of a request.
    usage = {usage_key: configured[usage_key]} if usage_key in configured else {}
    config = {"aws:region": region, key: settings, **usage, **secrets}
    try:
        write_file(file, write_yaml({**kept, "config": config}))
    except (FileError, ValueError) as error:
        raise RefusedError(f"{file.name} cannot be written: {str(error).removesuffix('.')}.") from None
    return file


def _account(root: Path) -> tuple[str, str]:
    """Return the id and the region of the account of reviews. Raises RefusedError."""
    config = _document(root / ACCOUNT).get("config", {})
    settings = config.get(f"{load_project(root / BOOTSTRAP).name}:settings") or {}
    account, region = settings.get("account-id"), config.get("aws:region")
    if not isinstance(account, str) or not isinstance(region, str) or settings.get("reviews") is not True:
        raise RefusedError(f"{ACCOUNT} needs account-id, aws:region and reviews: true; see {BOOTSTRAP}/README.md.")
    return account, region


def _document(file: Path) -> dict[str, Any]:
    try:
        document = read_yaml(file, as_engine=True)
    except FileError as error:
        raise RefusedError(str(error)) from None
    if not isinstance(document, dict) or not isinstance(document.get("config") or {}, dict):
        raise RefusedError(f"{file.name} holds no settings.")
    return document
