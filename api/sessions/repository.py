"""Sessions in DynamoDB: a `caller` record with the count of requests, and a `session#<id>` record per sign-in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from api.caller import Caller
from api.errors import UnavailableError
from api.table import ConditionNotMetError, Record, Table

RETENTION = timedelta(days=31)
"""Longer than a refresh token (30 days at most) and its last access token are valid, so a revocation is never lost."""
_CALLER, _PREFIX = "caller", "session#"
_MAX_LISTED_SESSIONS = 16
"""The most session ids in a caller's record: with Cognito's ids (UUIDs) the record is smaller than 1 KB, which is one
write unit (docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
"""
_MAX_REMOVED = 50
_ATTEMPTS, _LISTING_ATTEMPTS = 5, 2


class SessionRevokedError(Exception):
    """The caller's session was revoked."""


class LimitReachedError(Exception):
    """The caller has no requests left in this window."""


class CountedRequest(NamedTuple):
    """A request of a caller that is to be counted."""

    caller: Caller
    window: int
    """Minutes since the epoch."""
    limit: int
    """Requests per window; 0 for no limit."""
    now: datetime

    @property
    def began(self) -> int:
        """The start of the session in epoch seconds; not after this request, even if another clock is wrong."""
        return min(self.caller.signed_in_at, int(self.now.timestamp()))


@dataclass(frozen=True)
class Session:
    """A sign-in that has called this service."""

    id: str
    signed_in_at: datetime
    revoked: bool


class DynamoSessions:
    """The repository of sessions in the session table.

    A caller's record has `window` and `requests` (the count), `sessions` (session id to its expiry in epoch seconds),
    `revoked_before` (sessions that began until then are revoked) and `revocations` (their number). The record of a
    session has `signed_in_at` and, after its revocation, `revoked`.

    A caller's record lists admitted sessions only. A request of another session first writes the record of that
    session, which fails for a revoked one, and then adds it to the list if no revocation happened in between.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, request: CountedRequest) -> int:
        """Count the request: one conditional write, and more only for a new window or a session that is not listed.

        A request counts twice if a response of DynamoDB was lost: the limit is then reached one request earlier.
        Return the number of requests in the window. Raise SessionRevokedError, LimitReachedError.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return self._requests_after(self._increment(request), "UPDATED_NEW")
            except ConditionNotMetError as failure:
                old = failure.old
            if old is not None:
                # This clock may be behind another's.
                request = request._replace(window=max(request.window, old["window"]))
                _raise_if_rejected(request, old)
            try:
                if old is None:
                    return self._create_caller(request)
                # If many sessions call at once, they are admitted without being listed.
                return self._requests_after(
                    self._update_caller(request, old, listing=attempt < _LISTING_ATTEMPTS), "ALL_NEW"
                )
            except ConditionNotMetError:
                continue  # another request of the same caller was first
        raise UnavailableError("Too many requests of this caller at the same time.", headers={"Retry-After": "1"})

    def page(self, owner: str, after: str | None, limit: int) -> list[Session]:
        """Return at most `limit` sessions after the given id, in the order of their ids."""
        start = None if after is None else _PREFIX + after
        records = self._table.query(owner, _PREFIX, after=start, limit=limit)
        caller = self._table.get(owner, _CALLER) or {"revoked_before": 0}
        return [_session(record, caller) for record in records]

    def revoke(self, owner: str, session_id: str, now: datetime) -> bool:
        """Revoke a session. Return False if it does not exist. Both writes can be repeated, in this order."""
        until = int((now + RETENTION).timestamp())
        known = "attribute_exists(#record)"
        expression = "SET #revoked = :until, #expires_at = :until"
        try:
            self._update(owner, _PREFIX + session_id, expression, known, {":until": until})
        except ConditionNotMetError:
            return False
        expression = "REMOVE #sessions.#session ADD #revocations :one"
        self._update(owner, _CALLER, expression, known, {":one": 1}, {"#session": session_id})
        return True

    def revoke_all(self, owner: str, now: datetime) -> None:
        """Revoke every session that began until now, also those that never called this service."""
        before = int(now.timestamp())
        values: Record = {":until": int((now + RETENTION).timestamp()), ":none": {}, ":zero": 0, ":one": 1}
        expression = (
            "SET #revoked_before = :before, #sessions = :none, #expires_at = :until,"
            " #window = if_not_exists(#window, :zero), #requests = if_not_exists(#requests, :zero),"
            " #revoked = if_not_exists(#revoked, :none) ADD #revocations :one"
        )
        condition = "attribute_not_exists(#record) OR #revoked_before <= :before"
        while True:
            try:
                self._update(owner, _CALLER, expression, condition, {**values, ":before": before})
                return
            except ConditionNotMetError as failure:
                before = (failure.old or {})["revoked_before"]  # another clock is ahead of this one

    def _increment(self, request: CountedRequest) -> dict[str, Any]:
        conditions, values, names = ["#window = :window"], {":one": 1, ":window": request.window}, {}
        if request.limit:
            conditions.append("#requests < :limit")
            values[":limit"] = request.limit
        if request.caller.session_id is not None:
            conditions.append("attribute_exists(#sessions.#session)")
            names["#session"] = request.caller.session_id
        condition = " AND ".join(conditions)
        return self._table.update_request(request.caller.owner, _CALLER, "ADD #requests :one", condition, values, names)

    def _create_caller(self, request: CountedRequest) -> int:
        until = int((request.now + RETENTION).timestamp())
        session_id = request.caller.session_id
        self._write_session(request, until, revoked_before=0)
        record: Record = {
            "window": request.window,
            "requests": 1,
            "sessions": {} if session_id is None else {session_id: until},
            "revoked": {},  # for the previous version, in case of a rollback
            "revoked_before": 0,
            "revocations": 0,
            "expires_at": until,
        }
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in record)
        values = {f":{name}": value for name, value in record.items()}
        self._update(request.caller.owner, _CALLER, expression, "attribute_not_exists(#record)", values)
        return 1

    def _update_caller(self, request: CountedRequest, old: Record, *, listing: bool) -> dict[str, Any]:
        """Begin a window, list a session, or both, and remove expired sessions. Raise SessionRevokedError."""
        until, now = int((request.now + RETENTION).timestamp()), int(request.now.timestamp())
        session_id = request.caller.session_id
        conditions = ["#window = :old_window"]
        sets = ["#expires_at = :until", "#window = :window"]
        values: Record = {":until": until, ":old_window": old["window"], ":window": request.window, ":one": 1}
        names: dict[str, str] = {}
        if "revocations" in old:
            conditions.append("#revocations = :revocations")
            values[":revocations"] = old["revocations"]
        else:  # written by an earlier version
            conditions.append("attribute_not_exists(#revocations)")
        if old["window"] < request.window:
            sets.append("#requests = :one")
        else:
            sets.append("#requests = #requests + :one")
            if request.limit:
                conditions.append("#requests < :limit")
                values[":limit"] = request.limit
        if session_id is not None and session_id not in old["sessions"]:
            self._write_session(request, until, old["revoked_before"])
        else:
            listing = False
        removed = _removable(old, now, making_room=listing)
        names |= {f"#removed{index}": each for index, (_, each) in enumerate(removed)}
        if listing and session_id is not None:
            names["#session"] = session_id
            sets.append("#sessions.#session = :until")
            listed = [f"#sessions.#removed{index}" for index, (group, _) in enumerate(removed) if group == "sessions"]
            conditions += ["size(#sessions) <= :most", *(f"attribute_exists({each})" for each in listed)]
            values[":most"] = _MAX_LISTED_SESSIONS - 1 + len(listed)
        expression = f"SET {', '.join(sets)}"
        if removed:
            paths = [f"#{group}.#removed{index}" for index, (group, _) in enumerate(removed)]
            expression += f" REMOVE {', '.join(paths)}"
        condition = " AND ".join(conditions)
        return self._table.update_request(request.caller.owner, _CALLER, expression, condition, values, names)

    def _requests_after(self, request: dict[str, Any], returns: str) -> int:
        # UPDATED_NEW is enough on AWS; moto omits a value that did not change, such as the first 1 of a new window.
        return int(self._table.update(request, returns)["requests"])

    def _write_session(self, request: CountedRequest, until: int, revoked_before: int) -> None:
        """Write the record of the session. Raise SessionRevokedError if it is revoked."""
        if request.caller.session_id is None:
            return
        try:
            self._update(
                request.caller.owner,
                _PREFIX + request.caller.session_id,
                "SET #signed_in_at = if_not_exists(#signed_in_at, :began), #expires_at = :until",
                "attribute_not_exists(#revoked)"
                " AND (attribute_not_exists(#signed_in_at) OR #signed_in_at > :revoked_before)",
                {":began": request.began, ":until": until, ":revoked_before": revoked_before},
            )
        except ConditionNotMetError:
            raise SessionRevokedError from None

    def _update(
        self,
        owner: str,
        record: str,
        expression: str,
        condition: str,
        values: Record,
        names: dict[str, str] | None = None,
    ) -> None:
        """Update a record; with updates alone the function needs one write permission on this table."""
        self._table.update(self._table.update_request(owner, record, expression, condition, values, names))


