"""The provider itself: checks inputs, names and tags resources, and hands each to the entry of its type."""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.provider.account import AccountSettings
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.errors import ProviderError, ReplacementNeeded
from toolkit.localcloud.provider.invokes import INVOKES
from toolkit.localcloud.provider.nested import nested_mistakes
from toolkit.localcloud.provider.registry import entry_of
from toolkit.stacks import Created

T = TypeVar("T")
DERIVED = {"tags", "tagsAll"}  # told to AWS by the entry's `tags`, not by its `update`


@dataclass(frozen=True)
class Changes:
    """What differs between two sets of inputs: properties, those of them that force a replacement, the tags."""

    properties: frozenset[str]
    replacing: frozenset[str]
    tags: bool


class AwsProvider:
    """Makes, changes and removes resources in one account; safe to use from several threads."""

    def __init__(self, connection: AwsConnection, account_id: str, root: Path) -> None:
        self._aws = Aws(connection, account_id, root)
        self._account = AccountSettings(account_id)

    def create(self, type: str, name: str, inputs: Properties) -> Created:
        """Create a resource; ProviderError shows AWS's words."""
        if type == AccountSettings.TOKEN:
            return Created(name, self._told(type, name, lambda: self._account.configure(inputs)))
        entry = self._told(type, name, lambda: entry_of(type))
        digits = secrets.token_hex(4)[:7]
        wanted = self._told(type, name, lambda: entry.named(name, self._checked(entry, inputs), digits))
        resource_id = self._told(type, name, lambda: self._made(entry, wanted))
        return Created(resource_id, self._told(type, name, lambda: self._outputs(entry, resource_id, wanted)))

    def read(self, type: str, id: str, known: Properties | None = None) -> dict[str, Any] | None:
        """What AWS says of a resource, None when it is gone; `known` names its parents where the id does not."""
        if type == AccountSettings.TOKEN:
            return dict(known or {})
        entry = self._told(type, id, lambda: entry_of(type))
        return self._told(type, id, lambda: self._read(entry, id, known or {}))

    def update(self, type: str, id: str, old_inputs: Properties, new_inputs: Properties) -> dict[str, Any]:
        """Change a resource in place and return its outputs; ReplacementNeeded where AWS cannot."""
        if type == AccountSettings.TOKEN:
            return self._told(type, id, lambda: self._account.configure(new_inputs))
        entry = self._told(type, id, lambda: entry_of(type))
        state = self.read(type, id, old_inputs)
        if state is None:
            raise ProviderError(f"{type} {id}: it is gone from the embedded AWS.")
        return self._told(type, id, lambda: self._change(entry, id, {**old_inputs, **state}, old_inputs, new_inputs))

    def compare(self, type: str, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties) -> Changes:
        """What an update to the new inputs would change; ProviderError where they cannot be."""
        return self._told(type, id, lambda: self._compare(entry_of(type), state, old_inputs, new_inputs))

    def delete(self, type: str, id: str, outputs: Properties) -> None:
        """Delete a resource."""
        if type == AccountSettings.TOKEN:
            return
        entry = self._told(type, id, lambda: entry_of(type))
        self._told(type, id, lambda: unless_gone(entry.delete, self._aws, id, outputs))

    def invoke(self, token: str, args: Properties) -> Mapping[str, Any]:
        """Answer one of the provider's functions."""
        if token not in INVOKES:
            raise ProviderError(f"The local provider has no function {token}; it has {', '.join(sorted(INVOKES))}.")
        return INVOKES[token](self._aws, args)

    def _made(self, entry: Entry, wanted: Properties) -> str:
        resource_id = entry.create(self._aws, wanted)
        try:
            entry.settle(self._aws, resource_id, wanted)
        except Exception:
            with suppress(ClientError):  # half made, nobody would know of it, and its name would be taken
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
        if entry.tags is not None:
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
            changed -= {entry.name_property}  # the name it was given stays
        return Changes(
            changed,
            changed if entry.update is None else changed & entry.replaced_by,
            entry.tags is not None and wanted["tagsAll"] != state.get("tagsAll"),
        )

    def _change(
        self, entry: Entry, resource_id: str, state: Properties, old: Properties, new: Properties
    ) -> dict[str, Any]:
        changes = self._compare(entry, state, old, new)
        if changes.replacing:
            name = entry.name_property
            in_the_way = name is not None and new.get(name) is not None and new[name] == old.get(name)
            raise ReplacementNeeded(entry.type, resource_id, changes.replacing, in_the_way=in_the_way)
        kept = {entry.name_property: state[entry.name_property]} if entry.name_property else {}
        wanted = {**kept, **self._checked(entry, new)}
        if entry.tags is not None and changes.tags:
            gone = sorted(state.get("tagsAll", {}).keys() - wanted["tagsAll"].keys())
            entry.tags(self._aws, resource_id, state, wanted["tagsAll"], gone)
        if changes.properties and entry.update is not None:
            entry.update(self._aws, resource_id, state, wanted, changes.properties)
        return self._outputs(entry, resource_id, wanted)

    def _outputs(self, entry: Entry, resource_id: str, wanted: Properties) -> dict[str, Any]:
        return {**wanted, **(self._read(entry, resource_id, wanted) or {})}

    def _read(self, entry: Entry, resource_id: str, known: Properties) -> dict[str, Any] | None:
        state = entry.read(self._aws, resource_id, known)
        if state is None:
            return None
        return {**_as_given(state, known), **{key: known[key] for key in entry.unread & known.keys()}}

    def _told(self, type: str, name: str, work: Callable[[], T]) -> T:
        try:
            return work()
        except ClientError as error:
            problem = error.response["Error"]
            raise ProviderError(
                f"{type} {name}: {error.operation_name} was refused: {problem['Code']}: {problem['Message']}"
            ) from error
        except BotoCoreError as error:
            raise ProviderError(f"{type} {name}: {' '.join(str(error).split())}") from error
        except ProviderError as error:
            raise error if str(error).startswith(type) else ProviderError(f"{type} {name}: {error}") from error


def _comparable(value: Any) -> Any:
    """Archives are compared by path: what is inside one is said by the digest beside it."""
    return ("archive", value.path) if isinstance(value, pulumi.FileArchive) else value


def _as_given(state: Properties, given: Properties) -> dict[str, Any]:
    """The state, with JSON texts as they were given where AWS only wrote the same document differently."""
    return {key: given[key] if _same_document(value, given.get(key)) else value for key, value in state.items()}


def _same_document(one: Any, other: Any) -> bool:
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False
