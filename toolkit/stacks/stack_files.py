"""Reads `Pulumi.yaml` and the file of a stack as the engine does; each error is one sentence."""

import json
import os
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator

from toolkit.stacks.declared_secrets import declared_secrets
from toolkit.stacks.errors import FileError, StackFileError, shown
from toolkit.stacks.graph import ResourceGraph
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.marks import Secret
from toolkit.stacks.terminal import echo
from toolkit.stacks.yaml_documents import read_yaml

CHECKOUT = Path(__file__).resolve().parents[2]
STACK_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
FORM = "1 to 63 of a-z, 0-9 and -, beginning with a letter, such as dev"


def stack_name(text: str) -> str:
    """Return the name. Raises StackFileError for another form.

    Pulumi itself accepts more (up to 100 letters, digits, - _ and .); the names of AWS resources do not.
    """
    if not STACK_NAME.fullmatch(text):
        raise StackFileError(f"{shown(text)} is no name of a stack; write {FORM}.")
    return text


def _validated(text: str) -> str:
    try:
        return stack_name(text)
    except StackFileError as error:
        raise ValueError(str(error)) from None


StackName = Annotated[str, AfterValidator(_validated)]
"""The name of a stack in a file that another job or person wrote."""


_DOTS = 2
"""In `Pulumi.dev.yaml`; `Pulumi.dev.local.yaml` is no stack."""
_announced: set[Path] = set()
"""The files with overrides that this process has named."""
_STACK_FILE_KEYS = {"config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"}


@dataclass(frozen=True)
class Project:
    """The content of `Pulumi.yaml`: name, program, language and declared configuration."""

    name: str
    main: str
    """The folder or the file of the program."""
    declared: Mapping[str, Any]
    runtime: str = ""
    """Empty where `Pulumi.yaml` has none."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """The description of each secret that every stack of the service has, by name."""


def load_project(root: Path) -> Project:
    """Return the project in this folder. Raises StackFileError where `Pulumi.yaml` is missing or broken."""
    path = root / "Pulumi.yaml"
    if not os.path.lexists(path):
        raise StackFileError(f"There is no Pulumi.yaml in {root.absolute()}; run from the root of the project.")
    document = _load(path)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise StackFileError("Pulumi.yaml has no `name`; write the project's name there.")
    declared = _mapping(document.get("config"), "Pulumi.yaml", "config")
    runtime = document.get("runtime")
    language = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    return Project(
        name,
        str(document.get("main") or "."),
        {_full_key(name, key): v for key, v in declared.items()},
        str(language or ""),
        _service_secrets(root, name),
    )


def _service_secrets(root: Path, project: str) -> Mapping[str, str]:
    """Return the secrets that the service declares; a folder with only its stack files has those of this checkout."""
    if (root / "pyproject.toml").is_file() or _load(CHECKOUT / "Pulumi.yaml").get("name") != project:
        return declared_secrets(root)
    return declared_secrets(CHECKOUT)


def load_stack_config(
    stack: str, root: Path, project: Project | None = None, *, overrides: bool = True
) -> Mapping[str, Any]:
    """Return a stack's configuration by full key (`aws:region`). Secrets are marked, encrypted ones placeholders.

    `project` is the content of `Pulumi.yaml` where the caller has read it; without `overrides` the file of one person
    is not read. Raises StackFileError where the stack or one of its files is missing or broken.
    """
    project = project or load_project(root)
    written = _written(project, _stack_path(stack, root), _STACK_FILE_KEYS)
    path = override_file(stack, root)
    if overrides and os.path.lexists(path):
        written = _merged(written, _written(project, path, {"config"}))
        if path not in _announced:
            _announced.add(path)
            echo(f"{path.name} overrides settings of {stack}.", error=True)
    config: dict[str, Any] = {}
    for key, declaration in project.declared.items():
        config |= _declared_value(key, declaration)
    for key, value in written.items():
        config[key] = _written_value(key, "" if value is None else value, is_secret(project, key))
    return with_placeholders(project, config)


def override_file(stack: str, root: Path) -> Path:
    """Return the file with which one person overrides a stack's settings; Git ignores it, and Pulumi reads none."""
    return root / f"Pulumi.{stack}.local.yaml"


