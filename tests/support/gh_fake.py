"""GitHub's CLI as far as a rehearsal calls it: each command is one request to GITHUB_API_URL."""

import json
import os
import sys
import urllib.error
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Any


def install(folder: Path) -> None:
    """Write `gh` into a folder that is on PATH."""
    script = folder / "gh"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).resolve()}" "$@"\n')
    script.chmod(0o755)


def request_of(argv: list[str]) -> tuple[str, str, dict[str, Any]]:
    """Method, path and body."""
    options = _options(argv)
    repository = f"/repos/{options.get('--repo', [''])[0]}"
    fields = dict(field.split("=", 1) for field in (*options.get("-f", ()), *options.get("-F", ())))
    match argv[:3]:
        case ["api", "-X", method]:
            if "--input" in options:
                fields = json.loads(Path(options["--input"][0]).read_text())
            return method, f"/{argv[3]}", fields
        case ["variable", "set", name]:
            return "POST", f"{repository}/actions/variables", {"name": name, "value": options["--body"][0]}
        case ["variable", "delete", name]:
            return "DELETE", f"{repository}/actions/variables/{name}", {}
        case ["workflow", "run", file]:
            body = {"ref": options["--ref"][0], "inputs": fields}
            return "POST", f"{repository}/actions/workflows/{file}/dispatches", body
        case ["pr", "close", branch]:
            return "PATCH", f"{repository}/pulls/{branch}", {"state": "closed"}
    raise SystemExit(f"gh: unknown command {argv}")


def _options(argv: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairwise(argv):
        if name.startswith("-"):
            found.setdefault(name, []).append(value)
    return found


if __name__ == "__main__":
    method, path, body = request_of(sys.argv[1:])
    asked = urllib.request.Request(  # noqa: S310 - the address of the fake API
        os.environ["GITHUB_API_URL"] + path, json.dumps(body).encode(), method=method
    )
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=10)
    except urllib.error.HTTPError as error:
        sys.exit(f"gh: Not Found (HTTP {error.code})")
