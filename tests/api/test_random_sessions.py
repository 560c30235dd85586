"""In random sequences of calls, revocations hold and the record of the caller stays small."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from api.caller import MAX_KEY_BYTES, Caller
from api.sessions.repository import CountedRequest, DynamoSessions, SessionRevokedError
from api.table import Table
from tests.support.session_table import caller_record, size

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


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

    @rule(target=signed_in, name=st.text(ID_CHARACTERS, min_size=1, max_size=MAX_KEY_BYTES))
    def sign_in(self, name: str) -> str:
        name = name[:-8] + uuid.uuid4().hex[:8]
        self.began[name] = int(self.now.timestamp())
        return name

    @rule(targets=(), count=st.integers(1, 8))
    def sign_in_often(self, count: int) -> None:
        for _ in range(count):
            self.request(self.sign_in(name="x" * MAX_KEY_BYTES))

    @rule(name=signed_in, limit=st.sampled_from([0, 10**6]))
    def request(self, name: str, limit: int = 0) -> None:
        if self.now.timestamp() - self.began[name] > 30 * 86_400:
            return  # its last token has expired
        facts = {"groups": frozenset[str](), "scopes": frozenset[str](), "signed_in_at": self.began[name]}
        caller = Caller(self.owner, "client", "eve", name, **facts)  # type: ignore[arg-type] # by name
        now = self.now + timedelta(seconds=self.skew)
        request = CountedRequest(caller, int(now.timestamp()) // 60, limit, now)
        if name in self.revoked or min(self.began[name], int(now.timestamp())) <= self.revoked_before:
            with pytest.raises(SessionRevokedError):
                self.sessions.count(request)
        else:
            self.sessions.count(request)
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


def test_random_calls_keep_revocations_and_record_size(dynamodb: Any, environment: dict[str, str]) -> None:
    class Bound(Callers):
        sessions = DynamoSessions(Table(dynamodb, environment["SESSIONS_TABLE"]))

    run_state_machine_as_test(Bound, settings=settings(max_examples=6, stateful_step_count=20))
