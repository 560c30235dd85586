"""The clients of AWS do all that botocore's own clients do."""

from functools import cache
from typing import Any

import pytest
from botocore.session import Session
from botocore.utils import EVENT_ALIASES

from api.aws import AwsClients
from pipeline.package.botocore_data import OPERATIONS

EVENTS = (
    "provide-client-params", "before-parameter-build", "before-endpoint-resolution", "before-call", "request-created",
    "choose-signer", "before-sign", "before-send", "response-received", "before-parse", "needs-retry", "after-call",
    "after-call-error", "getattr", "creating-client-class",
)  # fmt: skip
CALLS = [(service, operation) for service, names in OPERATIONS.items() for operation in sorted(names)]


@cache
def clients(service: str) -> tuple[Any, Any]:
    """The function's client, and botocore's with all that it registers."""
    region = "eu-central-1"
    return getattr(AwsClients(region), service), Session().create_client(service, region_name=region)


def done_on(client: Any, event: str) -> list[str]:
    """What botocore does for the client on an event, by name and in the order of its turn."""
    found = client.meta.events._emitter._handlers.prefix_search(event)  # noqa: SLF001 - there is no public look-up
    named = (f"{handler.__module__}.{getattr(handler, '__qualname__', type(handler).__name__)}" for handler in found)
    return [name for name in named if name.startswith("botocore.")]  # Powertools adds its user agent to all clients


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_a_client_does_on_every_event_what_botocores_own_does(service: str, operation: str) -> None:
    ours, theirs = clients(service)
    events = [f"{event}.{EVENT_ALIASES.get(service, service)}.{operation}" for event in EVENTS]
    expected = {event: done_on(theirs, event) for event in events}
    assert sum(map(len, expected.values())) >= 10
    assert {event: done_on(ours, event) for event in events} == expected
