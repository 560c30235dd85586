"""Who else's code runs in the workflows: at which commit, of which release, and which inputs it takes there.

actionlint looks at the inputs only of what is pinned by tag, so a misspelt one would pass, and do nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pin:
    """One action: its commit, the release's tag, the inputs that we may give it, and those that it must be given."""

    sha: str
    tag: str
    inputs: frozenset[str]
    required: frozenset[str] = frozenset()


def _pin(sha: str, tag: str, required: str = "", optional: str = "") -> Pin:
    return Pin(sha, tag, frozenset(required.split()) | frozenset(optional.split()), frozenset(required.split()))


PINS: Mapping[str, Pin] = {
    "actions/attest": _pin("1e69f48acb82d1966a394da916b4c1698aa569d6", "v4.2.2", "subject-path", "sbom-path"),
    "actions/checkout": _pin(
        "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1", "persist-credentials", "fetch-depth ref"
    ),
    "actions/download-artifact": _pin(
        "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1", "path", "name pattern merge-multiple"
    ),
    "actions/setup-python": _pin("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0", "python-version"),
    "actions/upload-artifact": _pin(
        "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
        "v7.0.1",
        "name path if-no-files-found retention-days",
        "overwrite",
    ),
    "astral-sh/setup-uv": _pin("20cfd1bf945f4377ade1205e4dbc17946fc9a30d", "v10.0.1", "version enable-cache"),
    "aws-actions/configure-aws-credentials": _pin(
        "e6de054238d6b7531b4efff3b6587d9aade6a06c", "v6.2.3", "aws-region role-to-assume role-duration-seconds"
    ),
    "github/codeql-action/upload-sarif": _pin(
        "5595ccaf912efad79be6eef63a5619ff05969be3", "v4.37.6", "sarif_file category"
    ),
    "pulumi/actions": _pin("8e5e406f4007fca908480587cb9893c07090f58d", "v7.0.0", "pulumi-version-file"),
    "step-security/harden-runner": _pin("bf7454d06d71f1098171f2acdf0cd4708d7b5920", "v2.20.0", "egress-policy"),
}
