"""An interrupt leaves no started process behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.shutdown_signals import call_on_first_signal, defer_interrupt, interrupt


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    call_on_first_signal(interrupt)
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_interrupt_inside_the_block_is_raised_at_its_end() -> None:
    steps = []

    def start() -> None:
        with defer_interrupt():
            signal.raise_signal(signal.SIGTERM)
            steps.append("started and known")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started and known"]


def test_interrupt_after_the_block_is_raised_at_once() -> None:
    with defer_interrupt():
        pass
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_embedded_aws_interrupted_while_its_process_starts_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Interrupted(subprocess.Popen[bytes]):
        """Interrupts once the process exists, before its constructor returns."""

        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(
                [sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            started.append(self)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        EmbeddedAws().start()
    assert [process.returncode for process in started] == [-signal.SIGKILL]