def refuse_override(stack: str, root: Path) -> None:
    """Raise StackFileError where one person overrides the settings of a stack that is deployed."""
    path = override_file(stack, root)
    if os.path.lexists(path):
        raise StackFileError(
            f"{path.name} overrides settings, and Pulumi does not read it: move its values to Pulumi.{stack}.yaml, or "
            "delete it."
        )


def _written(project: Project, path: Path, keys: Set[str]) -> dict[str, Any]:
    document = _load(path)
    if unknown := sorted(document.keys() - keys):
        raise StackFileError(f"{path.name}: unknown key `{unknown[0]}`; write the stack's values under `config`.")
    written = _mapping(document.get("config"), path.name, "config")
    return {_full_key(project.name, key): value for key, value in written.items()}


def _merged(values: Mapping[str, Any], overriding: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with those that override them, mapping by mapping; a list replaces a list."""
    merged = dict(values)
    for key, value in overriding.items():
        before = merged.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping) and "secure" not in before:
            merged[key] = _merged(before, value)
        else:
            merged[key] = value
    return merged


def with_placeholders(project: Project, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with a placeholder for each secret of the stack that has no value."""
    names = secret_names(project, config)
    missing = (key for name in names if (key := _full_key(project.name, name)) not in config)
    return {**config, **{key: _placeholder(key) for key in missing}}


def secret_names(project: Project, config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a stack's secrets: those that the service declares, and those in the stack's settings."""
    settings = config.get(f"{project.name}:settings")
    try:
        found = parse_json(settings, "settings") if isinstance(settings, str) else settings
    except FileError:
        found = None  # the program reports it
    own = found.get("secrets") if isinstance(found, Mapping) else None
    return tuple(dict.fromkeys([*project.secrets, *(map(str, own) if isinstance(own, Mapping) else ())]))


def configuration_of(graph: ResourceGraph, root: Path, stack: str | None = None) -> tuple[str, Mapping[str, Any]]:
    """Return project and configuration of an evaluation; for a graph from a file those in the files of a stack.

    That stack is the graph's unless it is named. Raises StackFileError.
    """
    if graph.config is not None:
        return graph.project, graph.config
    project = load_project(root)
    return project.name, load_stack_config(stack or graph.stack, root, project)


def is_secret(project: Project, key: str) -> bool:
    """Return whether `Pulumi.yaml` declares this configuration key secret."""
    declaration = project.declared.get(key)
    return isinstance(declaration, Mapping) and declaration.get("secret") is True


def config_text(value: Any) -> str:
    """Return a configuration value as the engine passes it on; what is not text is JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _declared_value(key: str, declaration: Any) -> dict[str, Any]:
    if not isinstance(declaration, Mapping):
        return {key: declaration}
    for given in ("value", "default"):
        if given in declaration:
            return {key: declaration[given]}
    return {key: _placeholder(key)} if declaration.get("secret") is True else {}


def stack_files(folder: Path) -> Mapping[str, Path]:
    """Return the file of each stack of the project in this folder, by the stack's name."""
    found = {file.name: file for file in folder.glob("Pulumi.*.yaml")}
    return {name.split(".")[1]: found[name] for name in sorted(found) if name.count(".") == _DOTS}


def _written_value(key: str, value: Any, secret: bool) -> Any:
    if isinstance(value, Mapping) and value.keys() == {"secure"} and isinstance(value["secure"], str):
        return _placeholder(key)
    return Secret(value) if secret else value


def _placeholder(key: str) -> Secret:
    """The placeholder of an encrypted secret; long enough for any use of it."""
    return Secret(f"placeholder-for-{key}-whose-value-cannot-be-read-here")


def _stack_path(stack: str, root: Path) -> Path:
    path = root / f"Pulumi.{stack_name(stack)}.yaml"
    if not os.path.lexists(path):
        stacks = ", ".join(stack_files(root)) or "none yet"
        raise StackFileError(f"There is no stack {stack!r}: the stacks are {stacks}.")
    return path


def _full_key(project: str, key: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _load(path: Path) -> dict[str, Any]:
    try:
        document = read_yaml(path, as_engine=True)
    except FileError as error:
        raise StackFileError(str(error)) from None
    return _mapping(document, path.name, None)


def _mapping(value: Any, file: str, key: str | None) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        where = f"`{key}`" if key else "the file"
        raise StackFileError(f"{file}: {where} must be a mapping of keys to values, not {type(value).__name__}.")
    return value
