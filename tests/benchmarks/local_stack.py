"""How long `make up` takes to its first 200 of /health, phase by phase, and a change to be served."""

import re
import shutil
import tempfile
import time
from pathlib import Path

from tests.benchmarks.results import Result, Row
from tests.support.local_stack import ROOT, LocalStackProcess, copy_checkout

PHASE = re.compile(r"✓ ([\w ]+?) (\d+\.\d) s")


def measure() -> list[Result]:
    """Seconds of wall time, caches warm."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = copy_checkout(Path(folder) / "checkout")
        if (ROOT / "build").exists():
            shutil.copytree(ROOT / "build", checkout / "build")
        started = time.perf_counter()
        stack = LocalStackProcess(Path(folder) / "local", root=checkout, arguments=("--watch",)).wait_until_ready()
        up = time.perf_counter() - started
        try:
            changed = _served_after_change(stack)
        finally:
            stack.stop()
        phases = [Row(f"  {name}", float(seconds), "s") for name, seconds in PHASE.findall(stack.words())]
    rows = [Row("make up to the first 200 of /health", up, "s", goal="< 15 s"), *phases]
    return [
        Result(
            "The local stack, wall time", [*rows, Row("a change of api/ to the new answer", changed, "s", goal="< 5 s")]
        )
    ]


def _served_after_change(stack: LocalStackProcess) -> float:
    main = stack.root / "api/main.py"
    with stack.client() as nobody:
        started = time.perf_counter()
        text = main.read_text()
        assert "title=NAME" in text
        main.write_text(text.replace("title=NAME", 'title="changed"'))
        while '"changed"' not in nobody.get("/openapi.json").text:  # 429 or the former title
            if time.perf_counter() - started > 60:
                raise TimeoutError(f"the change was not served within a minute:\n{stack.words()}")
            time.sleep(0.4)  # the throttle of the route
        return time.perf_counter() - started


if __name__ == "__main__":
    from tests.benchmarks.__main__ import present

    present(measure())
