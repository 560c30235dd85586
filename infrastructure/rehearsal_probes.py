"""The requests of a rehearsal; it compares the responses of the deployed API with those of the embedded AWS."""

from collections.abc import Iterator

from api.definition import CALLER, COLLECTIONS, READ, WRITE, Collection
from toolkit.pipeline.rehearsal.probes import Probe, Probes

CHANGE = f"{READ} {WRITE}"
ABSENT = "00000000-0000-7000-8000-000000000000"
TOO_LARGE = 10 * 1024 * 1024 + 1
"""One byte more than the largest body of an HTTP API."""
LONG_HEADER = 10_240
_JSON = {"Content-Type": "application/json"}
_POSTED = COLLECTIONS[0].path if COLLECTIONS else CALLER
_PREFLIGHT = {"Access-Control-Request-Method": "POST"}


def _probes_of(collection: Collection) -> Iterator[Probe]:
    """Yield the requests that create, read and delete a record, and those that the service rejects."""
    path, records, body = collection.path, collection.records, collection.body("rehearsal")
    yield Probe(f"{records}: scope is missing", "POST", path, READ, body=body)
    yield Probe(f"{records}: bad body", "POST", path, CHANGE, body={**body, "rehearsal": True})
    yield Probe(f"{records}: body is not JSON", "POST", path, CHANGE, headers=_JSON, body=b"{")
    yield Probe(f"{records}: record does not exist", "GET", f"{path}/{ABSENT}", READ)
    yield Probe(f"{records}: created", "POST", path, CHANGE, body=body, creates=True)
    yield Probe(f"{records}: not modified", "GET", "{created}", READ, headers={"If-None-Match": '"1"'})
    yield Probe(f"{records}: no precondition", "DELETE", "{created}", CHANGE)
    yield Probe(f"{records}: stale precondition", "DELETE", "{created}", CHANGE, headers={"If-Match": '"9"'})
    yield Probe(f"{records}: deleted", "DELETE", "{created}", CHANGE, headers={"If-Match": '"1"'})


PROBES = Probes(
    probes=(
        Probe("health", "GET", "/health"),
        Probe("unknown route", "GET", "/rehearsal"),
        Probe("unknown method", "PATCH", CALLER),
        Probe("no token", "GET", CALLER),
        Probe("bad token", "GET", CALLER, headers={"Authorization": "Bearer bm8.bm8.bm8"}),
        Probe("preflight", "OPTIONS", CALLER, headers=_PREFLIGHT, allowed_origin=True),
        Probe("preflight from another origin", "OPTIONS", CALLER, headers=_PREFLIGHT, other_origin=True),
        Probe("cross-origin", "GET", "/health", allowed_origin=True),
        Probe("caller", "GET", CALLER, READ),
        *(probe for collection in COLLECTIONS for probe in _probes_of(collection)),
        Probe("body is too large", "POST", _POSTED, CHANGE, headers=_JSON, body=b" " * TOO_LARGE),
        Probe("header is too large", "GET", "/health", headers={"X-Rehearsal": "x" * LONG_HEADER}),
    ),
    throttled="/health",
    beside_throttled="/health/live",
)
