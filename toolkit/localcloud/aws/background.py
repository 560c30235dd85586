"""Work that a call to the embedded AWS leaves behind, one piece after another: its response does not wait for it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger("embedded-aws")
_thread = ThreadPoolExecutor(1)


def in_background(work: Callable[[], None]) -> None:
    """Do the work after all earlier work. A failure is logged."""
    _thread.submit(work).add_done_callback(_log_failure)


def _log_failure(done: Future[None]) -> None:
    if error := done.exception():
        log.error("Work in the background failed: %s", error, exc_info=error)
