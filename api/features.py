"""What a feature of the application is, and what the services of the features are built from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter

from api.aws import AwsClients
from api.clock import Clock
from api.messages import Queue, Topic
from api.pages import Cursors
from api.settings import Settings
from api.table import Table


@dataclass(frozen=True)
class Shared:
    """The settings, the AWS resources and the clock of the process."""

    settings: Settings
    aws: AwsClients
    tables: Mapping[str, Table]
    """By their names in `api.definition`, as queues and topics."""
    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    cursors: Cursors
    clock: Clock


@dataclass(frozen=True)
class Feature:
    """The routes of a feature, and the function that builds its service."""

    router: APIRouter
    build: Callable[[Shared], object]
