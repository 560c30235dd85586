"""The command line: `python toolkit COMMAND` from any folder, as `./stack` starts it."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # in the place of toolkit/, whose folders are no top-level modules
    from toolkit.cli import main

    main(ROOT)
