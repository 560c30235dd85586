"""A change is noticed whatever way an editor writes it, and only where it matters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from toolkit.localcloud.file_watcher import changed_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("api/health", "infrastructure", "requirements", "build"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "Pulumi.local.yaml").write_text("0")
    return tmp_path


def replace_file(file: Path, text: str) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(file)


async def reported_until(changes: AsyncIterator[set[str]], file: str) -> set[str]:
    """Return the reported files up to and with this one."""
    reported: set[str] = set()
    while file not in reported:
        reported |= await asyncio.wait_for(anext(changes), 20)
    return reported


def test_changes_are_reported_for_every_way_of_writing(root: Path) -> None:
    async def watched() -> list[set[str]]:
        reported: list[set[str]] = []
        async with aclosing(changed_files(root)) as changes:
            next_reported = asyncio.create_task(reported_until(changes, "Pulumi.local.yaml"))
            await asyncio.sleep(0.5)  # the watch must stand before something changes
            for text in "123":
                replace_file(root / "Pulumi.local.yaml", text)
                reported.append(await next_reported)
                next_reported = asyncio.create_task(reported_until(changes, "Pulumi.local.yaml"))
            next_reported.cancel()
            await asyncio.gather(next_reported, return_exceptions=True)
        return reported

    assert asyncio.run(watched()) == [{"Pulumi.local.yaml"}] * 3


def test_only_deployed_files_are_watched(root: Path) -> None:
    async def watched() -> set[str]:
        async with aclosing(changed_files(root)) as changes:
            reported = asyncio.create_task(reported_until(changes, "api/health.py"))
            await asyncio.sleep(0.5)  # as above
            for name in ("README.md", "Pulumi.dev.yaml", "build/x", "requirements/dev.txt", "requirements/lambda.txt"):
                (root / name).write_text("changed")
            await asyncio.sleep(0.5)  # a batch of its own
            (root / "api/health.py").write_text("changed")
            return await reported

    assert asyncio.run(watched()) == {"requirements/lambda.txt", "api/health.py"}
