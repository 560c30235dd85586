"""Watches the files of the checkout while the stack runs."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from watchfiles import awatch

DEBOUNCE_MS = 200
"""How long the files must be quiet: an editor writes several at once."""
FOLDERS = ("api", "infrastructure")
FILES = ("Pulumi.local.yaml", "Pulumi.yaml", "requirements/lambda.txt")
PACKAGED = ("api/", "requirements/")
"""The prefixes of the package's files. A change of them changes no other resource."""


async def changed_files(root: Path) -> AsyncGenerator[set[str], None]:
    """Yield the changed files below the root; changes between two reads are in the second."""
    found: asyncio.Queue[set[str]] = asyncio.Queue()

    async def watch(*paths: Path, **how: Any) -> None:
        async for changes in awatch(*paths, debounce=DEBOUNCE_MS, **how):
            found.put_nowait({str(Path(path).relative_to(root)) for _, path in changes})

    # An editor that replaces a file ends the watch of that file, so its folder is watched.
    files = {root / name for name in FILES}
    folders_of_files = {file.parent for file in files if file.parent.exists()}
    watchers = (
        asyncio.create_task(watch(*(root / name for name in FOLDERS))),
        asyncio.create_task(
            watch(*folders_of_files, recursive=False, watch_filter=lambda _kind, path: Path(path) in files)
        ),
    )
    try:
        while True:
            names = await found.get()
            while not found.empty():
                names |= found.get_nowait()
            yield names
    finally:
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
