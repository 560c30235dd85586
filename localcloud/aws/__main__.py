"""`python -m localcloud.aws`: serves the embedded AWS until its standard input ends, which is when its parent does."""

import argparse
import logging
import os
import sys
import threading
import warnings
from pathlib import Path


def main() -> None:
    """Serve, say the port in one line, and end with the parent."""
    parser = argparse.ArgumentParser(prog="python -m localcloud.aws", description="The embedded AWS, on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--account", default="123456789012", help="the account that everything belongs to")
    parser.add_argument("--kept", type=Path, help="the file that keeps the account between runs")
    arguments = parser.parse_args()
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account  # read by moto on every call
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # not every origin: S3's rules are the bucket's
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    warnings.filterwarnings("ignore", module="moto.core.serialize")  # service models do not list refusals as errors
    from localcloud.aws.server import create_server  # moto reads its environment on import
    from localcloud.aws.warm_up import warm_up

    server = create_server(arguments.port, arguments.account)
    found = _take_up(arguments.kept)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _say(f"{server.server_port} {found}")
    warm_up(server.app)
    _listen(arguments.kept)
    os._exit(0)  # connections that clients keep open would hold an orderly end


def _take_up(kept: Path | None) -> str:
    from localcloud.aws.kept_account import KeptAccountError, load_account  # moto reads its environment on import

    if kept is None or not kept.exists():
        return "new"
    try:
        load_account(kept)
    except KeptAccountError:
        logging.exception("The kept account is left alone")
        return "damaged"
    return "kept"


def _listen(kept: Path | None) -> None:
    """Keep the account whenever the parent says so; from the first time on its end keeps it, too, however it comes."""
    from localcloud.aws.kept_account import save_account  # as above

    asked = False
    for _line in sys.stdin.buffer:
        asked = True
        if kept is not None:
            save_account(kept)
        _say("kept")
    if asked and kept is not None:
        save_account(kept)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
