"""The entry point of every command: each error is one sentence and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from toolkit.stacks.errors import FileError
from toolkit.stacks.files import output_file, shown_path, write_file
from toolkit.stacks.terminal import echo, prepare_terminal

DEFECT = 70
"""The exit code of a defect of the command itself: EX_SOFTWARE of sysexits.h."""
UNUSABLE_ENVIRONMENT = 2
INTERRUPTED = 130
CLOSED_PIPE = 141
"""The exit code of a shell for a process that SIGPIPE ended: 128 + 13."""
_NO_SPACE = errno.ENOSPC
_LONGEST = 300


def run(main: Callable[[], int | None]) -> NoReturn:
    """Run the command and exit with its code.

    A reader that closed the pipe ends it with 141, as a shell reports SIGPIPE, and a full disk with 2. A defect ends it
    with 70 and one sentence; its trace goes to a file below build/, where there is a project.
    """
    prepare_terminal()
    try:
        Path.cwd()
    except OSError as error:
        echo(f"The current folder cannot be used ({error.strerror}); change to the root of the project.", error=True)
        sys.exit(UNUSABLE_ENVIRONMENT)
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        sys.exit(CLOSED_PIPE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.filename is None and error.errno == _NO_SPACE:
            _drop_output()
            echo("The output cannot be written: No space left on device.", error=True)
            sys.exit(UNUSABLE_ENVIRONMENT)
        _end_by_defect(error)
    except Exception as error:
        _end_by_defect(error)
    sys.exit(code)


def command_line(app: Any, arguments: Sequence[str] | None = None, name: str | None = None) -> Callable[[], int | None]:
    """Return a Typer application as a command for `run`: wrong arguments are one sentence and exit code 2."""
    from typer import Abort, TyperException  # only Typer's applications need it

    def main() -> int | None:
        try:
            code: int | None = app(args=arguments, prog_name=name, standalone_mode=False)
        except TyperException as error:
            context, message = getattr(error, "ctx", None), getattr(error, "format_message", error.__str__)()
            if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help
                echo(message, error=True)
            else:
                see = f" See {context.command_path} --help." if context else ""
                echo(f"error: {' '.join(message.split()).removesuffix('.')}.{see}", error=True)
            return getattr(error, "exit_code", 2)
        except Abort:
            echo("Aborted.", error=True)
            return 1
        return code

    return main


def _end_by_defect(error: Exception) -> NoReturn:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({shown_path(Path(frames[-1].filename))}, line {frames[-1].lineno})" if frames else ""
    words = " ".join(str(error).split())[:_LONGEST] or "no message"
    echo(f"The command has a defect, {type(error).__name__}: {words}{where}; {_written(error)}.", error=True)
    sys.exit(DEFECT)


def _written(error: Exception) -> str:
    root = Path.cwd()
    if not os.path.lexists(root / "Pulumi.yaml"):
        return "run it in the root of the project for its trace"
    try:
        file = output_file(root, "defects", f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log")
        write_file(file, "".join(traceback.format_exception(error)).encode(errors="backslashreplace"))
    except (FileError, OSError) as reason:
        return f"its trace could not be kept: {str(reason).removesuffix('.')}"
    return f"the trace is in {shown_path(file)}"


def _drop_output() -> None:
    """Send what Python still holds of the output nowhere, or it would fail again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
