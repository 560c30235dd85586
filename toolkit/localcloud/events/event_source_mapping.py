"""Event source mappings: their settings, their records, and the failures that a function reports."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route

REPORT_FAILURES = "ReportBatchItemFailures"
POSITION_PATH = "event-source-mappings/{}/position"
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Invocation payload"."""
log = logging.getLogger("toolkit.localcloud")


@dataclass(frozen=True)
class EventSourceMapping:
    """A mapping of a queue or a stream to a function, read from Lambda."""

    uuid: str
    source: str
    """The ARN of the queue or the stream."""
    function: str
    batch_size: int
    window_seconds: int
    reports_failures: bool
    filters: tuple[str, ...]
    """The patterns (JSON), of which a record matches one."""
    max_concurrency: int | None
    starting_position: str
    max_retries: int
    """-1 for no limit, as for `max_age_seconds`."""
    max_age_seconds: int
    bisect: bool
    on_failure: str | None

    @classmethod
    def from_configuration(cls, found: Mapping[str, Any]) -> "EventSourceMapping":
        """Read an entry of Lambda's ListEventSourceMappings."""
        filters = (found.get("FilterCriteria") or {}).get("Filters") or ()
        destinations = found.get("DestinationConfig") or {}
        concurrency = (found.get("ScalingConfig") or {}).get("MaximumConcurrency")
        return cls(
            uuid=found["UUID"],
            source=found["EventSourceArn"],
            function=found["FunctionArn"],
            batch_size=int(found["BatchSize"]),
            window_seconds=int(found.get("MaximumBatchingWindowInSeconds") or 0),
            reports_failures=REPORT_FAILURES in (found.get("FunctionResponseTypes") or ()),
            filters=tuple(str(each["Pattern"]) for each in filters),
            max_concurrency=None if concurrency is None else int(concurrency),
            starting_position=found.get("StartingPosition") or "TRIM_HORIZON",
            max_retries=int(found.get("MaximumRetryAttempts", -1)),
            max_age_seconds=int(found.get("MaximumRecordAgeInSeconds", -1)),
            bisect=bool(found.get("BisectBatchOnFunctionError")),
            on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        )


def read_mappings(connection: AwsConnection) -> list[EventSourceMapping]:
    """Return the enabled mappings of queues and streams. Blocks on the network."""
    pages = connection.client("lambda").get_paginator("list_event_source_mappings").paginate()
    found = [each for page in pages for each in page["EventSourceMappings"]]
    return [EventSourceMapping.from_configuration(each) for each in found if each["State"] == "Enabled"]


def failed_items(payload: bytes, identifiers: Sequence[str]) -> set[str]:
    """Return the items of a batch that failed, by the response of a function that reports them.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html: an empty response, or one without
    failures, is a success; one that is malformed, or names an item that the batch does not have, fails the batch.
    """
    try:
        response = json.loads(payload or b"null")
    except ValueError:
        return set(identifiers)
    if response is None or response == {}:
        return set()
    failures = response.get("batchItemFailures") if isinstance(response, dict) else ()
    if failures is None:
        return set()
    if not isinstance(failures, list):
        return set(identifiers)
    failed = {each.get("itemIdentifier") if isinstance(each, dict) else None for each in failures}
    return {str(each) for each in failed} if failed <= set(identifiers) else set(identifiers)


def read_position(connection: AwsConnection, uuid: str) -> str:
    """Return the last record that the mapping of a stream has delivered, "" for none. Blocks on the network.

    The embedded AWS has it, so that a kept account continues there. Raises httpx.HTTPError.
    """
    return call_embedded_route(connection, POSITION_PATH.format(uuid)).raise_for_status().text


def write_position(connection: AwsConnection, uuid: str, sequence_number: str) -> None:
    """Keep the last record that the mapping of a stream has delivered. Blocks on the network.

    Raises httpx.HTTPError.
    """
    call_embedded_route(connection, POSITION_PATH.format(uuid), put=sequence_number.encode()).raise_for_status()


class Problems:
    """The problems of a mapping, each reported once until the mapping works again."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._reported: set[str] = set()

    def report(self, error: Exception) -> None:
        """Print a problem, where it is new."""
        sentence = str(error)
        if sentence not in self._reported:
            self._reported.add(sentence)
            log.warning("✗ %s: %s", self._what, sentence[:300])

    def clear(self) -> None:
        """Report each problem again."""
        self._reported.clear()
