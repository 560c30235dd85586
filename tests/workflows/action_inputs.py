"""The inputs of each action of another repository: those that it may be given, and those that it must be given.

actionlint checks the inputs only of actions that are pinned by tag, so a misspelt input would pass and have no effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Inputs:
    """The inputs that the workflows may give an action, and those that the action requires."""

    known: frozenset[str]
    required: frozenset[str]


def _inputs(required: str = "", optional: str = "") -> Inputs:
    return Inputs(frozenset(f"{required} {optional}".split()), frozenset(required.split()))


INPUTS: Mapping[str, Inputs] = {
    "actions/attest": _inputs("subject-path", "sbom-path"),
    "actions/checkout": _inputs("persist-credentials", "fetch-depth ref"),
    "actions/download-artifact": _inputs("path", "name pattern merge-multiple"),
    "actions/setup-python": _inputs("python-version"),
    "actions/upload-artifact": _inputs("name path if-no-files-found retention-days", "overwrite"),
    "astral-sh/setup-uv": _inputs("version enable-cache"),
    "aws-actions/configure-aws-credentials": _inputs("aws-region role-to-assume role-duration-seconds"),
    "github/codeql-action/upload-sarif": _inputs("sarif_file category"),
    "pulumi/actions": _inputs("pulumi-version-file"),
    "step-security/harden-runner": _inputs("egress-policy"),
}
