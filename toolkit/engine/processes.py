"""Identify processes of this machine, and collect signals of the own process."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROC = Path("/proc")
BOOT_ID = PROC / "sys/kernel/random/boot_id"
MACHINE_ID = Path("/etc/machine-id")
HIDDEN = "hidden"
"""The identity of a process of another user where the system hides it: mount option hidepid of /proc."""


def boot_id() -> str | None:
    """Return the id of the machine's present boot; None where the system has none."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return None


def machine_id() -> str | None:
    """Return an id of this machine and its process namespace; None where the system has none.

    Containers of one machine share its ids and not its processes, so the process namespace is part of it.
    """
    try:
        return f"{MACHINE_ID.read_text().strip()} {(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return None


def identity_of(pid: int) -> str | None:
    """Return a text that identifies this process and no later one with its id; None where none runs with this id.

    HIDDEN where one runs that this user may not see.
    """
    if not BOOT_ID.exists():
        return _started(pid)
    try:
        # The name in parentheses may hold spaces: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        state, *numbers = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return HIDDEN if _is_refused(pid) else None
    return None if state in "ZX" else f"{boot_id()} {numbers[18]}"


@contextmanager
def collected_signals() -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM in a list while this lasts; in a thread that gets none it stays empty."""
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda got, _frame: received.append(got)) for number in numbers}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_refused(pid: int) -> bool:
    """Return whether there is such a process, which takes no signal of this user."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _started(pid: int) -> str | None:
    """Return when a process started, to the second: for a system without /proc."""
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - a number
    return printed.partition(" ")[2].strip() if printed and not printed.startswith("Z") else None
