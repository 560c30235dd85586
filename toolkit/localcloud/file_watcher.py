"""Watches the files of the checkout while the stack runs."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchfiles import awatch

from toolkit.configuration import Configuration
from toolkit.localcloud.stack_file import STACK
from toolkit.stacks import load_project

DEBOUNCE_MS = 200
"""The pause after a change before it is reported: an editor writes several files at once."""


@dataclass(frozen=True)
class DeployedFiles:
    """The files of the checkout that a local stack is made of, relative to its root."""

    folders: frozenset[str]
    """The code of the function, the program, and the settings class."""
    files: frozenset[str]
    packaged: tuple[str, str]
    """The code of the function and its requirements. A change of them changes no other resource."""

    @classmethod
    def of(cls, names: Configuration, root: Path, stack: str = STACK) -> "DeployedFiles":
        """Return the files that `[tool.toolkit]` and Pulumi.yaml name. Raises StackFileError."""
        sources, requirements = names.package.sources, names.package.requirements
        folders, stacks = {sources, names.settings.partition(".")[0]}, {STACK, stack}
        files = {"Pulumi.yaml", *(f"Pulumi.{name}{kind}.yaml" for name in stacks for kind in ("", ".local"))}
        program = Path(load_project(root).main)
        if program.parts and (root / program).is_dir():
            folders.add(str(program))
        else:  # beside the stack files
            files.add(str(program) if program.parts else "__main__.py")
        return cls(frozenset(folders), frozenset({*files, requirements}), (sources, requirements))

    def is_packaged(self, name: str) -> bool:
        """Return whether a file is only in the package."""
        return any(Path(name).is_relative_to(packaged) for packaged in self.packaged)


async def changed_files(root: Path, deployed: DeployedFiles) -> AsyncGenerator[set[str], None]:
    """Yield the changed files among the deployed ones; changes between two reads are in the second."""
    reported: asyncio.Queue[set[str]] = asyncio.Queue()

    async def watch(*paths: Path, **how: Any) -> None:
        async for changes in awatch(*paths, debounce=DEBOUNCE_MS, **how):
            reported.put_nowait({str(Path(path).relative_to(root)) for _, path in changes})

    # An editor that replaces a file ends the watch of that file, so its folder is watched.
    files = {root / name for name in deployed.files}
    folders_of_files = {file.parent for file in files if file.parent.exists()}
    watchers = (
        asyncio.create_task(watch(*(root / name for name in deployed.folders))),
        asyncio.create_task(
            watch(*folders_of_files, recursive=False, watch_filter=lambda _kind, path: Path(path) in files)
        ),
    )
    try:
        while True:
            names = await reported.get()
            while not reported.empty():
                names |= reported.get_nowait()
            yield names
    finally:
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
