"""The session table's promises: one write per request, exact counts, revocations that nothing undoes."""

import contextlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from api.caller import LONGEST_KEY, Caller
from api.sessions.repository import DynamoSessions
from api.sessions.service import KEPT, LimitReachedError, SessionRevokedError, Visit
from api.table import Table, key
from infrastructure.settings.groups import SignInSettings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class CountingClient:
    """A DynamoDB client that remembers its operations, and can let another request in after one of them."""

    def __init__(self, client: Any) -> None:
        self.client, self.operations = client, list[str]()
        self.others: list[Callable[[], Any] | None] = []

    def after(self, operation: int, other: Callable[[], Any]) -> None:
        """Let another request in after the operation of that number, from 1."""
        self.others = [None] * (operation - 1) + [other]

    def __getattr__(self, name: str) -> Any:
        if name == "exceptions":
            return self.client.exceptions
        self.operations.append(name)
        return partial(self._run, getattr(self.client, name))

    def _run(self, operation: Callable[..., Any], **request: Any) -> Any:
        try:
            return operation(**request)
        finally:
            other = self.others.pop(0) if self.others else None
            if other:
                other()


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
    client.after(1, lambda: other.count(visit()))
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
    later = NOW + timedelta(seconds=5)
    assert sessions.count(visit("new", signed_in_at=int(later.timestamp()), now=later)) == 2
    listed = {each.id: each.revoked for each in sessions.page(visit().caller.owner, None, 10)}
    assert listed == {"laptop": True, "new": False}


def caller_record(sessions: DynamoSessions, owner: str) -> dict[str, Any]:
    """What DynamoDB keeps, in its own form."""
    table = sessions._table  # noqa: SLF001 - the size of the record is the promise
    client = getattr(table._client, "client", table._client)  # noqa: SLF001 - likewise
    found = client.get_item(TableName=table.name, Key=key(owner, "caller"), ConsistentRead=True)
    record: dict[str, Any] = found.get("Item", {})
    return record


