"""The secrets that a service declares: `[tool.toolkit] secrets` of pyproject.toml names them, for every stack."""

import runpy
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path

from toolkit.stacks.errors import StackFileError, shown


def new_secret() -> str:
    """Return a new value for a secret: 32 random bytes as text."""
    return secrets.token_urlsafe(32)


def declared_secrets(root: Path) -> Mapping[str, str]:
    """Return the description of each declared secret by name; none without a pyproject.toml in this folder.

    The module is read from this folder, which may hold another commit; it must not import others of the service.
    Raises StackFileError.
    """
    file = root / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        reference = tomllib.loads(file.read_text(encoding="utf-8"))["tool"]["toolkit"]["secrets"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StackFileError(f"pyproject.toml cannot be read: {error}.") from None
    except (KeyError, TypeError):
        return {}
    if not isinstance(reference, str):
        return {}  # the form of an earlier commit, whose Pulumi.yaml declares the secrets
    module, _, attribute = reference.partition(":")
    try:
        found = runpy.run_path(str(root.joinpath(*module.split(".")).with_suffix(".py")))[attribute]
    except Exception as error:
        raise StackFileError(
            f"pyproject.toml: secrets is {shown(reference)}, which cannot be loaded: {error}."
        ) from None
    if not isinstance(found, Mapping):
        raise StackFileError(f"pyproject.toml: secrets is {shown(reference)}, which must be descriptions by name.")
    return found
