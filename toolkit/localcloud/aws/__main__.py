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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.localcloud.aws.account_keeper import AccountKeeper


def main() -> None:
    """Serve, print the port in one line, and end with the parent."""
    parser = argparse.ArgumentParser(
        prog="python -m toolkit.localcloud.aws", description="The embedded AWS, on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--account", default="123456789012", help="the account that has all resources")
    parser.add_argument("--kept", type=Path, help="the file that keeps the account between runs")
    arguments = parser.parse_args()
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account  # read by moto on every call
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # moto would allow every origin; S3 uses the bucket's rules
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    warnings.filterwarnings("ignore", module="moto.core.serialize")  # service models do not list denied calls as errors
    write = _parent_pipe()
    from toolkit.localcloud.aws.account_keeper import AccountKeeper  # moto reads its environment on import
    from toolkit.localcloud.aws.administrator import create_administrator
    from toolkit.localcloud.aws.server import apply_patches, create_server, preload_services

    apply_patches(arguments.account)
    keeper = AccountKeeper(arguments.kept)
    server = create_server(arguments.port, arguments.account, keeper)
    administrator = create_administrator(arguments.account)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ready = {
        "port": server.server_port,
        "account_state": keeper.account_state,
        "access_key_id": administrator.access_key,
    }
    write(json.dumps({**ready, "secret_access_key": administrator.secret_key}))
    preload_services(server.app, server.server_port, administrator)
    _listen(keeper, write)
    os._exit(0)  # open connections of clients would block a normal exit


def _parent_pipe() -> Callable[[str], None]:
    """Return a function that writes a line to the parent; moto's output does not reach that pipe."""
    pipe = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return lambda line: _write_line(pipe, line)


def _write_line(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def _listen(keeper: "AccountKeeper", write: Callable[[str], None]) -> None:
    """Do what the parent writes, until it ends: `keep` saves each change from now on, `hold` none."""
    for line in sys.stdin.buffer:
        if line == b"hold\n":
            keeper.hold()
            write("held")
        else:
            write("kept" if keeper.keep() else "failed")
    keeper.end()


if __name__ == "__main__":
    main()
