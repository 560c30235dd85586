from collections.abc import Iterator

import pytest

from pipeline.github import GitHub, GitHubError, NotAllowedError, TroubleError
from tests.support.github_stand_in import REPOSITORY, Failure, Repository, github_stand_in


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github_stand_in() as found:
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
    assert [comment["body"] for comment in github.all("/issues/1/comments")] == [str(number) for number in range(305)]


@pytest.mark.parametrize("elsewhere", ["http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_a_next_page_elsewhere_is_not_asked_for(github: GitHub, repository: Repository, elsewhere: str) -> None:
    for number in range(105):
        repository.say(1, str(number))
    repository.url = elsewhere
    assert len(list(github.all("/issues/1/comments"))) == 100


@pytest.mark.parametrize("status", [500, 502, 503])
def test_reading_is_tried_again_when_github_fails(
    github: GitHub, repository: Repository, waits: list[float], status: int
) -> None:
    repository.failures.append(Failure("GET", "/labels", status, times=2))
    assert github.get("/labels/drift")["name"] == "drift"
    assert waits == [2, 4]


def test_trying_again_has_an_end(github: GitHub, repository: Repository, waits: list[float]) -> None:
    repository.failures.append(Failure("GET", "/labels", 500, times=99))
    with pytest.raises(TroubleError, match="answered 500 to GET /repos/example/items-api/labels/drift"):
        github.get("/labels/drift")
    assert len(waits) == 3


def test_what_may_have_been_made_is_not_made_again(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("POST", "/labels", 502, times=9, done=True))
    with pytest.raises(TroubleError):
        github.post("/labels", {"name": "once"})
    assert repository.labels.count("once") == 1


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_is_waited_for_as_long_as_github_says(
    github: GitHub, repository: Repository, waits: list[float], status: int
) -> None:
    repository.failures.append(Failure("POST", "/labels", status, headers={"Retry-After": "7"}))
    github.post("/labels", {"name": "new"})
    assert waits == [7]
    assert repository.labels == ["drift", "new"]


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "3600"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"}]
)
def test_a_limit_that_lasts_too_long_is_not_waited_for(
    github: GitHub, repository: Repository, waits: list[float], headers: dict[str, str]
) -> None:
    repository.failures.append(Failure("GET", "/labels", 403, headers=headers))
    with pytest.raises(GitHubError, match="rate limit is used up"):
        github.get("/labels/drift")
    assert waits == []


def test_a_refusal_is_no_limit(github: GitHub, repository: Repository, waits: list[float]) -> None:
    repository.failures.append(Failure("GET", "/labels", 403))
    with pytest.raises(NotAllowedError):
        github.get("/labels/drift")
    assert waits == []


def test_github_that_is_not_there_is_told() -> None:
    nowhere = GitHub(REPOSITORY, "token", "http://127.0.0.1:9", sleep=lambda _seconds: None)
    with pytest.raises(TroubleError, match="cannot be reached"):
        nowhere.get("/labels/drift")


def test_the_token_is_shown_nowhere(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("GET", "/labels", 422))
    with pytest.raises(GitHubError) as caught:
        github.get("/labels/drift")
    assert "secret-token" not in f"{github!r} {caught.value}"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "GITHUB_TOKEN and GITHUB_REPOSITORY must be set"),
        ({"GITHUB_TOKEN": "t"}, "GITHUB_REPOSITORY must be set"),
        ({"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "alone"}, "write owner/name"),
    ],
)
def test_an_environment_without_its_variables_is_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(GitHubError, match=words):
        GitHub.of_environment()
