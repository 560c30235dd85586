"""`new service`: a repository with another name, made of the tracked files of this checkout."""

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from toolkit.configuration import configuration
from toolkit.new.callers import remove_callers
from toolkit.new.declaration import APPLICATION, DEFINITION, read_source
from toolkit.new.names import Renaming, check_project, constant
from toolkit.new.writing import formatted, generate, rendered, run_python
from toolkit.stacks import load_project
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import shown_path
from toolkit.stacks.git import git, git_or_none

VERSION_FILE = "toolkit/VERSION"
_CONFIGURATION = "pyproject.toml"
_GENERATED_TABLE = "[tool.toolkit.new-service]"


@dataclass(frozen=True)
class NewService:
    """What was made: its folder, the number of files, and what is left to do."""

    folder: Path
    files: int
    committed: bool


def new_service(root: Path, target: Path, name: str, *, empty: bool) -> NewService:
    """Make the repository of a service, completely or not at all. Raise FileError."""
    check_project(name)
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise FileError(f"{shown_path(target)} is not empty; name a folder that does not exist.")
    parent = target.resolve().parent
    if not parent.is_dir():
        raise FileError(f"{shown_path(parent)} does not exist; create it first.")
    if target.resolve().is_relative_to(root.resolve()):
        raise FileError(f"{shown_path(target)} is inside this repository; name a folder beside it, such as ../{name}.")
    draft = parent / f".{target.name}-{secrets.token_hex(4)}.unfinished"
    try:
        draft.mkdir()
        files = _copy(root, draft, name, empty)
        generate(draft)
        for cache in draft.rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
        committed = _commit(draft, name)
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except OSError as error:
        raise FileError(f"{shown_path(target)} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return NewService(target, files, committed)


def _copy(root: Path, draft: Path, name: str, empty: bool) -> int:
    rules, renaming = configuration().new_service, Renaming(load_project(root).name, name)
    patterns = (*rules.left_out, *(_of_examples(rules.examples, rules.example_files) if empty else ()))
    count = 0
    for path in _tracked(root):
        if any(fnmatch(path, pattern) for pattern in patterns):
            continue
        copy = draft / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        source = root / path
        if source.is_symlink():
            copy.symlink_to(source.readlink())
            continue
        content = source.read_bytes()
        copy.write_bytes(_renamed(content, renaming))
        shutil.copymode(source, copy)
        count += 1
    if empty:
        _remove_examples(draft, rules.examples)
    _adapt_configuration(draft, empty)
    remove_callers(draft)
    (draft / VERSION_FILE).write_text(f"{_version(root)}\n", encoding="utf-8")
    (draft / "CHANGELOG.md").write_text(rendered("changelog.md.j2", name=name), encoding="utf-8")
    _format(draft)  # a longer or shorter name changes where lines end
    return count


def _of_examples(features: Sequence[str], files: Sequence[str]) -> Iterator[str]:
    yield from (f"api/{feature}/*" for feature in features)
    yield from files


def _tracked(root: Path) -> list[str]:
    names = git(root, "ls-files", "-z").split("\0")
    return [name for name in names if name and (root / name).exists()]


def _renamed(content: bytes, renaming: Renaming) -> bytes:
    try:
        return renaming.text(content.decode("utf-8")).encode()
    except UnicodeDecodeError:  # a picture
        return content


def _remove_examples(draft: Path, features: Sequence[str]) -> None:
    """Remove example features from the declaration and from the application."""
    constants = [constant(feature) for feature in features]
    definition = read_source(draft, DEFINITION)
    definition.remove_names(constants)
    definition.remove_elements("FEATURES", constants)
    while unused := definition.unused_private_names():
        definition.remove_names(unused)
    application = read_source(draft, APPLICATION)
    application.remove_names(constants)
    application.remove_elements("FEATURES", features)
    readme = (draft / "README.md").read_text(encoding="utf-8").splitlines(keepends=True)
    routes = tuple(f"/api/v1/{feature}" for feature in features)
    kept = (line for line in readme if not any(route in line for route in routes))
    (draft / "README.md").write_text("".join(kept), encoding="utf-8")
    for name, source in ((DEFINITION, definition), (APPLICATION, application)):
        (draft / name).write_text(formatted(name, source.text), encoding="utf-8")


def _adapt_configuration(draft: Path, empty: bool) -> None:
    """Remove what only the repository with the examples needs: how to leave them out, and the request of one."""
    lines, inside = [], False
    for line in (draft / _CONFIGURATION).read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("["):
            inside = line.startswith(_GENERATED_TABLE)
        if not inside and not (empty and line.startswith("example-request")):
            lines.append(line)
    (draft / _CONFIGURATION).write_text("".join(lines), encoding="utf-8")


def _version(root: Path) -> str:
    """Return the version of the toolkit: what its file says, if this checkout was made from another one."""
    if (root / VERSION_FILE).is_file():
        return (root / VERSION_FILE).read_text(encoding="utf-8").strip()
    return git_or_none(root, "log", "-1", "--format=%H %cs", "--", "toolkit") or "unknown"


def _format(draft: Path) -> None:
    for arguments in (["format", "--quiet", "."], ["check", "--select", "I", "--fix", "--quiet", "."]):
        run_python(draft, "-m", "ruff", *arguments)
    shutil.rmtree(draft / ".ruff_cache", ignore_errors=True)


def _commit(draft: Path, name: str) -> bool:
    """Make a git repository with one commit; without an identity for it, only the repository."""
    git(draft, "init", "--quiet", "--initial-branch", "main")
    git(draft, "add", "--all")
    if git_or_none(draft, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT") is None:
        return False
    git(draft, "commit", "--quiet", "--no-gpg-sign", "--message", f"Begin {name} from the toolkit")
    return True


def as_json(made: NewService) -> str:
    """Return the result for `--json`."""
    return json.dumps({"folder": str(made.folder), "files": made.files, "committed": made.committed}, indent=2)
