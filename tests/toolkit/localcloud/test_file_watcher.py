"""A change of a deployed file is reported, however an editor writes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from toolkit.configuration import configuration
from toolkit.localcloud.file_watcher import DeployedFiles, changed_files

DEPLOYED = DeployedFiles(
    folders=frozenset({"code", "program"}),
    files=frozenset({"Pulumi.local.yaml", "locked/lambda.txt"}),
    packaged=("code", "locked/lambda.txt"),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("code/health", "program", "locked", "build"):
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


def test_each_replacement_of_a_watched_file_is_reported(root: Path) -> None:
    async def watched() -> list[set[str]]:
        reported: list[set[str]] = []
        async with aclosing(changed_files(root, DEPLOYED)) as changes:
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
        async with aclosing(changed_files(root, DEPLOYED)) as changes:
            reported = asyncio.create_task(reported_until(changes, "code/health.py"))
            await asyncio.sleep(0.5)  # as above
            for name in ("README.md", "Pulumi.dev.yaml", "build/x", "locked/dev.txt", "locked/lambda.txt"):
                (root / name).write_text("changed")
            await asyncio.sleep(0.5)  # a batch of its own
            (root / "code/health.py").write_text("changed")
            return await reported

    assert asyncio.run(watched()) == {"locked/lambda.txt", "code/health.py"}


@pytest.mark.parametrize(
    ("main", "folders", "file"),
    [
        ("program", {"code", "program", "options"}, None),
        ("./program/", {"code", "program", "options"}, None),
        (".", {"code", "options"}, "__main__.py"),
        ("program.py", {"code", "options"}, "program.py"),
    ],
)
def test_deployed_files_are_those_that_the_configuration_and_the_project_name(
    main: str, folders: set[str], file: str | None, root: Path
) -> None:
    (root / "Pulumi.yaml").write_text(f"name: other\nruntime: python\nmain: {main}\n")
    package = configuration().package.model_copy(update={"sources": "code", "requirements": "locked/lambda.txt"})
    names = configuration().model_copy(update={"settings": "options.all:Settings", "package": package})
    deployed = DeployedFiles.of(names, root)
    assert deployed.folders == folders
    stack_files = {"Pulumi.yaml", "Pulumi.local.yaml", "Pulumi.local.local.yaml"}
    assert deployed.files == {*stack_files, "locked/lambda.txt", *([file] if file else [])}
    assert [name for name in ("code/x.py", "locked/lambda.txt", "program/x.py") if deployed.is_packaged(name)] == [
        "code/x.py",
        "locked/lambda.txt",
    ]


def test_deployed_files_of_this_checkout_exist() -> None:
    root = Path(__file__).parents[3]
    deployed = DeployedFiles.of(configuration(), root)
    shared = {*deployed.folders, *deployed.files} - {"Pulumi.local.local.yaml"}
    assert [name for name in shared if not (root / name).exists()] == []


def test_files_of_another_stack_are_watched_beside_those_of_local() -> None:
    deployed = DeployedFiles.of(configuration(), Path(__file__).parents[3], "dev")
    assert {"Pulumi.dev.yaml", "Pulumi.dev.local.yaml", "Pulumi.local.yaml"} <= deployed.files
