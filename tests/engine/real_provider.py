"""Finds the real pulumi-aws where Pulumi installs plugins, for those who ask for it."""

import importlib.metadata
import os
from pathlib import Path

OWN_PLUGIN = {"test_check.py", "test_ends.py", "test_plugin_server.py"}
"""The tests of the plugin that stands here, or of one derived from it."""


class ProviderError(Exception):
    """PROVIDER asks for what is not there; one sentence says what to do."""


def asked_for() -> bool:
    """Return whether PROVIDER is real; raises ProviderError where it is something else."""
    provider = os.environ.get("PROVIDER", "")
    if provider not in {"", "real"}:
        raise ProviderError(f"PROVIDER is {provider!r}: leave it out, or say real for the installed pulumi-aws.")
    return provider == "real"


def provider_folders() -> list[Path]:
    """The folder of pulumi-aws in the version of the SDK, none where it was not asked for; raises ProviderError.

    It calls the embedded AWS as any AWS SDK does that finds AWS_ENDPOINT_URL.
    """
    if not asked_for():
        return []
    version = importlib.metadata.version("pulumi_aws")
    folder = Path.home() / ".pulumi" / "plugins" / f"resource-aws-v{version}"
    if not (folder / "pulumi-resource-aws").is_file():
        raise ProviderError(
            f"PROVIDER=real needs the plugin {folder}, which is not there; "
            f"install it: pulumi plugin install resource aws {version}"
        )
    return [folder]
