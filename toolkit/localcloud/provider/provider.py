"""The resource provider: checks inputs, names and tags resources, and calls the entry of their type."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any, TypeVar

import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.provider.account import INVOKES, AccountSettings
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.errors import ProviderError, ReplacementNeeded
from toolkit.localcloud.provider.nested import nested_mistakes
from toolkit.localcloud.provider.registry import entry_of
from toolkit.resource_types.automatic_names import DEFAULT_NAMES, AutomaticNames
from toolkit.stacks import Created

T = TypeVar("T")
DERIVED = {"tags", "tagsAll"}  # changed by the entry's `tag`, not by its `update`


@dataclass(frozen=True)
class Changes:
    """The differences of two sets of inputs: properties, those of them that force a replacement, and tags."""

    properties: frozenset[str]
    replacing: frozenset[str]
    tags: bool


class AwsProvider:
    """Creates, updates and deletes resources in one account; safe to use from several threads."""

    def __init__(self, connection: AwsConnection, account_id: str, root: Path) -> None:
        self._aws = Aws(connection, account_id, root)
        self._account = AccountSettings(account_id)

    def create(self, type: str, name: str, inputs: Properties, names: AutomaticNames = DEFAULT_NAMES) -> Created:
        """Create a resource. Raises ProviderError with the error of AWS."""
        if type == AccountSettings.TOKEN:
            return Created(name, self._reported(type, name, lambda: self._account.configure(inputs)))
        entry = self._reported(type, name, lambda: entry_of(type))
        pattern = names.of(type)
        wanted = self._reported(
            type, name, lambda: entry.named(name, self._checked(entry, inputs), pattern, SystemRandom())
        )
        resource_id = self._reported(type, name, lambda: self._create(entry, wanted))
        outputs = self._reported(type, name, lambda: self._outputs(entry, resource_id, wanted))
        try:
            self._reported(type, name, lambda: _require_stored(wanted, outputs))
        except ProviderError:
            self.delete(type, resource_id, outputs)  # otherwise it would stay without a state
            raise
        return Created(resource_id, outputs)

    def read(self, type: str, id: str, known: Properties | None = None) -> dict[str, Any] | None:
        """Return the properties of a resource, None when it does not exist; `known` holds the ids of its parents."""
        if type == AccountSettings.TOKEN:
            return dict(known or {})
        entry = self._reported(type, id, lambda: entry_of(type))
        return self._reported(type, id, lambda: self._read(entry, id, known or {}))

    def update(self, type: str, id: str, old_inputs: Properties, new_inputs: Properties) -> dict[str, Any]:
        """Update a resource in place and return its outputs. Raises ReplacementNeeded where AWS cannot."""
        if type == AccountSettings.TOKEN:
            return self._reported(type, id, lambda: self._account.configure(new_inputs))
        entry = self._reported(type, id, lambda: entry_of(type))
        state = self.read(type, id, old_inputs)
        if state is None:
            raise ProviderError(f"{type} {id}: it does not exist in the embedded AWS.")
        return self._reported(
            type, id, lambda: self._update(entry, id, {**old_inputs, **state}, old_inputs, new_inputs)
        )

    def compare(self, type: str, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties) -> Changes:
        """Return what an update to the new inputs would change. Raises ProviderError for invalid inputs."""
        return self._reported(type, id, lambda: self._compare(entry_of(type), state, old_inputs, new_inputs))

    def delete(self, type: str, id: str, outputs: Properties) -> None:
        """Delete a resource."""
        if type == AccountSettings.TOKEN:
            return
        entry = self._reported(type, id, lambda: entry_of(type))
        self._reported(type, id, lambda: found_or_none(entry.delete, self._aws, id, outputs))

    def invoke(self, token: str, args: Properties) -> Mapping[str, Any]:
        """Return the result of one of the provider's functions."""
        if token not in INVOKES:
            raise ProviderError(f"The local provider has no function {token}; it has {', '.join(sorted(INVOKES))}.")
        return INVOKES[token](self._aws, args)

    def _create(self, entry: Entry, wanted: Properties) -> str:
        resource_id = entry.create(self._aws, wanted)
        try:
            entry.after_create(self._aws, resource_id, wanted)
        except Exception:
            with suppress(ClientError):  # otherwise it would stay without a state, and its name would be in use
                entry.delete(self._aws, resource_id, wanted)
            raise
        return resource_id

    def _checked(self, entry: Entry, inputs: Properties) -> dict[str, Any]:
        wanted = {key: value for key, value in inputs.items() if value is not None and not key.startswith("__")}
        unknown = sorted(wanted.keys() - entry.inputs)
        if unknown:
            raise ProviderError(f"no support for {', '.join(unknown)}; known: {', '.join(sorted(entry.inputs))}")
        missing = sorted(entry.required - wanted.keys())
        if missing:
            raise ProviderError(f"{', '.join(missing)} must be given")
        nested = [mistake.reason for mistake in nested_mistakes(entry.type, wanted)]
        if nested:
            raise ProviderError("; ".join(nested))
        if entry.tagged:
            wanted["tagsAll"] = {**self._account.default_tags, **wanted.get("tags", {})}
        return wanted

    def _compare(self, entry: Entry, state: Properties, old: Properties, new: Properties) -> Changes:
        wanted = self._checked(entry, new)
        before = self._checked(entry, old)
        given = (wanted.keys() | before.keys()) - DERIVED
        changed = frozenset(key for key in given if _comparable(wanted.get(key)) != _comparable(before.get(key)))
        if entry.name_property is not None and wanted.get(entry.name_property) in {
            None,
            state.get(entry.name_property),
        }:
            changed -= {entry.name_property}  # the automatic name stays
        return Changes(
            changed,
            changed if entry.update_call is None else changed & entry.replaced_by,
            entry.tagged and wanted["tagsAll"] != state.get("tagsAll"),
        )

    def _update(
        self, entry: Entry, resource_id: str, state: Properties, old: Properties, new: Properties
    ) -> dict[str, Any]:
        changes = self._compare(entry, state, old, new)
        if changes.replacing:
            name = entry.name_property
            same_name = name is not None and new.get(name) is not None and new[name] == old.get(name)
            raise ReplacementNeeded(entry.type, resource_id, changes.replacing, same_name=same_name)
        kept = {entry.name_property: state[entry.name_property]} if entry.name_property else {}
        wanted = {**kept, **self._checked(entry, new)}
        if entry.tagged and changes.tags:
            tags = wanted["tagsAll"]
            removed = {key: value for key, value in state.get("tagsAll", {}).items() if key not in tags}
            entry.tag(self._aws, resource_id, state, tags, removed)
        if changes.properties:
            entry.update(self._aws, resource_id, state, wanted, changes.properties)
        outputs = self._outputs(entry, resource_id, wanted)
        _require_stored(wanted, outputs)
        return outputs

    def _outputs(self, entry: Entry, resource_id: str, wanted: Properties) -> dict[str, Any]:
        return {**wanted, **(self._read(entry, resource_id, wanted) or {})}

    def _read(self, entry: Entry, resource_id: str, known: Properties) -> dict[str, Any] | None:
        state = entry.read(self._aws, resource_id, known)
        if state is None:
            return None
        return {**_as_given(state, known), **{key: known[key] for key in entry.not_returned & known.keys()}}

    def _reported(self, type: str, name: str, work: Callable[[], T]) -> T:
        try:
            return work()
        except ClientError as error:
            problem = error.response["Error"]
            raise ProviderError(
                f"{type} {name}: {error.operation_name} failed: {problem['Code']}: {problem['Message']}"
            ) from error
        except BotoCoreError as error:
            raise ProviderError(f"{type} {name}: {' '.join(str(error).split())}") from error
        except ProviderError as error:
            raise error if str(error).startswith(type) else ProviderError(f"{type} {name}: {error}") from error


