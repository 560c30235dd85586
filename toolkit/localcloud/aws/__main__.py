"""`python -m toolkit.localcloud.aws`: serve the embedded AWS until its standard input ends."""

import argparse
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

from toolkit.localcloud.private_files import write_private


def main() -> None:
    """Serve, say the port in one line, and end with the parent."""
    parser = argparse.ArgumentParser(
        prog="python -m toolkit.localcloud.aws", description="The embedded AWS, on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--account", default="123456789012", help="the account that everything belongs to")
    parser.add_argument("--kept", type=Path, help="the file that keeps the account between runs")
    arguments = parser.parse_args()
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account  # read by moto on every call
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # not every origin: S3's rules are the bucket's
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    warnings.filterwarnings("ignore", module="moto.core.serialize")  # service models do not list refusals as errors
    say = _parent_pipe()
    from toolkit.localcloud.aws.administrator import create_administrator  # moto reads its environment on import
    from toolkit.localcloud.aws.preload import preload_services
    from toolkit.localcloud.aws.server import create_server

    server = create_server(arguments.port, arguments.account)
    found = _load(arguments.kept)
    unsaved = arguments.kept is not None and unsaved_mark(arguments.kept).exists()
    administrator = create_administrator(arguments.account)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ready = {"port": server.server_port, "found": found, "unsaved": unsaved, "access_key_id": administrator.access_key}
    say(json.dumps({**ready, "secret_access_key": administrator.secret_key}))
    preload_services(server.app, server.server_port, administrator)
    _listen(arguments.kept, say)
    os._exit(0)  # connections that clients keep open would hold an orderly end


def _parent_pipe() -> Callable[[str], None]:
    """Return what writes a line to the parent, and keep moto's own output out of that pipe."""
    pipe = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return lambda line: _write_line(pipe, line)


def _write_line(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def unsaved_mark(kept: Path) -> Path:
    """Return the file that is there while the account has changes that its file has not."""
    return kept.with_name(f"{kept.name}.unsaved")


def _load(kept: Path | None) -> str:
    from toolkit.localcloud.aws.account_file import load_or_recover  # moto reads its environment on import

    return "new" if kept is None else load_or_recover(kept)


def _listen(kept: Path | None, say: Callable[[str], None]) -> None:
    """Keep the account whenever the parent asks for it; from the first time on also when the parent ends."""
    asked = False
    for _line in sys.stdin.buffer:
        asked = True
        say("kept" if _save(kept) else "failed")
    if asked and _save(kept) and kept is not None:
        unsaved_mark(kept).unlink(missing_ok=True)


def _save(kept: Path | None) -> bool:
    from toolkit.localcloud.aws.account_file import save_account  # as above

    try:
        if kept is not None:
            save_account(kept)
            write_private(unsaved_mark(kept), b"")
    except OSError:
        logging.exception("The account cannot be written; the file has what was kept before")
        return False
    return True


if __name__ == "__main__":
    main()
