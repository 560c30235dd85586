"""The repository of sessions: one write per request, exact counts, and revocations that hold."""

import contextlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.caller import MAX_KEY_BYTES, Caller
from api.sessions.repository import RETENTION, CountedRequest, DynamoSessions, LimitReachedError, SessionRevokedError
from api.table import Table
from infrastructure.settings.groups import SignInSettings
from tests.support.session_table import CountingClient, caller_record, size

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def client(dynamodb: Any) -> CountingClient:
    return CountingClient(dynamodb)


@pytest.fixture
def sessions(client: CountingClient, environment: dict[str, str]) -> DynamoSessions:
    return DynamoSessions(Table(client, environment["SESSIONS_TABLE"]))


@pytest.fixture
def request_of() -> Callable[..., CountedRequest]:
    """Requests of a new user."""
    owner = str(uuid.uuid4())

    def make(session: str | None = "laptop", window: int = 100, limit: int = 3, **others: Any) -> CountedRequest:
        now = others.pop("now", NOW)
        username = None if session is None else "eve"
        facts = {"signed_in_at": int(NOW.timestamp()) - 60, "groups": frozenset(), "scopes": frozenset(), **others}
        caller = Caller(owner=owner, client_id="client", username=username, session_id=session, **facts)
        return CountedRequest(caller, window, limit, now)

    return make


@pytest.mark.parametrize("limit", [0, 1000])
@pytest.mark.parametrize("session", ["laptop", None])
def test_request_of_listed_session_is_one_conditional_write(
    sessions: DynamoSessions,
    client: CountingClient,
    request_of: Callable[..., CountedRequest],
    limit: int,
    session: str | None,
) -> None:
    sessions.count(request_of(session, limit=limit))
    client.operations.clear()
    assert [sessions.count(request_of(session, limit=limit)) for _ in range(3)] == [2, 3, 4]
    assert client.operations == ["update_item"] * 3


def test_first_request_of_window_costs_one_more_write(
    sessions: DynamoSessions, client: CountingClient, request_of: Callable[..., CountedRequest]
) -> None:
    sessions.count(request_of())
    client.operations.clear()
    assert sessions.count(request_of(window=101)) == 1
    assert client.operations == ["update_item"] * 2


def test_limit_holds_until_end_of_window(sessions: DynamoSessions, request_of: Callable[..., CountedRequest]) -> None:
    assert [sessions.count(request_of()) for _ in range(3)] == [1, 2, 3]
    for session in ("laptop", "phone"):
        with pytest.raises(LimitReachedError):
            sessions.count(request_of(session))
    assert sessions.count(request_of(window=101)) == 1


def test_request_with_slow_clock_counts_in_newer_window(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest]
) -> None:
    sessions.count(request_of(window=101))
    assert [sessions.count(request_of(window=100)) for _ in range(2)] == [2, 3]
    with pytest.raises(LimitReachedError):
        sessions.count(request_of(window=100))


@pytest.mark.parametrize("known", [False, True])
def test_concurrent_first_requests_of_window_are_both_counted(
    sessions: DynamoSessions, client: CountingClient, request_of: Callable[..., CountedRequest], known: bool
) -> None:
    if known:
        sessions.count(request_of(window=99))
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    client.after(1, lambda: other.count(request_of()))
    assert sessions.count(request_of()) == 2
    assert sessions.count(request_of()) == 3


def test_revocation_holds_in_new_windows_and_beside_other_sessions(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest]
) -> None:
    sessions.count(request_of("laptop")), sessions.count(request_of("phone"))
    assert sessions.revoke(request_of().caller.owner, "phone", NOW)
    for window in range(100, 110):
        with pytest.raises(SessionRevokedError):
            sessions.count(request_of("phone", window=window))
        assert sessions.count(request_of("laptop", window=window + 1)) == 1


def test_revocation_is_kept_longer_than_any_token_is_valid() -> None:
    longest = {
        name: field["maximum"]
        for name, field in SignInSettings.model_json_schema()["properties"].items()
        if "maximum" in field
    }
    assert timedelta(days=longest["refresh-token-days"], minutes=longest["access-token-minutes"]) < RETENTION


def test_revocation_of_unknown_session_returns_false(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest]
) -> None:
    sessions.count(request_of("laptop"))
    assert not sessions.revoke(request_of().caller.owner, "tablet", NOW)
    assert sessions.count(request_of("laptop")) == 2


def test_revoking_all_sessions_revokes_every_earlier_sign_in(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest]
) -> None:
    sessions.count(request_of("laptop"))
    sessions.revoke_all(request_of().caller.owner, NOW)
    for gone in (
        request_of("laptop"),
        request_of("unseen"),
        request_of("laptop", signed_in_at=int(NOW.timestamp()) + 5),
    ):
        with pytest.raises(SessionRevokedError):
            sessions.count(gone)
    later = NOW + timedelta(seconds=5)
    assert sessions.count(request_of("new", signed_in_at=int(later.timestamp()), now=later)) == 2
    listed = {each.id: each.revoked for each in sessions.page(request_of().caller.owner, None, 10)}
    assert listed == {"laptop": True, "new": False}


