"""The resource provider, of which one call takes long: what AWS does with a distribution or a deletion."""

import os
import time
from typing import Any

from toolkit.localcloud.plugins.resource_provider import AwsResourceProvider

SLOW_AT = "SLOW_AT"
"""The logical name of the resource whose create, or delete, takes long."""
SLOW_SECONDS = "SLOW_SECONDS"


class SlowPlugin(AwsResourceProvider):
    """Does what it is asked, that one late."""

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Create as asked."""
        _wait(request)
        return super().Create(request, context)

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Delete as asked."""
        _wait(request)
        return super().Delete(request, context)


def _wait(request: Any) -> None:
    if request.urn.rpartition("::")[2] == os.environ[SLOW_AT] and not getattr(request, "preview", False):
        time.sleep(float(os.environ[SLOW_SECONDS]))
