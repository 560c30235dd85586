"""The outputs of a stack, and the digest of its package."""

import json
from pathlib import Path

from toolkit.engine.runs import StackRun
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import shown_path
from toolkit.stacks.json_documents import read_json_object

BOOTSTRAP = "infrastructure/bootstrap"
"""The bootstrap program of an AWS account."""
LOCAL = Path(".local/stack.json")
VERSION_DIGITS = 12
"""The digits of the package's digest in the version of the API."""


def outputs_of(stack: str, root: Path, file: Path | None = None) -> dict[str, str]:
    """Return the stack's outputs with secrets revealed: from a file, the running local stack, or the stack's state.

    Raises RefusedError.
    """
    if file is None and stack == "local":
        file = root / LOCAL
    if file is not None:
        return _from_file(file)
    return {name: str(value) for name, value in StackRun(stack, root).outputs(reveal=True).items()}


def built_digest(stack: str, root: Path) -> str | None:
    """Return the SHA-256 of the stack's package, whose first digits are the API's version; None without a package."""
    try:
        return str(read_json_object(root / "build" / stack / "package.json")["sha256"])
    except (FileError, KeyError):
        return None


def _from_file(file: Path) -> dict[str, str]:
    """Return the outputs in a file of `pulumi stack output --json --show-secrets` or of the running local stack."""
    try:
        document = read_json_object(file)
    except FileError as error:
        raise RefusedError(
            f"{str(error).removesuffix('.')}: start the local stack with make up, or name a file that "
            "pulumi stack output --json --show-secrets wrote."
        ) from None
    outputs = document.get("outputs", document)
    url = document.get("url") if "outputs" in document else None
    if not isinstance(outputs, dict) or ("outputs" in document and not isinstance(url, str)):
        raise RefusedError(f"{shown_path(file)} holds no JSON object of outputs.")
    # A local stack is reached at its served address, not at the address of its api_url in the embedded AWS.
    named = {name: value if isinstance(value, str) else json.dumps(value) for name, value in outputs.items()}
    return named | ({"api_url": url} if url else {})
