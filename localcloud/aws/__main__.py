"""`python -m localcloud.aws`: serves the embedded AWS until its standard input ends, which is when its parent does."""

import argparse
import logging
import os
import sys
import threading
import warnings


def main() -> None:
    """Serve, say the port in one line, and end with the parent."""
    parser = argparse.ArgumentParser(prog="python -m localcloud.aws", description="The embedded AWS, on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--account", default="123456789012", help="the account that everything belongs to")
    arguments = parser.parse_args()
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account  # read by moto on every call
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # not every origin: S3's rules are the bucket's
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    warnings.filterwarnings("ignore", module="moto.core.serialize")  # service models do not list refusals as errors
    from localcloud.aws.server import create_server  # moto reads its environment on import
    from localcloud.aws.warm_up import warm_up

    server = create_server(arguments.port, arguments.account)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    warm_up(server.app)
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)  # connections that clients keep open would hold an orderly end


if __name__ == "__main__":
    main()
