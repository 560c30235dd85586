"""What AWS must allow for each type of resource of the main program to be made, changed, removed and read."""

from collections.abc import Mapping

from infrastructure.bootstrap.actions import data, front, running
from infrastructure.bootstrap.actions.data import EMPTYING
from infrastructure.bootstrap.actions.row import Actions
from infrastructure.bootstrap.actions.running import ROLES
from infrastructure.bootstrap.actions.service_linked import SERVICE_LINKED_ROLES

__all__ = ["BY_TYPE", "EMPTYING", "PARTS", "ROLES", "SERVICE_LINKED_ROLES", "Actions"]

PARTS: Mapping[str, Mapping[str, Actions]] = {
    "data": data.BY_TYPE,
    "front": front.BY_TYPE,
    "running": running.BY_TYPE,
}
"""The rows in parts that are small enough for one managed policy each."""
BY_TYPE: Mapping[str, Actions] = {type: row for rows in PARTS.values() for type, row in rows.items()}
