"""`python -m toolkit.localcloud`: the commands of the local cloud."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before anything runs prints no traceback

from toolkit.localcloud.commands import app  # noqa: E402 - its imports take a while
from toolkit.stacks.entry_point import command_line, run  # noqa: E402 - as above

if __name__ == "__main__":
    run(command_line(app))
