"""Find the steps of an update that could lose data: deletions, lost protection, and updates in place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.engine.events import UpdateStep
from toolkit.resource_types.data_loss.stored_data import CHECKS_OF_EVERY_TYPE, OTHERS, PROTECTION, StoredData
from toolkit.resource_types.data_loss.values import MASK, UNKNOWN, Values, is_known
from toolkit.resource_types.data_loss.values import at as value_at
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.lookup import resource_type
from toolkit.stacks.marks import KIND, SECRET, UNKNOWN_TEXT

REMOVALS = {"delete": "is deleted", "replace": "is replaced by an empty one", "discard": "leaves the state"}


@dataclass(frozen=True)
class DataLoss:
    """One step that could lose data."""

    urn: str
    type: str
    id: str
    """The resource's name in AWS, as it is now."""
    what: str
    lost: str
    needs_backup: bool = False
    """Whether only a backup can restore the data, because the step ends point-in-time recovery."""

    def __str__(self) -> str:
        return f"{self.urn.rpartition('::')[2]} {self.what}; lost would be {self.lost}"


def facts_of(type: str) -> StoredData:
    """Return the record on the data of a resource type."""
    return resource_type(type).data or OTHERS


def data_losses_in(steps: Iterable[UpdateStep]) -> tuple[DataLoss, ...]:
    """Return each loss among the steps, those of resources that otherwise stay the same included."""
    steps = tuple(steps)
    return tuple(loss for step in steps for loss in (*_removed(step), *_unprotected(step), *_changed(step, steps)))


def _removed(step: UpdateStep) -> Iterator[DataLoss]:
    """Yield the resources with data or protection that are deleted, replaced (a rename is either) or forgotten.

    The engine refuses a protected one, unless `--ignore-protect` is among its options: so it is reported here too.
    """
    if not step.before or step.operation not in REMOVALS:
        return
    why = f" because of {', '.join(sorted(step.replaces_because))}" if step.replaces_because else ""
    lost = facts_of(step.type).lost or _unknown_loss(step)
    if lost or step.before.get("protect"):
        yield _loss(step, REMOVALS[step.operation] + why, lost or "what its protection in the state is there for")


def _unknown_loss(step: UpdateStep) -> str:
    """Return the loss of a resource whose type has no record; none for a component."""
    is_known = facts_of(step.type) is not OTHERS or step.type.startswith("pulumi:") or not step.before.get("custom")
    return "" if is_known else f"what it holds: the check has no record of the type {step.type}"


def _unprotected(step: UpdateStep) -> Iterator[DataLoss]:
    """Yield the resources that lose Pulumi's protection, or that AWS would delete once they leave the state."""
    for name, what in (
        ("protect", "is no longer protected in the state"),
        ("retainOnDelete", "would no longer be kept in AWS when it leaves the state (retainOnDelete)"),
    ):
        if step.before.get(name) and step.after and not step.after.get(name):
            yield _loss(step, what, PROTECTION)


def _changed(step: UpdateStep, steps: tuple[UpdateStep, ...]) -> Iterator[DataLoss]:
    facts = facts_of(step.type)
    for values in _comparisons(step, facts, steps):
        for check in (*CHECKS_OF_EVERY_TYPE, *facts.checks):
            for loss in check(values):
                yield _loss(step, loss.what, loss.lost, needs_backup=loss.needs_backup)


def _comparisons(step: UpdateStep, facts: StoredData, steps: tuple[UpdateStep, ...]) -> Iterator[Values]:
    """Return the settings to compare; a created or deleted setting changes the resource that it belongs to."""
    was, now = _inputs(step.before), _inputs(step.after)
    changed = frozenset(name.partition(".")[0].partition("[")[0] for name in step.properties)
    if step.operation in REMOVALS or _moves_to_another_resource(step, facts, steps):
        # A resource with data is reported by its own step.
        if facts.setting_of and was:
            yield Values(was, {})
        if facts.setting_of and now and step.after and _exists_already(step, facts.setting_of, steps):
            yield Values({}, now)
    elif step.before and step.after:
        yield Values(was, now, changed)
    elif facts.setting_of and step.operation == "create" and _exists_already(step, facts.setting_of, steps):
        yield Values({}, now)


