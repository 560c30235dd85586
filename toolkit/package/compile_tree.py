"""Run by the target's own interpreter: compiles a folder into unchecked-hash bytecode; standard library only."""

import compileall
import os
import sys
from py_compile import PycInvalidationMode


def main(folder: str) -> int:
    """Compile every source under `folder`; 0 when all of them compiled. Tracebacks will name paths relative to it."""
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        workers=os.cpu_count() or 1,
        stripdir=folder,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    return 0 if compiled else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
