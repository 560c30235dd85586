from collections.abc import Iterator

import pytest

from tests.support.github_fake import REPOSITORY, Failure, Repository, github_fake
from toolkit.pipeline.github.client import GitHub, GitHubError, NotAllowedError, UnknownEffectError
from toolkit.pipeline.github.responses import Comment, Named


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github_fake() as found:
        found.labels.append("drift")
        yield found


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def github(repository: Repository, waits: list[float]) -> GitHub:
    return GitHub(REPOSITORY, "secret-token", repository.url, sleep=waits.append)


def test_every_page_of_a_list_is_read(github: GitHub, repository: Repository) -> None:
    for number in range(305):
        repository.say(1, str(number))
    assert [comment.body for comment in github.all("/issues/1/comments", Comment)] == [
        str(number) for number in range(305)
    ]


@pytest.mark.parametrize("elsewhere", ["http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_next_page_at_another_host_is_not_requested(github: GitHub, repository: Repository, elsewhere: str) -> None:
    for number in range(105):
        repository.say(1, str(number))
    repository.url = elsewhere
    assert len(list(github.all("/issues/1/comments", Comment))) == 100


@pytest.mark.parametrize("status", [500, 502, 503])
def test_get_is_repeated_after_a_server_error(
    github: GitHub, repository: Repository, waits: list[float], status: int
) -> None:
    repository.failures.append(Failure("GET", "/labels", status, times=2))
    assert github.get("/labels/drift", Named).name == "drift"
    assert waits == [2, 4]


def test_get_is_repeated_at_most_three_times(github: GitHub, repository: Repository, waits: list[float]) -> None:
    repository.failures.append(Failure("GET", "/labels", 500, times=99))
    with pytest.raises(UnknownEffectError, match="answered 500 to GET /repos/example/items-api/labels/drift"):
        github.get("/labels/drift", Named)
    assert len(waits) == 3


def test_post_of_unknown_effect_is_not_repeated(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("POST", "/labels", 502, times=9, done=True))
    with pytest.raises(UnknownEffectError):
        github.post("/labels", {"name": "once"}, Named)
    assert repository.labels.count("once") == 1


@pytest.mark.parametrize("status", [403, 429])
def test_rate_limit_waits_for_the_time_that_github_gives(
    github: GitHub, repository: Repository, waits: list[float], status: int
) -> None:
    repository.failures.append(Failure("POST", "/labels", status, headers={"Retry-After": "7"}))
    github.post("/labels", {"name": "new"}, Named)
    assert waits == [7]
    assert repository.labels == ["drift", "new"]


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "3600"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"}]
)
def test_rate_limit_beyond_the_longest_wait_is_an_error(
    github: GitHub, repository: Repository, waits: list[float], headers: dict[str, str]
) -> None:
    repository.failures.append(Failure("GET", "/labels", 403, headers=headers))
    with pytest.raises(GitHubError, match="rate limit is used up"):
        github.get("/labels/drift", Named)
    assert waits == []


@pytest.mark.parametrize("said", ["nan", "inf", "-inf", "soon"])
@pytest.mark.parametrize("header", ["Retry-After", "X-RateLimit-Reset"])
def test_rate_limit_with_a_malformed_time_waits_for_a_minute(
    github: GitHub, repository: Repository, waits: list[float], said: str, header: str
) -> None:
    headers = {"X-RateLimit-Remaining": "0", header: said}
    repository.failures.append(Failure("GET", "/labels", 403, headers=headers))
    assert github.get("/labels/drift", Named).name == "drift"
    assert waits == [60]


def test_next_page_at_an_invalid_address_is_an_error(github: GitHub, repository: Repository) -> None:
    for number in range(105):
        repository.say(1, str(number))
    repository.url = "http://[::1"
    with pytest.raises(GitHubError, match="names no valid address of its next page"):
        list(github.all("/issues/1/comments", Comment))


def test_missing_permission_is_not_a_rate_limit(github: GitHub, repository: Repository, waits: list[float]) -> None:
    repository.failures.append(Failure("GET", "/labels", 403, message="Resource not accessible by integration"))
    with pytest.raises(NotAllowedError):
        github.get("/labels/drift", Named)
    assert waits == []


SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
ABUSE = "You have triggered an abuse detection mechanism. Please retry your request again later."


@pytest.mark.parametrize("message", [SECONDARY, ABUSE])
@pytest.mark.parametrize("status", [403, 429])
def test_secondary_limit_without_a_time_waits_longer_each_time_and_is_reported(
    repository: Repository, waits: list[float], status: int, message: str
) -> None:
    reported: list[str] = []
    github = GitHub(REPOSITORY, "token", repository.url, sleep=waits.append, report=reported.append)
    repository.failures.append(Failure("POST", "/labels", status, times=2, message=message))
    github.post("/labels", {"name": "new"}, Named)
    assert waits == [60, 120]
    assert reported == [f"GitHub limits the calls: waiting {wait} s before the next attempt" for wait in (60, 120)]


def test_lasting_secondary_limit_is_a_rate_limit_error(
    github: GitHub, repository: Repository, waits: list[float]
) -> None:
    repository.failures.append(Failure("POST", "/labels", 403, times=99, message=SECONDARY))
    with pytest.raises(GitHubError, match="rate limit is used up") as caught:
        github.post("/labels", {"name": "new"}, Named)
    assert not isinstance(caught.value, NotAllowedError)
    assert sum(waits) <= 240


REFUSALS = [
    (403, "Unable to create comment because issue is locked.", {}, "the conversation is locked: unlock it"),
    (403, "Resource protected by organization SAML enforcement.", {}, "asks for single sign-on"),
    (403, "Forbidden", {"X-GitHub-SSO": "required; url=https://github.com/orgs/x/sso"}, "asks for single sign-on"),
    (403, "the `x` organization has an IP allow list enabled", {}, "IP allow list does not hold this machine"),
    (403, "Repository was archived so is read-only.", {}, "the repository is archived"),
    (403, "Something new", {}, "answered 403 to POST /repos/example/items-api/labels: Something new"),
    (403, "\x1b[31mred\x00 " + "long" * 200, {}, r"\[31mred long.*…"),
    (401, "Bad credentials", {}, "wrong, revoked or expired"),
    (422, "Validation Failed", {}, "Validation Failed"),
    (301, "Moved Permanently", {"Location": "http://127.0.0.1:9/"}, "set GITHUB_REPOSITORY to its new name"),
    (302, "Found", {"Location": "https://evil.example/"}, "set GITHUB_REPOSITORY to its new name"),
]


@pytest.mark.parametrize(("status", "message", "headers", "words"), REFUSALS)
def test_refused_call_reports_its_reason(
    github: GitHub,
    repository: Repository,
    waits: list[float],
    status: int,
    message: str,
    headers: dict[str, str],
    words: str,
) -> None:
    repository.failures.append(Failure("POST", "/labels", status, message=message, headers=headers))
    with pytest.raises(GitHubError, match=words) as caught:
        github.post("/labels", {"name": "new"}, Named)
    assert not isinstance(caught.value, NotAllowedError)
    assert "\x1b" not in str(caught.value)
    assert waits == []


def test_missing_permission_is_reported_also_with_an_exhausted_limit(github: GitHub, repository: Repository) -> None:
    message, headers = "Resource not accessible by integration", {"X-RateLimit-Remaining": "0"}
    repository.failures.append(Failure("POST", "/labels", 403, message=message, headers=headers))
    with pytest.raises(NotAllowedError):
        github.post("/labels", {"name": "new"}, Named)


NO_JSON = [b"<html>Unicorn!</html>", b'{"name": "dri', b"", b"[" * 100_000]


@pytest.mark.parametrize("content", NO_JSON)
def test_get_is_repeated_after_a_response_without_json(
    github: GitHub, repository: Repository, waits: list[float], content: bytes
) -> None:
    repository.failures.append(Failure("GET", "/labels", 200, content=content))
    assert github.get("/labels/drift", Named).name == "drift"
    assert waits == [2]


@pytest.mark.parametrize("content", NO_JSON)
def test_post_with_a_response_without_json_is_not_repeated(
    github: GitHub, repository: Repository, content: bytes
) -> None:
    repository.failures.append(Failure("POST", "/labels", 201, content=content, done=True))
    with pytest.raises(UnknownEffectError, match="without JSON"):
        github.post("/labels", {"name": "once"}, Named)
    assert repository.labels.count("once") == 1


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b'{"name": null}', b"{}", b'{"name": {"a": 1}}'])
def test_malformed_object_is_an_error(github: GitHub, repository: Repository, content: bytes) -> None:
    repository.failures.append(Failure("GET", "/labels", 200, content=content))
    with pytest.raises(GitHubError, match="GET /labels/drift has another form"):
        github.get("/labels/drift", Named)


