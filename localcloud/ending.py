"""How a run is told to end: by Ctrl-C, SIGTERM or a closed terminal, of which the first counts."""

import signal
from types import FrameType
from typing import NoReturn


def ending_signals() -> list[signal.Signals]:
    """The signals that end a run; a closed terminal does not where `nohup` said so."""
    nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([] if nohup else [signal.SIGHUP])]


def interrupt_once() -> None:
    """Have the first signal interrupt this process, wherever it is, and those after it do nothing."""
    for number in ending_signals():
        signal.signal(number, _interrupt)


def end_undisturbed() -> None:
    """Have no more signal cut short what ends the run: it saves data and ends processes."""
    for number in ending_signals():
        signal.signal(number, signal.SIG_IGN)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    end_undisturbed()
    raise KeyboardInterrupt
