"""The requests of a rehearsal; it compares the responses of the deployed API with those of the embedded AWS."""

from toolkit.pipeline.rehearsal.probes import Probe, Probes

ITEMS = "/api/v1/items"
READ, WRITE = "items/read", "items/read items/write"
ABSENT_ITEM = f"{ITEMS}/00000000-0000-7000-8000-000000000000"
TOO_LARGE = 10 * 1024 * 1024 + 1
"""One byte more than the largest body of an HTTP API."""
LONG_HEADER = 10_240
_JSON = {"Content-Type": "application/json"}
_PREFLIGHT = {"Access-Control-Request-Method": "POST"}

PROBES = Probes(
    probes=(
        Probe("health", "GET", "/health"),
        Probe("unknown route", "GET", "/rehearsal"),
        Probe("unknown method", "PATCH", ITEMS),
        Probe("no token", "GET", ITEMS),
        Probe("bad token", "GET", ITEMS, headers={"Authorization": "Bearer bm8.bm8.bm8"}),
        Probe("scope is missing", "POST", ITEMS, READ, body={"name": "Rehearsal"}),
        Probe("preflight", "OPTIONS", ITEMS, headers=_PREFLIGHT, allowed_origin=True),
        Probe("preflight from another origin", "OPTIONS", ITEMS, headers=_PREFLIGHT, other_origin=True),
        Probe("cross-origin", "GET", "/health", allowed_origin=True),
        Probe("caller", "GET", "/api/v1/me", READ),
        Probe("bad body", "POST", ITEMS, WRITE, body={"name": ""}),
        Probe("body is not JSON", "POST", ITEMS, WRITE, headers=_JSON, body=b"{"),
        Probe("item does not exist", "GET", ABSENT_ITEM, READ),
        Probe("created", "POST", ITEMS, WRITE, body={"name": "Rehearsal"}, creates=True),
        Probe("not modified", "GET", "{created}", READ, headers={"If-None-Match": '"1"'}),
        Probe("no precondition", "DELETE", "{created}", WRITE),
        Probe("stale precondition", "DELETE", "{created}", WRITE, headers={"If-Match": '"9"'}),
        Probe("deleted", "DELETE", "{created}", WRITE, headers={"If-Match": '"1"'}),
        Probe("body is too large", "POST", ITEMS, WRITE, headers=_JSON, body=b" " * TOO_LARGE),
        Probe("header is too large", "GET", "/health", headers={"X-Rehearsal": "x" * LONG_HEADER}),
    ),
    throttled="/health",
    beside_throttled="/health/live",
)
