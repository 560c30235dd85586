"""Sessions in DynamoDB: one `caller` record that every request counts in, and a `session#<id>` record per sign-in."""

from datetime import UTC, datetime
from typing import Any

from api.errors import UnavailableError
from api.sessions.service import KEPT, LimitReachedError, Session, SessionRevokedError, Visit
from api.table import ConditionNotMetError, Record, Table

_CALLER, _PREFIX = "caller", "session#"
_KNOWN_SESSIONS = 16
"""How many sessions a caller's record names: with Cognito's session ids (UUIDs) the record stays below 1 KB, which is
one write unit (docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
"""
_MOST_REMOVED = 50
_ATTEMPTS, _NAMING_ATTEMPTS = 5, 2


class DynamoSessions:
    """The session table as a repository of sessions.

    A caller's record holds `window` and `requests` (the count), `sessions` (session id to the epoch seconds until which
    it matters), `revoked_before` (sessions that began until then are over) and `revocations` (their number). The own
    record of a session holds `signed_in_at` and, once it is revoked, `revoked`.

    A caller's record names admitted sessions only. A request of another session writes that session's own record, which
    refuses a revoked one, and then names it, unless the number of revocations has changed since.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, visit: Visit) -> int:
        """Count the request: one conditional write, and more only for a new window or a session that is not named.

        A request whose response from DynamoDB was lost may count twice: the limit then comes one request earlier.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return self._counted(self._steady(visit), "UPDATED_NEW")
            except ConditionNotMetError as refusal:
                old = refusal.old
            if old is not None:
                visit = visit._replace(window=max(visit.window, old["window"]))  # this clock may be behind another's
                _refuse(visit, old)
            try:
                if old is None:
                    return self._first(visit)
                # Where many sessions call at once, they are admitted without a name rather than refused.
                return self._counted(self._next(visit, old, naming=attempt < _NAMING_ATTEMPTS), "ALL_NEW")
            except ConditionNotMetError:
                continue  # another request of the same caller was faster
        raise UnavailableError("Too many requests of yours at the same time.", headers={"Retry-After": "1"})

    def page(self, owner: str, after: str | None, limit: int) -> list[Session]:
        """At most `limit` sessions after the one named, by id."""
        start = None if after is None else _PREFIX + after
        records = self._table.query(owner, _PREFIX, after=start, limit=limit)
        caller = self._table.get(owner, _CALLER) or {"revoked_before": 0}
        return [_session(record, caller) for record in records]

    def revoke(self, owner: str, session_id: str, now: datetime) -> bool:
        """Revoke one session; False if there is none. Both writes can be repeated, and the order is what holds."""
        until = int((now + KEPT).timestamp())
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
        """Revoke every session that began until now."""
        before = int(now.timestamp())
        values: Record = {":until": int((now + KEPT).timestamp()), ":none": {}, ":zero": 0, ":one": 1}
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
            except ConditionNotMetError as refusal:
                before = (refusal.old or {})["revoked_before"]  # another clock is ahead of this one

    def _steady(self, visit: Visit) -> dict[str, Any]:
        conditions, values, names = ["#window = :window"], {":one": 1, ":window": visit.window}, {}
        if visit.limit:
            conditions.append("#requests < :limit")
            values[":limit"] = visit.limit
        if visit.caller.session_id is not None:
            conditions.append("attribute_exists(#sessions.#session)")
            names["#session"] = visit.caller.session_id
        condition = " AND ".join(conditions)
        return self._table.update_request(visit.caller.owner, _CALLER, "ADD #requests :one", condition, values, names)

    def _first(self, visit: Visit) -> int:
        until = int((visit.now + KEPT).timestamp())
        session_id = visit.caller.session_id
        self._look_up(visit, until, revoked_before=0)
        record: Record = {
            "window": visit.window,
            "requests": 1,
            "sessions": {} if session_id is None else {session_id: until},
            "revoked": {},  # read by the version before, which a rollback brings back
            "revoked_before": 0,
            "revocations": 0,
            "expires_at": until,
        }
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in record)
        values = {f":{name}": value for name, value in record.items()}
        self._update(visit.caller.owner, _CALLER, expression, "attribute_not_exists(#record)", values)
        return 1

    def _next(self, visit: Visit, old: Record, *, naming: bool) -> dict[str, Any]:
        """Begin a window, name a session, or both; drops what no longer matters. Raises SessionRevokedError."""
        until, now = int((visit.now + KEPT).timestamp()), int(visit.now.timestamp())
        session_id = visit.caller.session_id
        conditions = ["#window = :old_window"]
        sets = ["#expires_at = :until", "#window = :window"]
        values: Record = {":until": until, ":old_window": old["window"], ":window": visit.window, ":one": 1}
        names: dict[str, str] = {}
        if "revocations" in old:
            conditions.append("#revocations = :revocations")
            values[":revocations"] = old["revocations"]
        else:  # written by an earlier version
            conditions.append("attribute_not_exists(#revocations)")
        if old["window"] < visit.window:
            sets.append("#requests = :one")
        else:
            sets.append("#requests = #requests + :one")
            if visit.limit:
                conditions.append("#requests < :limit")
                values[":limit"] = visit.limit
        if session_id is not None and session_id not in old["sessions"]:
            self._look_up(visit, until, old["revoked_before"])
        else:
            naming = False
        removed = _forgettable(old, now, making_room=naming)
        names |= {f"#gone{index}": each for index, (_, each) in enumerate(removed)}
        if naming and session_id is not None:
            names["#session"] = session_id
            sets.append("#sessions.#session = :until")
            gone = [f"#gone{index}" for index, (group, _) in enumerate(removed) if group == "sessions"]
            conditions += ["size(#sessions) <= :most", *(f"attribute_exists(#sessions.{each})" for each in gone)]
            values[":most"] = _KNOWN_SESSIONS - 1 + len(gone)
        expression = f"SET {', '.join(sets)}"
        if removed:
            expression += f" REMOVE {', '.join(f'#{group}.#gone{index}' for index, (group, _) in enumerate(removed))}"
        condition = " AND ".join(conditions)
        return self._table.update_request(visit.caller.owner, _CALLER, expression, condition, values, names)

    def _counted(self, request: dict[str, Any], returns: str) -> int:
        # UPDATED_NEW would always do on AWS; moto leaves out what was set to its old value: a new window's first 1.
        return int(self._table.update(request, returns)["requests"])

    def _look_up(self, visit: Visit, until: int, revoked_before: int) -> None:
        """Keep the session for lists, if it is not revoked; raises SessionRevokedError."""
        if visit.caller.session_id is None:
            return
        try:
            self._update(
                visit.caller.owner,
                _PREFIX + visit.caller.session_id,
                "SET #signed_in_at = if_not_exists(#signed_in_at, :began), #expires_at = :until",
                "attribute_not_exists(#revoked)"
                " AND (attribute_not_exists(#signed_in_at) OR #signed_in_at > :revoked_before)",
                {":began": visit.began, ":until": until, ":revoked_before": revoked_before},
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
        """Write by updates alone: then the function needs one permission to write here, not two."""
        self._table.update(self._table.update_request(owner, record, expression, condition, values, names))


def _refuse(visit: Visit, old: Record) -> None:
    """Raise the reason why the request may not be counted, if there is one."""
    session_id = visit.caller.session_id
    if session_id is not None and (visit.began <= old["revoked_before"] or _was_revoked(old, session_id)):
        raise SessionRevokedError
    if visit.limit and visit.window == old["window"] and old["requests"] >= visit.limit:
        raise LimitReachedError


def _was_revoked(caller: Record, session_id: str) -> bool:
    """Return whether an earlier version of this service revoked the session: it kept them in the caller's record."""
    return session_id in caller.get("revoked", {})


def _forgettable(old: Record, now: int, *, making_room: bool) -> list[tuple[str, str]]:
    """What a caller's record need not name any longer: what has expired, and the oldest sessions if it is full."""
    groups = [(group, old.get(group, {})) for group in ("sessions", "revoked")]
    gone = [(group, each) for group, named in groups for each, until in named.items() if until < now]
    alive = sorted((until, each) for each, until in old["sessions"].items() if until >= now)
    if making_room:
        gone = [("sessions", each) for _, each in alive[: max(0, len(alive) - _KNOWN_SESSIONS + 1)]] + gone
    return gone[:_MOST_REMOVED]


def _session(record: Record, caller: Record) -> Session:
    session_id = record["record"].removeprefix(_PREFIX)
    over = "revoked" in record or record["signed_in_at"] <= caller["revoked_before"] or _was_revoked(caller, session_id)
    return Session(session_id, datetime.fromtimestamp(record["signed_in_at"], UTC), over)
