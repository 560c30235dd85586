"""How a run is told to end: by Ctrl-C, SIGTERM or a closed terminal, of which the first counts."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def shutdown_signals() -> list[signal.Signals]:
    """The signals that end a run; a closed terminal does not where `nohup` said so."""
    nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([] if nohup else [signal.SIGHUP])]


def interrupt_on_first_signal() -> None:
    """Have the first signal interrupt this process, wherever it is, and those after it do nothing."""
    for number in shutdown_signals():
        signal.signal(number, _interrupt)


def ignore_shutdown_signals() -> None:
    """Have no more signal cut short what ends the run: it saves data and ends processes."""
    for number in shutdown_signals():
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def defer_interrupt() -> Iterator[None]:
    """Raise an interrupt that arrives inside the block at its end.

    A process that the block starts is then known to the code that ends it. Signals reach the main thread alone.
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


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    ignore_shutdown_signals()
    raise KeyboardInterrupt
