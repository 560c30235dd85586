"""The session table's promises: one write per request, exact counts, revocations that nothing undoes."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from api.caller import Caller
from api.sessions.repository import DynamoSessions
from api.sessions.service import KEPT, LimitReachedError, SessionRevokedError, Visit
from api.table import Table
from infrastructure.settings.groups import SignInSettings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class CountingClient:
    """A DynamoDB client that remembers its operations, and can let another request in after the first."""

    def __init__(self, client: Any) -> None:
        self.client, self.operations = client, list[str]()
        self.after_first: Callable[[], Any] | None = None

    def __getattr__(self, name: str) -> Any:
        if name == "exceptions":
            return self.client.exceptions
        self.operations.append(name)
        return partial(self._run, getattr(self.client, name))

    def _run(self, operation: Callable[..., Any], **request: Any) -> Any:
        try:
            return operation(**request)
        finally:
            after, self.after_first = self.after_first, None
            if after:
                after()


@pytest.fixture
def client(dynamodb: Any) -> CountingClient:
    return CountingClient(dynamodb)


@pytest.fixture
def sessions(client: CountingClient, environment: dict[str, str]) -> DynamoSessions:
    return DynamoSessions(Table(client, environment["SESSION_TABLE"]))


@pytest.fixture
def visit() -> Callable[..., Visit]:
    """Visits of a user nobody has seen yet."""
    owner = str(uuid.uuid4())

    def make(session: str | None = "laptop", window: int = 100, limit: int = 3, **others: Any) -> Visit:
        now = others.pop("now", NOW)
        username = None if session is None else "eve"
        facts = {"signed_in_at": int(NOW.timestamp()) - 60, "groups": frozenset(), "scopes": frozenset(), **others}
        caller = Caller(owner=owner, client_id="client", username=username, session_id=session, **facts)
        return Visit(caller, window, limit, now)

    return make


@pytest.mark.parametrize("limit", [0, 1000])
@pytest.mark.parametrize("session", ["laptop", None])
def test_a_request_in_the_steady_state_is_one_conditional_write(
    sessions: DynamoSessions, client: CountingClient, visit: Callable[..., Visit], limit: int, session: str | None
) -> None:
    sessions.count(visit(session, limit=limit))
    client.operations.clear()
    assert [sessions.count(visit(session, limit=limit)) for _ in range(3)] == [2, 3, 4]
    assert client.operations == ["update_item"] * 3


def test_a_new_window_costs_one_write_more(
    sessions: DynamoSessions, client: CountingClient, visit: Callable[..., Visit]
) -> None:
    sessions.count(visit())
    client.operations.clear()
    assert sessions.count(visit(window=101)) == 1
    assert client.operations == ["update_item"] * 2


def test_the_limit_holds_until_the_window_ends(sessions: DynamoSessions, visit: Callable[..., Visit]) -> None:
    assert [sessions.count(visit()) for _ in range(3)] == [1, 2, 3]
    for session in ("laptop", "phone"):
        with pytest.raises(LimitReachedError):
            sessions.count(visit(session))
    assert sessions.count(visit(window=101)) == 1


def test_a_clock_behind_counts_in_the_newer_window(sessions: DynamoSessions, visit: Callable[..., Visit]) -> None:
    sessions.count(visit(window=101))
    assert [sessions.count(visit(window=100)) for _ in range(2)] == [2, 3]
    with pytest.raises(LimitReachedError):
        sessions.count(visit(window=100))


@pytest.mark.parametrize("known", [False, True])
def test_of_two_requests_that_begin_a_window_both_are_counted(
    sessions: DynamoSessions, client: CountingClient, visit: Callable[..., Visit], known: bool
) -> None:
    if known:
        sessions.count(visit(window=99))
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    client.after_first = lambda: other.count(visit())
    assert sessions.count(visit()) == 2
    assert sessions.count(visit()) == 3


def test_a_revocation_outlives_new_windows_and_other_sessions(
    sessions: DynamoSessions, visit: Callable[..., Visit]
) -> None:
    sessions.count(visit("laptop")), sessions.count(visit("phone"))
    assert sessions.revoke(visit().caller.owner, "phone", NOW)
    for window in range(100, 110):
        with pytest.raises(SessionRevokedError):
            sessions.count(visit("phone", window=window))
        assert sessions.count(visit("laptop", window=window + 1)) == 1


def test_a_revocation_outlives_every_token_that_a_stack_can_give() -> None:
    longest = {
        name: field["maximum"]
        for name, field in SignInSettings.model_json_schema()["properties"].items()
        if "maximum" in field
    }
    assert timedelta(days=longest["refresh-token-days"], minutes=longest["access-token-minutes"]) < KEPT


def test_an_unknown_session_cannot_be_revoked(sessions: DynamoSessions, visit: Callable[..., Visit]) -> None:
    sessions.count(visit("laptop"))
    assert not sessions.revoke(visit().caller.owner, "tablet", NOW)
    assert sessions.count(visit("laptop")) == 2


def test_revoking_all_holds_for_every_sign_in_until_now(sessions: DynamoSessions, visit: Callable[..., Visit]) -> None:
    sessions.count(visit("laptop"))
    sessions.revoke_all(visit().caller.owner, NOW)
    for gone in (visit("laptop"), visit("unseen"), visit("laptop", signed_in_at=int(NOW.timestamp()) + 5)):
        with pytest.raises(SessionRevokedError):
            sessions.count(gone)
    assert sessions.count(visit("new", signed_in_at=int(NOW.timestamp()) + 5)) == 2
    listed = {each.id: each.revoked for each in sessions.page(visit().caller.owner, None, 10)}
    assert listed == {"laptop": True, "new": False}


def test_a_callers_record_stays_small(sessions: DynamoSessions, visit: Callable[..., Visit], dynamodb: Any) -> None:
    for index in range(55):
        sessions.count(visit(f"session-{index}", limit=0, now=NOW + timedelta(seconds=index)))
    much_later = NOW + KEPT + timedelta(days=1)
    table = Table(dynamodb, sessions._table.name)  # noqa: SLF001 - the size of the record is the promise
    record = table.get(visit().caller.owner, "caller")
    assert record is not None
    assert len(record["sessions"]) == 50
    assert sessions.count(visit("session-0", limit=0)) == 56, "a forgotten session is noticed again"
    sessions.count(visit("fresh", limit=0, window=9999, now=much_later))
    record = table.get(visit().caller.owner, "caller")
    assert record is not None
    assert list(record["sessions"]) == ["fresh"]
    assert record["expires_at"] == int((much_later + KEPT).timestamp())
