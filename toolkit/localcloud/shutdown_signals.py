"""The signals that end a run: Ctrl-C, SIGTERM, and the hang-up of a closed terminal. The first one counts."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def shutdown_signals() -> list[signal.Signals]:
    """Return the signals that end a run; under `nohup` a closed terminal is not among them."""
    nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([] if nohup else [signal.SIGHUP])]


def call_on_first_signal(action: Callable[[], None]) -> None:
    """Call the function in the main thread at the first signal, and ignore the following ones."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        ignore_shutdown_signals()
        action()

    for number in shutdown_signals():
        signal.signal(number, handle)


def ignore_shutdown_signals() -> None:
    """Ignore further signals, so that the shutdown saves data and ends processes."""
    for number in shutdown_signals():
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def defer_interrupt() -> Iterator[None]:
    """Raise an interrupt that arrives inside the block at its end.

    The code that ends a process then knows each process that the block starts. Signals reach the main thread only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    handlers = {number: signal.getsignal(number) for number in shutdown_signals()}
    for number in handlers:
        if handlers[number] is not signal.SIG_IGN:
            signal.signal(number, lambda received, _frame: arrived.append(received))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if arrived:
            signal.raise_signal(arrived[0])


def interrupt() -> NoReturn:
    """Interrupt this process, as Ctrl-C does."""
    raise KeyboardInterrupt
