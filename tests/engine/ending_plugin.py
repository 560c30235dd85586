"""The resource provider, on its way to an end in the middle of a create: its own, or the engine's with it."""

import os
import signal
from typing import Any

from toolkit.localcloud.plugins.resource_provider import AwsResourceProvider

ENDS_AT = "ENDS_AT"
"""The logical names of resources, with spaces between; it ends in the first create of one of them."""
ENDS_BEFORE = "ENDS_BEFORE"
"""Of those the ones of whose create AWS is not to hear; the others AWS has made, and nobody learns of it."""
ENDS_ENGINE = "ENDS_ENGINE"
"""Set where the engine ends too, without a chance to write anything."""


class EndingPlugin(AwsResourceProvider):
    """Nothing that it was asked at its end is ever answered."""

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Create as asked, but for these."""
        if request.preview or request.name not in os.environ[ENDS_AT].split():
            return super().Create(request, context)
        if request.name not in os.environ.get(ENDS_BEFORE, "").split():
            super().Create(request, context)
        if ENDS_ENGINE in os.environ:
            os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)