def _raise_if_rejected(request: CountedRequest, old: Record) -> None:
    """Raise SessionRevokedError or LimitReachedError if the request may not be counted."""
    session_id = request.caller.session_id
    if session_id is not None and (request.began <= old["revoked_before"] or _was_revoked(old, session_id)):
        raise SessionRevokedError
    if request.limit and request.window == old["window"] and old["requests"] >= request.limit:
        raise LimitReachedError


def _was_revoked(caller: Record, session_id: str) -> bool:
    """Return whether an earlier version of this service, which used the caller's record, revoked the session."""
    return session_id in caller.get("revoked", {})


def _removable(old: Record, now: int, *, making_room: bool) -> list[tuple[str, str]]:
    """Return what can be removed from a caller's record: expired sessions, and the oldest ones if it is full."""
    groups = [(group, old.get(group, {})) for group in ("sessions", "revoked")]
    removed = [(group, each) for group, named in groups for each, until in named.items() if until < now]
    valid = sorted((until, each) for each, until in old["sessions"].items() if until >= now)
    if making_room:
        removed = [("sessions", each) for _, each in valid[: max(0, len(valid) - _MAX_LISTED_SESSIONS + 1)]] + removed
    return removed[:_MAX_REMOVED]


def _session(record: Record, caller: Record) -> Session:
    session_id = record["record"].removeprefix(_PREFIX)
    revoked = (
        "revoked" in record or record["signed_in_at"] <= caller["revoked_before"] or _was_revoked(caller, session_id)
    )
    return Session(session_id, datetime.fromtimestamp(record["signed_in_at"], UTC), revoked)