def size(attributes: dict[str, Any]) -> int:
    """The bytes that DynamoDB counts for attributes with their names.

    docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + value_size(value) for name, value in attributes.items())


def value_size(attribute: dict[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    if kind == "M":
        return 3 + len(value) + size(value)
    return len(value.encode()) if kind == "S" else len(value) // 2 + 2


def test_a_callers_record_names_the_sessions_that_called_last(
    sessions: DynamoSessions, visit: Callable[..., Visit]
) -> None:
    owner = visit().caller.owner
    for index in range(20):
        sessions.count(visit(f"session-{index}", limit=0, now=NOW + timedelta(seconds=index)))
    record = caller_record(sessions, owner)
    assert set(record["sessions"]["M"]) == {f"session-{index}" for index in range(4, 20)}
    assert sessions.count(visit("session-0", limit=0)) == 21, "a forgotten session is named again"
    much_later = NOW + KEPT + timedelta(days=1)
    fresh = visit("fresh", limit=0, window=9999, now=much_later, signed_in_at=int(much_later.timestamp()))
    sessions.count(fresh)
    record = caller_record(sessions, owner)
    assert set(record["sessions"]["M"]) == {"fresh"}
    assert record["expires_at"] == {"N": str(int((much_later + KEPT).timestamp()))}


@pytest.mark.parametrize(("session_length", "most"), [(36, 1024), (LONGEST_KEY, 4096)])
def test_revoked_sign_ins_leave_nothing_in_the_record_that_every_request_writes(
    sessions: DynamoSessions, visit: Callable[..., Visit], session_length: int, most: int
) -> None:
    owner = visit().caller.owner
    names = [f"{index}".zfill(session_length) for index in range(40)]
    for index, name in enumerate(names):
        sessions.count(visit(name, limit=0))
        if index % 2:
            assert sessions.revoke(owner, name, NOW)
    record = caller_record(sessions, owner)
    assert len(record["sessions"]["M"]) >= 12
    assert size(record) <= most
    assert size({**record, "owner": {"S": "o" * LONGEST_KEY}}) <= 4096
    for name in names[1::2]:
        with pytest.raises(SessionRevokedError):
            sessions.count(visit(name, limit=0))
    for name in names[::2]:
        sessions.count(visit(name, limit=0))


@pytest.mark.parametrize("operation", range(1, 4))
def test_a_session_that_is_revoked_while_it_is_named_stays_revoked(
    sessions: DynamoSessions, client: CountingClient, visit: Callable[..., Visit], operation: int
) -> None:
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    other.count(visit("laptop", limit=0))
    for index in range(16):
        other.count(visit(f"session-{index}", limit=0, now=NOW + timedelta(seconds=index + 1)))  # laptop is forgotten
    owner = visit().caller.owner
    client.after(operation, lambda: other.revoke(owner, "laptop", NOW))
    with contextlib.suppress(SessionRevokedError):
        sessions.count(visit("laptop", limit=0))
    with pytest.raises(SessionRevokedError):
        sessions.count(visit("laptop", limit=0))


def test_sessions_that_call_at_the_same_time_are_all_admitted_and_the_record_stays_small(
    sessions: DynamoSessions, client: CountingClient, visit: Callable[..., Visit]
) -> None:
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    for index in range(16):
        other.count(visit(f"old-{index}", limit=0))

    def rush() -> None:
        for index in range(3):
            other.count(visit(f"other-{uuid.uuid4()}-{index}", limit=0))

    for index in range(6):
        client.after(2, rush)
        assert sessions.count(visit(f"new-{index}", limit=0))
        assert len(caller_record(sessions, visit().caller.owner)["sessions"]["M"]) <= 16


def test_the_limit_holds_for_sessions_that_begin_at_the_same_time(
    sessions: DynamoSessions, client: CountingClient, visit: Callable[..., Visit]
) -> None:
    other = DynamoSessions(Table(client.client, sessions._table.name))  # noqa: SLF001 - the same table, unobserved
    assert other.count(visit("first", limit=2)) == 1
    client.after(2, lambda: other.count(visit("second", limit=2)))
    with pytest.raises(LimitReachedError):
        sessions.count(visit("third", limit=2))


def test_what_an_earlier_version_revoked_stays_revoked(
    sessions: DynamoSessions, visit: Callable[..., Visit], dynamodb: Any
) -> None:
    until = int((NOW + KEPT).timestamp())
    record: dict[str, Any] = {"window": 100, "requests": 1, "sessions": {"laptop": until}, "revoked_before": 0}
    record |= {"owner": visit().caller.owner, "record": "caller", "expires_at": until}
    record["revoked"] = {"phone": until, "expired": int(NOW.timestamp()) - 1}
    Table(dynamodb, sessions._table.name).put(record, "attribute_not_exists(#record)")  # noqa: SLF001
    with pytest.raises(SessionRevokedError):
        sessions.count(visit("phone", limit=0))
    assert sessions.count(visit("laptop", limit=0, window=101)) == 1
    assert sessions.count(visit("tablet", limit=0, window=101)) == 2
    assert set(caller_record(sessions, visit().caller.owner)["revoked"]["M"]) == {"phone"}


class Callers(RuleBasedStateMachine):
    """A caller signs in, calls, revokes and waits; the model is a set of sign-ins and a set of revoked ones."""

    sessions: DynamoSessions
    signed_in = Bundle("signed_in")

    def __init__(self) -> None:
        super().__init__()
        self.owner, self.now, self.skew = str(uuid.uuid4()), NOW, 0
        self.began: dict[str, int] = {}
        self.seen: set[str] = set()
        self.revoked: set[str] = set()
        self.revoked_before = 0

    @rule(target=signed_in, name=st.text(ID_CHARACTERS, min_size=1, max_size=LONGEST_KEY))
    def sign_in(self, name: str) -> str:
        name = name[:-8] + uuid.uuid4().hex[:8]
        self.began[name] = int(self.now.timestamp())
        return name

    @rule(targets=(), count=st.integers(1, 8))
    def sign_in_often(self, count: int) -> None:
        for _ in range(count):
            self.request(self.sign_in(name="x" * LONGEST_KEY))

    @rule(name=signed_in, limit=st.sampled_from([0, 10**6]))
    def request(self, name: str, limit: int = 0) -> None:
        if self.now.timestamp() - self.began[name] > 30 * 86_400:
            return  # its last token has expired
        facts = {"groups": frozenset[str](), "scopes": frozenset[str](), "signed_in_at": self.began[name]}
        caller = Caller(self.owner, "client", "eve", name, **facts)  # type: ignore[arg-type] # by name
        now = self.now + timedelta(seconds=self.skew)
        visit = Visit(caller, int(now.timestamp()) // 60, limit, now)
        if name in self.revoked or min(self.began[name], int(now.timestamp())) <= self.revoked_before:
            with pytest.raises(SessionRevokedError):
                self.sessions.count(visit)
        else:
            self.sessions.count(visit)
            self.seen.add(name)

    @rule(name=signed_in)
    def revoke(self, name: str) -> None:
        known = self.sessions.revoke(self.owner, name, self.now)
        assert known or name not in self.seen
        if known:
            self.revoked.add(name)

    @rule()
    def revoke_all(self) -> None:
        now = self.now + timedelta(seconds=self.skew)
        self.sessions.revoke_all(self.owner, now)
        self.revoked_before = max(self.revoked_before, int(now.timestamp()))
        self.revoked |= self.seen

    @rule(seconds=st.sampled_from([1, 1, 59, 3600, 20 * 86_400]), skew=st.sampled_from([0, -2, 2]))
    def wait(self, seconds: int, skew: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.skew = skew

    @invariant()
    def the_record_is_small(self) -> None:
        assert size(caller_record(self.sessions, self.owner)) <= 4096


def test_whatever_a_caller_does_revocations_hold_and_the_record_stays_small(
    dynamodb: Any, environment: dict[str, str]
) -> None:
    class Bound(Callers):
        sessions = DynamoSessions(Table(dynamodb, environment["SESSION_TABLE"]))

    run_state_machine_as_test(Bound, settings=settings(max_examples=6, stateful_step_count=20))