def test_caller_record_lists_latest_sessions(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest]
) -> None:
    owner = request_of().caller.owner
    for index in range(20):
        sessions.count(request_of(f"session-{index}", limit=0, now=NOW + timedelta(seconds=index)))
    record = caller_record(sessions, owner)
    assert set(record["sessions"]["M"]) == {f"session-{index}" for index in range(4, 20)}
    assert sessions.count(request_of("session-0", limit=0)) == 21, "a forgotten session is named again"
    much_later = NOW + RETENTION + timedelta(days=1)
    fresh = request_of("fresh", limit=0, window=9999, now=much_later, signed_in_at=int(much_later.timestamp()))
    sessions.count(fresh)
    record = caller_record(sessions, owner)
    assert set(record["sessions"]["M"]) == {"fresh"}
    assert record["expires_at"] == {"N": str(int((much_later + RETENTION).timestamp()))}


@pytest.mark.parametrize(("session_length", "most"), [(36, 1024), (MAX_KEY_BYTES, 4096)])
def test_revoked_sessions_do_not_stay_in_caller_record(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest], session_length: int, most: int
) -> None:
    owner = request_of().caller.owner
    names = [f"{index}".zfill(session_length) for index in range(40)]
    for index, name in enumerate(names):
        sessions.count(request_of(name, limit=0))
        if index % 2:
            assert sessions.revoke(owner, name, NOW)
    record = caller_record(sessions, owner)
    assert len(record["sessions"]["M"]) >= 12
    assert size(record) <= most
    assert size({**record, "owner": {"S": "o" * MAX_KEY_BYTES}}) <= 4096
    for name in names[1::2]:
        with pytest.raises(SessionRevokedError):
            sessions.count(request_of(name, limit=0))
    for name in names[::2]:
        sessions.count(request_of(name, limit=0))


@pytest.mark.parametrize("operation", range(1, 4))
def test_session_revoked_during_its_first_request_stays_revoked(
    sessions: DynamoSessions, client: CountingClient, request_of: Callable[..., CountedRequest], operation: int
) -> None:
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    other.count(request_of("laptop", limit=0))
    for index in range(16):
        other.count(
            request_of(f"session-{index}", limit=0, now=NOW + timedelta(seconds=index + 1))
        )  # laptop is forgotten
    owner = request_of().caller.owner
    client.after(operation, lambda: other.revoke(owner, "laptop", NOW))
    with contextlib.suppress(SessionRevokedError):
        sessions.count(request_of("laptop", limit=0))
    with pytest.raises(SessionRevokedError):
        sessions.count(request_of("laptop", limit=0))


def test_concurrent_sessions_are_all_admitted_and_record_stays_small(
    sessions: DynamoSessions, client: CountingClient, request_of: Callable[..., CountedRequest]
) -> None:
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    for index in range(16):
        other.count(request_of(f"old-{index}", limit=0))

    def rush() -> None:
        for index in range(3):
            other.count(request_of(f"other-{uuid.uuid4()}-{index}", limit=0))

    for index in range(6):
        client.after(2, rush)
        assert sessions.count(request_of(f"new-{index}", limit=0))
        assert len(caller_record(sessions, request_of().caller.owner)["sessions"]["M"]) <= 16


def test_limit_holds_for_concurrent_first_requests(
    sessions: DynamoSessions, client: CountingClient, request_of: Callable[..., CountedRequest]
) -> None:
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    assert other.count(request_of("first", limit=2)) == 1
    client.after(2, lambda: other.count(request_of("second", limit=2)))
    with pytest.raises(LimitReachedError):
        sessions.count(request_of("third", limit=2))


def test_revocation_written_by_earlier_version_stays_effective(
    sessions: DynamoSessions, request_of: Callable[..., CountedRequest], dynamodb: Any
) -> None:
    until = int((NOW + RETENTION).timestamp())
    record: dict[str, Any] = {"window": 100, "requests": 1, "sessions": {"laptop": until}, "revoked_before": 0}
    record |= {"owner": request_of().caller.owner, "record": "caller", "expires_at": until}
    record["revoked"] = {"phone": until, "expired": int(NOW.timestamp()) - 1}
    Table(dynamodb, sessions._table.name).put(record, "attribute_not_exists(#record)")  # noqa: SLF001 - as an earlier version wrote
    with pytest.raises(SessionRevokedError):
        sessions.count(request_of("phone", limit=0))
    assert sessions.count(request_of("laptop", limit=0, window=101)) == 1
    assert sessions.count(request_of("tablet", limit=0, window=101)) == 2
    assert set(caller_record(sessions, request_of().caller.owner)["revoked"]["M"]) == {"phone"}
