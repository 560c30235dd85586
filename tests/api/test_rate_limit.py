"""The rate limit per caller."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.caller import Caller
from api.errors import RateLimitedError
from api.pages import Cursors
from api.sessions.repository import CountedRequest, LimitReachedError
from api.sessions.service import SessionService
from tests.support.events import machine_claims, user_claims
from tests.support.responses import Answer

Call = Callable[..., Answer]
ME = "/api/v1/me"


def test_caller_beyond_the_limit_gets_429_and_others_do_not(start: Callable[..., Call]) -> None:
    call, claims = start(RATE_LIMIT_PER_MINUTE="2"), user_claims(f"eve-{uuid.uuid4()}")
    answers = [call("GET", ME, claims=claims) for _ in range(5)]  # a minute may end between two of them
    assert answers[0].headers["ratelimit-limit"] == "2"
    assert answers[0].headers["ratelimit-remaining"] == "1"
    refused = next(answer for answer in answers if answer.status == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-remaining"] == "0"
    assert refused.headers["ratelimit-reset"] == refused.headers["retry-after"]
    assert call("GET", ME, claims=user_claims(f"bob-{uuid.uuid4()}")).status == 200
    assert call("GET", ME, claims=machine_claims("items/read", client_id=uuid.uuid4().hex)).status == 200
    assert call("GET", "/health").status == 200


def test_disabled_rate_limit_rejects_no_caller(call: Call) -> None:
    claims = user_claims(f"eve-{uuid.uuid4()}")
    answers = [call("GET", ME, claims=claims) for _ in range(4)]
    assert {answer.status for answer in answers} == {200}
    assert not any(name.startswith("ratelimit") for name in answers[-1].headers)


def test_start_of_the_function_does_not_count_as_a_request(
    start: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        start(RATE_LIMIT_PER_MINUTE="1")
    assert "RequestRateLimited" not in capsys.readouterr().out


NOBODY = Caller("machine", "machine", None, None, 0, frozenset(), frozenset())


class ExhaustedRepository:
    """A repository without requests left in any window; it records the requested windows."""

    def __init__(self) -> None:
        self.windows: list[int] = []

    def count(self, request: CountedRequest) -> int:
        self.windows.append(request.window)
        raise LimitReachedError


@pytest.mark.parametrize(("second", "wait", "window"), [(0, "60", 0), (59, "1", 0), (60, "60", 1)])
def test_retry_after_is_the_end_of_the_window(second: int, wait: str, window: int) -> None:
    begin = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
    exhausted = ExhaustedRepository()
    repository: Any = exhausted
    service = SessionService(repository, Cursors(bytes), lambda: datetime.fromtimestamp(begin + second, UTC), 5)
    with pytest.raises(RateLimitedError, match=f"Try again in {wait} seconds") as refused:
        service.admit(NOBODY)
    assert refused.value.headers["Retry-After"] == refused.value.headers["ratelimit-reset"] == wait
    assert exhausted.windows == [begin // 60 + window]
