"""Sessions through the Lambda handler, on the tables of the embedded AWS."""

import time
import uuid
from collections.abc import Callable

import pytest

from tests.support.events import SIGNED_IN_AT, machine_claims, user_claims
from tests.support.responses import Answer

Call = Callable[..., Answer]
ME, SESSIONS = "/api/v1/me", "/api/v1/sessions"


@pytest.fixture
def name() -> str:
    """The name of a new user."""
    return f"eve-{uuid.uuid4()}"


def test_revoked_session_is_rejected_at_once_and_others_are_not(call: Call, name: str) -> None:
    laptop, phone = user_claims(name, session="laptop"), user_claims(name, session="phone")
    assert [call("GET", ME, claims=claims).status for claims in (laptop, phone)] == [200, 200]
    assert call("DELETE", f"{SESSIONS}/phone", claims=laptop).status == 204

    refused = call("GET", ME, claims=phone)
    assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    refreshed = user_claims(name, session="phone", auth_time=str(SIGNED_IN_AT + 999))
    assert call("GET", ME, claims=refreshed).status == 401
    assert call("GET", ME, claims=laptop).status == 200
    assert call("DELETE", f"{SESSIONS}/phone", claims=laptop).status == 204, "revoking again changes nothing"


def test_list_of_sessions_has_current_and_revoked(call: Call, name: str) -> None:
    laptop, phone = user_claims(name, session="laptop"), user_claims(name, session="phone")
    call("GET", ME, claims=phone)
    call("DELETE", f"{SESSIONS}/phone", claims=laptop)
    listed = call("GET", SESSIONS, claims=laptop).json
    assert [(each["id"], each["current"], each["revoked"]) for each in listed["sessions"]] == [
        ("laptop", True, False),
        ("phone", False, True),
    ]
    first = call("GET", SESSIONS, claims=laptop, query={"limit": "1"}).json
    second = call("GET", SESSIONS, claims=laptop, query={"cursor": first["next_cursor"]}).json
    assert first["sessions"] + second["sessions"] == listed["sessions"]


def test_revoking_all_sessions_revokes_sessions_without_requests(call: Call, name: str) -> None:
    laptop, unseen = user_claims(name, session="laptop"), user_claims(name, session="unseen")
    assert call("DELETE", SESSIONS, claims=laptop).status == 204
    later = str(SIGNED_IN_AT * 2)  # the sign-in's clock is ahead
    refreshed = user_claims(name, session="laptop", auth_time=later)
    assert [call("GET", ME, claims=claims).status for claims in (laptop, unseen, refreshed)] == [401, 401, 401]
    revoked = int(time.time())
    while int(time.time()) == revoked:
        time.sleep(0.05)
    assert call("GET", ME, claims=user_claims(name, session="new", auth_time=later)).status == 200


def test_session_of_another_user_is_not_listed_and_not_revocable(call: Call, name: str) -> None:
    call("GET", ME, claims=user_claims(name, session="mine"))
    mallory = user_claims(f"mallory-{name}", session="other")
    assert call("DELETE", f"{SESSIONS}/mine", claims=mallory).status == 404
    assert [each["id"] for each in call("GET", SESSIONS, claims=mallory).json["sessions"]] == ["other"]
    assert call("GET", ME, claims=user_claims(name, session="mine")).status == 200


def test_machine_client_has_no_sessions(call: Call) -> None:
    machine = machine_claims("items/read", "items/write")
    for method, path in (("GET", SESSIONS), ("DELETE", SESSIONS), ("DELETE", f"{SESSIONS}/any")):
        assert call(method, path, claims=machine).status == 403
    assert call("GET", ME, claims=machine).json["kind"] == "machine"
