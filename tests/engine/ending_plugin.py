"""The resource provider, on its way to an end in the middle of a create: its own, or the engine's with it."""

import os
import signal
from typing import Any

from tests.engine.aws_plugin import AwsPlugin

ENDS_AT = "ENDS_AT"
"""The logical name of the resource in whose create it ends."""
ENDS_BEFORE = "ENDS_BEFORE"
"""Set where AWS is not to hear of the create at all; else AWS has made the resource and nobody learns of it."""
ENDS_ENGINE = "ENDS_ENGINE"
"""Set where the engine ends too, without a chance to write anything."""


class EndingPlugin(AwsPlugin):
    """Nothing that it was asked at its end is ever answered."""

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Create as asked, but for the one."""
        if request.preview or request.name != os.environ[ENDS_AT]:
            return super().Create(request, context)
        if ENDS_BEFORE not in os.environ:
            super().Create(request, context)
        if ENDS_ENGINE in os.environ:
            os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)
