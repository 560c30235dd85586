"""Reads `Pulumi.yaml` and the file of a stack as the engine would, and says in one sentence what is wrong with them."""

import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stackgraph.errors import StackFileError
from stackgraph.secret import Secret

_STACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_STACK_FILE_KEYS = {"config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"}


@dataclass(frozen=True)
class Project:
    """What `Pulumi.yaml` says: the name, the folder of the program and the configuration that it declares."""

    name: str
    main: str
    declared: Mapping[str, Any]


class _UniqueKeys(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # the C one where it is built
    """A loader that refuses a key written twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping whose keys are all different."""
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} is written twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


# A date is text here, as in every other form that configuration takes on its way to the program.
_UniqueKeys.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _UniqueKeys.yaml_implicit_resolvers.items()
}


def load_project(root: Path) -> Project:
    """The project in this folder; StackFileError where `Pulumi.yaml` is missing or broken."""
    path = root / "Pulumi.yaml"
    if not path.is_file():
        raise StackFileError(f"There is no Pulumi.yaml in {root.resolve()}; run from the root of the project.")
    document = _load(path)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise StackFileError("Pulumi.yaml has no `name`; write the project's name there.")
    declared = _mapping(document.get("config"), "Pulumi.yaml", "config")
    return Project(name, str(document.get("main") or "."), {_full_key(name, key): v for key, v in declared.items()})


def load_stack_config(stack: str, root: Path) -> Mapping[str, Any]:
    """The configuration of a stack by full key (`aws:region`); secrets are marked, unreadable ones a placeholder.

    Raises StackFileError where the stack or one of its files is missing or broken.
    """
    project = load_project(root)
    document = _load(_stack_path(stack, root))
    file = f"Pulumi.{stack}.yaml"
    if unknown := sorted(map(str, document.keys() - _STACK_FILE_KEYS)):
        raise StackFileError(f"{file}: unknown key `{unknown[0]}`; what a stack sets stands under `config`.")
    written = _mapping(document.get("config"), file, "config")
    config: dict[str, Any] = {}
    for key, declaration in project.declared.items():
        config |= _declared_value(key, declaration)
    for short_key, value in written.items():
        key = _full_key(project.name, short_key)
        _require_plain(value, file, key)
        config[key] = _written_value(key, value, is_secret(project, key))
    return config


def is_secret(project: Project, key: str) -> bool:
    """Whether `Pulumi.yaml` declares this configuration key secret."""
    declaration = project.declared.get(key)
    return isinstance(declaration, Mapping) and declaration.get("secret") is True


def _declared_value(key: str, declaration: Any) -> dict[str, Any]:
    if not isinstance(declaration, Mapping):
        return {key: declaration}
    for field in ("value", "default"):
        if field in declaration:
            return {key: declaration[field]}
    return {key: _placeholder(key)} if declaration.get("secret") is True else {}


def _require_plain(value: Any, file: str, key: str) -> None:
    """Refuse what YAML can hold and configuration, which travels as JSON, cannot: sets, bytes, a mapping in itself."""
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        raise StackFileError(f"{file}: `{key}` may hold texts, numbers, lists and mappings only.") from None


def _written_value(key: str, value: Any, secret: bool) -> Any:
    if isinstance(value, Mapping) and value.keys() == {"secure"}:
        return _placeholder(key)
    return Secret(value) if secret else value


def _placeholder(key: str) -> Secret:
    """What stands for a secret that only the stack's key could decrypt; long enough for any use of it."""
    return Secret(f"placeholder-for-{key}-whose-value-cannot-be-read-here")


def _stack_path(stack: str, root: Path) -> Path:
    path = root / f"Pulumi.{stack}.yaml"
    if not _STACK_NAME.fullmatch(stack) or not path.exists():
        stacks = ", ".join(sorted(found.name.split(".")[1] for found in root.glob("Pulumi.*.yaml")))
        raise StackFileError(f"There is no stack {stack!r}: the stacks are {stacks or 'none yet'}.")
    return path


def _full_key(project: str, key: Any) -> str:
    return str(key) if ":" in str(key) else f"{project}:{key}"


def _load(path: Path) -> dict[Any, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506 - it is a safe loader
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise StackFileError(f"{path.name}{line}: {error.problem or error}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise StackFileError(f"{path.name} is not YAML: {error}.".replace("\n", " ")) from None
    except OSError as error:
        raise StackFileError(f"{path.name} cannot be read: {error.strerror}.") from None
    return _mapping(document, path.name, None)


def _mapping(value: Any, file: str, key: str | None) -> dict[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        where = f"`{key}`" if key else "the file"
        raise StackFileError(f"{file}: {where} must be a mapping of keys to values, not {type(value).__name__}.")
    return value