@pytest.mark.parametrize("content", [b"{}", b"1", b'{"a": [], "b": []}', b'{"message": "no"}'])
def test_malformed_list_is_an_error(github: GitHub, repository: Repository, content: bytes) -> None:
    repository.failures.append(Failure("GET", "/comments", 200, content=content))
    with pytest.raises(GitHubError, match="is no list"):
        list(github.all("/issues/1/comments", Comment))


def test_unreachable_github_is_reported() -> None:
    nowhere = GitHub(REPOSITORY, "token", "http://127.0.0.1:9", sleep=lambda _seconds: None)
    with pytest.raises(UnknownEffectError, match="cannot be reached"):
        nowhere.get("/labels/drift", Named)


def test_token_is_not_in_representation_or_error(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("GET", "/labels", 422))
    with pytest.raises(GitHubError) as caught:
        github.get("/labels/drift", Named)
    assert "secret-token" not in f"{github!r} {caught.value}"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "GITHUB_TOKEN and GITHUB_REPOSITORY must be set"),
        ({"GITHUB_TOKEN": "t"}, "GITHUB_REPOSITORY must be set"),
        ({"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "alone"}, "write owner/name"),
    ],
)
def test_missing_or_malformed_variables_are_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(GitHubError, match=words):
        GitHub.of_environment()