def _moves_to_another_resource(step: UpdateStep, facts: StoredData, steps: tuple[UpdateStep, ...]) -> bool:
    """Return whether a setting moves to another resource; the preview of files does not show the replacement."""
    if not (facts.setting_of and step.before and step.after):
        return False
    was, now = (at(_inputs(state), [facts.setting_of]) for state in (step.before, step.after))
    if was == now or not was or not now or not (is_known(was) and is_known(now)):
        return False
    holders = [each for each in steps if facts_of(each.type).lost and each.before]
    return not any(was in _names(each.before) and now in _names(each.after) for each in holders)


def _exists_already(step: UpdateStep, setting_of: str, steps: tuple[UpdateStep, ...]) -> bool:
    """Return whether the resource of a created setting exists already, so it is not created in the same update.

    While a resource is created, its name is unknown: then the resources under the same parent count.
    """
    name = at(_inputs(step.after), [setting_of])
    holders = [each for each in steps if _has_settings(each.type) and each.urn != step.urn]
    if is_known(name):
        return not any(each.operation == "create" and name in _names(each.after) for each in holders)
    holders = [each for each in holders if facts_of(each.type).lost]
    parent = step.after.get("parent")
    siblings = [each for each in holders if parent and (each.after or each.before).get("parent") == parent] or holders
    return not siblings or any(each.operation != "create" for each in siblings)


def _has_settings(type: str) -> bool:
    """Return whether other resources can be settings of one: it has data, or is a function."""
    return bool(facts_of(type).lost) or resource_type(type).token == FUNCTION


def _names(state: Mapping[str, Any]) -> Iterator[Any]:
    """Return the texts by which another resource names the one with this state."""
    yield state.get("id")
    outputs = state.get("outputs") or {}
    for name in ("bucket", "name", "arn", "id"):
        yield from (value for value in (_inputs(state).get(name), outputs.get(name)) if value)


def _inputs(resource: Any) -> Any:
    return readable(resource.get("inputs") or {})


def _loss(step: UpdateStep, what: str, lost: str, *, needs_backup: bool = False) -> DataLoss:
    facts = facts_of(step.type)
    state = step.before or step.after
    id = (at(_inputs(state), [facts.setting_of]) if facts.setting_of else None) or state.get("id") or ""
    return DataLoss(step.urn, resource_type(step.type).token, str(id) if is_known(id) else "", what, lost, needs_backup)


def readable(value: Any) -> Any:
    """Return the value with UNKNOWN for each placeholder of the engine, and its mask for each secret."""
    if isinstance(value, str):
        return UNKNOWN if value == UNKNOWN_TEXT else value
    if isinstance(value, Mapping):
        return MASK if value.get(KIND) == SECRET else {key: readable(inner) for key, inner in value.items()}
    return [readable(inner) for inner in value] if isinstance(value, list | tuple) else value


def at(value: Any, path: Iterable[str]) -> Any:
    """Return the value at a path of the engine's inputs, None where there is none."""
    return value_at(readable(value), path)


def all_data_losses(steps: Iterable[UpdateStep]) -> tuple[DataLoss, ...]:
    """Return the data losses that stop an update, and further ones for the reviewer."""
    steps = tuple(steps)
    return (*data_losses_in(steps), *_losses_for_the_reviewer(steps))


def _losses_for_the_reviewer(steps: Iterable[UpdateStep]) -> Iterator[DataLoss]:
    for step in steps:
        missed = facts_of(step.type).missed
        if missed and step.operation in REMOVALS and step.before:
            what = "is deleted" if step.operation == "delete" else "is replaced"
            yield DataLoss(step.urn, step.type, str(step.before.get("id") or ""), what, missed)
