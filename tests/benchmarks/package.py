"""Size of the package, and the time of its build: from uv's warm cache, and after a change of our own code."""

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.functions import ROOT
from tests.benchmarks.results import Result, Row
from toolkit.package import PackageError
from toolkit.package.build import BuildRequest, build
from toolkit.package.target import BuildTarget


def measure() -> list[Result]:
    """Build the deployed package twice, with its interpreter where there is one."""
    steps: list[str] = []
    with TemporaryDirectory() as folder:
        checkout = Path(folder)
        shutil.copytree(ROOT / "requirements", checkout / "requirements")
        shutil.copytree(ROOT / "api", checkout / "api", ignore=shutil.ignore_patterns("__pycache__"))
        request = BuildRequest(checkout, "bench", BuildTarget("3.13", "arm64"))
        try:
            build(request, steps.append)
        except PackageError:
            request = BuildRequest(checkout, "bench", BuildTarget.host())
            build(request, steps.append)
        shutil.rmtree(checkout / "build")
        whole, record = _timed(request)
        (checkout / "api" / "schemas.py").write_text((checkout / "api" / "schemas.py").read_text() + "\n")
        own, _ = _timed(request)
    sizes = record["sizes"]
    rows = [
        Row("zipped", sizes["zipped"] / 1e6, "MB", goal="<= 9.50 MB"),
        Row("unpacked", sizes["unpacked"] / 1e6, "MB"),
        Row("built from uv's warm cache", whole, "s", goal="<= 8 s"),
        Row("built after a change of our own code", own, "s", goal="<= 1 s"),
    ]
    return [Result(f"Package for {request.target}, {record['interpreter']}", rows)]


def _timed(request: BuildRequest) -> tuple[float, dict[str, Any]]:
    steps: list[str] = []
    started = time.perf_counter()
    record = build(request, steps.append).record
    return time.perf_counter() - started, record


if __name__ == "__main__":
    from tests.benchmarks.__main__ import present

    present(measure())
