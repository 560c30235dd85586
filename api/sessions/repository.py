"""Sessions in DynamoDB: one `caller` record that every request counts in, and a `session#<id>` record per sign-in."""

from datetime import UTC, datetime
from typing import Any

from api.errors import UnavailableError
from api.sessions.service import KEPT, LimitReachedError, Session, SessionRevokedError, Visit
from api.table import ConditionNotMetError, Record, Table

_CALLER, _PREFIX = "caller", "session#"
_KNOWN_SESSIONS = 50
"""How many sessions a caller's record names: it is written with every request, so it stays below 4 KB."""
_ATTEMPTS = 5


class DynamoSessions:
    """The session table as a repository of sessions.

    A caller's record holds `window` and `requests` (the count), `sessions` and `revoked` (session id to epoch seconds
    until which it matters) and `revoked_before` (sessions that began until then are over).
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, visit: Visit) -> int:
        """Count the request: one conditional write, and more only for a new window or a new session."""
        for _ in range(_ATTEMPTS):
            try:
                return self._counted(self._steady(visit), "UPDATED_NEW")
            except ConditionNotMetError as refusal:
                old = refusal.old
            if old is not None:
                visit = visit._replace(window=max(visit.window, old["window"]))  # this clock may be behind another's
                _refuse(visit, old)
            try:
                return self._first(visit) if old is None else self._counted(self._next(visit, old), "ALL_NEW")
            except ConditionNotMetError:
                continue  # another request of the same caller was faster
        raise UnavailableError("Too many requests of yours at the same time.", headers={"Retry-After": "1"})

    def page(self, owner: str, after: str | None, limit: int) -> list[Session]:
        """At most `limit` sessions after the one named, by id."""
        start = None if after is None else _PREFIX + after
        records = self._table.query(owner, _PREFIX, after=start, limit=limit)
        caller = self._table.get(owner, _CALLER) or {"revoked": {}, "revoked_before": 0}
        return [_session(record, caller) for record in records]

    def revoke(self, owner: str, session_id: str, now: datetime) -> bool:
        """Revoke one session; False if there is none."""
        if self._table.get(owner, _PREFIX + session_id) is None:
            return False
        until = int((now + KEPT).timestamp())
        request = self._table.update_request(
            owner,
            _CALLER,
            "SET #revoked.#session = :until, #expires_at = :until REMOVE #sessions.#session",
            "attribute_exists(#record)",
            {":until": until},
            {"#session": session_id},
        )
        self._table.update(request)
        return True

    def revoke_all(self, owner: str, now: datetime) -> None:
        """Revoke every session that began until now."""
        caller = self._table.get(owner, _CALLER) or {"sessions": {}}
        until = int((now + KEPT).timestamp())
        known = {f"#session{index}": session_id for index, session_id in enumerate(caller["sessions"])}
        sets = ["#revoked_before = :now", "#expires_at = :until", *(f"#revoked.{name} = :until" for name in known)]
        expression = f"SET {', '.join(sets)}"
        if known:
            expression += f" REMOVE {', '.join(f'#sessions.{name}' for name in known)}"
        values: Record = {":now": int(now.timestamp()), ":until": until}
        request = self._table.update_request(owner, _CALLER, expression, "attribute_exists(#record)", values, known)
        self._table.update(request)

    def _steady(self, visit: Visit) -> dict[str, Any]:
        conditions, values, names = ["#window = :window"], {":one": 1, ":window": visit.window}, {}
        if visit.limit:
            conditions.append("#requests < :limit")
            values[":limit"] = visit.limit
        if visit.caller.session_id is not None:
            conditions += ["attribute_exists(#sessions.#session)", "#revoked_before < :signed_in_at"]
            values[":signed_in_at"] = visit.caller.signed_in_at
            names["#session"] = visit.caller.session_id
        condition = " AND ".join(conditions)
        return self._table.update_request(visit.caller.owner, _CALLER, "ADD #requests :one", condition, values, names)

    def _first(self, visit: Visit) -> int:
        until = int((visit.now + KEPT).timestamp())
        session_id = visit.caller.session_id
        self._notice(visit, until)
        record: Record = {
            "window": visit.window,
            "requests": 1,
            "sessions": {} if session_id is None else {session_id: until},
            "revoked": {},
            "revoked_before": 0,
            "expires_at": until,
        }
        self._write(visit.caller.owner, _CALLER, record, "attribute_not_exists(#record)")
        return 1

    def _next(self, visit: Visit, old: Record) -> dict[str, Any]:
        """Begin a window, notice a session, or both; drops what no longer matters."""
        until, now = int((visit.now + KEPT).timestamp()), int(visit.now.timestamp())
        session_id = visit.caller.session_id
        conditions = ["#window = :old_window"]
        sets = ["#expires_at = :until", "#window = :window"]
        values: Record = {":until": until, ":old_window": old["window"], ":window": visit.window, ":one": 1}
        names: dict[str, str] = {}
        sets.append("#requests = :one" if old["window"] < visit.window else "#requests = #requests + :one")
        new_session = session_id is not None and session_id not in old["sessions"]
        if session_id is not None:
            conditions += ["attribute_not_exists(#revoked.#session)", "#revoked_before < :signed_in_at"]
            names["#session"] = session_id
            values[":signed_in_at"] = visit.caller.signed_in_at
            if new_session:
                self._notice(visit, until)
                sets.append("#sessions.#session = :until")
        removed = []
        for index, (group, each) in enumerate(_forgettable(old, now, making_room=new_session)):
            names[f"#gone{index}"] = each
            removed.append(f"#{group}.#gone{index}")
        expression = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removed)}" if removed else "")
        condition = " AND ".join(conditions)
        return self._table.update_request(visit.caller.owner, _CALLER, expression, condition, values, names)

    def _counted(self, request: dict[str, Any], returns: str) -> int:
        # UPDATED_NEW would always do on AWS; moto leaves out what was set to its old value: a new window's first 1.
        return int(self._table.update(request, returns)["requests"])

    def _notice(self, visit: Visit, until: int) -> None:
        """Remember the session for lists; harmless if the count that follows fails."""
        if visit.caller.session_id is not None:
            session: Record = {"signed_in_at": visit.caller.signed_in_at, "expires_at": until}
            self._write(visit.caller.owner, _PREFIX + visit.caller.session_id, session, None)

    def _write(self, owner: str, record: str, attributes: Record, condition: str | None) -> None:
        """Write a record by an update: then the function needs one permission to write here, not two."""
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in attributes)
        values = {f":{name}": value for name, value in attributes.items()}
        self._table.update(self._table.update_request(owner, record, expression, condition, values))


def _refuse(visit: Visit, old: Record) -> None:
    """Raise the reason why the request may not be counted, if there is one."""
    caller = visit.caller
    if caller.session_id is not None and (
        caller.session_id in old["revoked"] or caller.signed_in_at <= old["revoked_before"]
    ):
        raise SessionRevokedError
    if visit.limit and visit.window == old["window"] and old["requests"] >= visit.limit:
        raise LimitReachedError


def _forgettable(old: Record, now: int, *, making_room: bool) -> list[tuple[str, str]]:
    """What a caller's record need not name any longer: what has expired, and the oldest session if it is full."""
    gone = [(group, each) for group in ("sessions", "revoked") for each, until in old[group].items() if until < now]
    alive = sorted((until, each) for each, until in old["sessions"].items() if until >= now)
    if making_room and len(alive) >= _KNOWN_SESSIONS:
        gone.append(("sessions", alive[0][1]))
    return gone[:_KNOWN_SESSIONS]


def _session(record: Record, caller: Record) -> Session:
    session_id = record["record"].removeprefix(_PREFIX)
    over = session_id in caller["revoked"] or record["signed_in_at"] <= caller["revoked_before"]
    return Session(session_id, datetime.fromtimestamp(record["signed_in_at"], UTC), over)