def _comparable(value: Any) -> Any:
    """Return an archive's path: sourceCodeHash shows a change of its contents."""
    return ("archive", value.path) if isinstance(value, pulumi.FileArchive) else value


def _as_given(state: Properties, given: Properties) -> dict[str, Any]:
    """Return the state with the given JSON texts where AWS formats the same document differently."""
    return {key: given[key] if _same_document(value, given.get(key)) else value for key, value in state.items()}


def _same_document(one: Any, other: Any) -> bool:
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _require_stored(wanted: Properties, stored: Properties) -> None:
    """Raise ProviderError for nested properties that the embedded AWS accepts and drops."""
    if dropped := sorted(set(_dropped([wanted], [stored]))):
        raise ProviderError(f"no support for {', '.join(dropped)}: the embedded AWS does not store it")


def _dropped(wanted: Sequence[Properties], stored: Sequence[Properties], path: str = "") -> Iterator[str]:
    """Yield the paths of nested values that no block of the stored state has; AWS may drop empty ones."""
    for block in wanted:
        for name, value in block.items():
            kept = [each[name] for each in stored if name in each]
            if path and value and not kept:
                yield path + name
            elif kept:
                yield from _dropped(_blocks([value]), _blocks(kept), f"{path}{name}.")


def _blocks(values: Sequence[Any]) -> list[Properties]:
    """Return the mappings among values and lists of values."""
    listed = [each for value in values for each in (value if isinstance(value, list | tuple) else [value])]
    return [each for each in listed if isinstance(each, Mapping)]
