from collections.abc import Iterator

import pytest

from tests.support.github_fake import BOT, REPOSITORY, Failure, Repository, github_fake
from toolkit.pipeline.dossier.publishing import Publication, publish, unbuilt
from toolkit.pipeline.dossier.rendering import COMMENT_CHARACTERS, marker
from toolkit.pipeline.github.client import GitHub, NotAllowedError, NotFoundError, UnknownEffectError

HEAD, NEWER = "a" * 40, "c" * 40


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github_fake() as found:
        found.pulls[7] = HEAD
        yield found


@pytest.fixture
def github(repository: Repository) -> GitHub:
    return GitHub(REPOSITORY, "token", repository.url, sleep=lambda _seconds: None)


def dossier(words: str = "all is well", commit: str = HEAD) -> Publication:
    return Publication("shop", commit, f"{marker('shop')}\n## shop: ready\n\n{words}\n")


def ours(repository: Repository) -> list[str]:
    return [comment["body"] for comment in repository.comments if (comment["body"] or "").startswith(marker("shop"))]


def test_first_run_creates_one_comment(github: GitHub, repository: Repository) -> None:
    publish(github, 7, dossier())
    (body,) = ours(repository)
    assert body == f"{marker('shop')}\n<!-- commit {HEAD} -->\n## shop: ready\n\nall is well\n"


def test_second_run_edits_the_comment(github: GitHub, repository: Repository) -> None:
    publish(github, 7, dossier())
    publish(github, 7, dossier("something else"))
    (body,) = ours(repository)
    assert "something else" in body
    assert "all is well" not in body


def test_comment_is_found_among_hundreds(github: GitHub, repository: Repository) -> None:
    for number in range(250):
        repository.say(7, f"comment {number}", "ana")
    publish(github, 7, dossier())
    publish(github, 7, dossier("again"))
    assert len(ours(repository)) == 1


def test_comment_without_author_or_text_is_not_edited(github: GitHub, repository: Repository) -> None:
    orphan = repository.say(7, f"{marker('shop')}\nof a deleted account", None)
    repository.say(7, None)
    publish(github, 7, dossier())
    assert len(ours(repository)) == 2  # the orphan and the new one
    assert orphan["body"].endswith("of a deleted account")


def test_comment_is_truncated_to_the_limit_of_github(github: GitHub, repository: Repository) -> None:
    publish(github, 7, dossier("\U0001f534" * 65_536))
    assert len(repository.comments) == 1


def test_comment_of_another_author_is_not_edited(github: GitHub, repository: Repository) -> None:
    theirs = repository.say(7, f"{marker('shop')}\nI look like you", "ana")
    publish(github, 7, dossier())
    assert theirs["body"].endswith("I look like you")
    assert [comment["user"]["login"] for comment in repository.comments] == ["ana", BOT]


def test_quotation_of_the_dossier_is_not_edited(github: GitHub, repository: Repository) -> None:
    quoted = repository.say(7, f"> {marker('shop')}", BOT)
    publish(github, 7, dossier())
    assert quoted["body"] == f"> {marker('shop')}"


def test_personal_token_edits_its_own_comment(github: GitHub, repository: Repository) -> None:
    repository.login = "ana"
    publish(github, 7, dossier())
    publish(github, 7, dossier("again"))
    assert len(ours(repository)) == 1


def test_dossier_of_an_older_commit_is_marked_stale(github: GitHub, repository: Repository) -> None:
    repository.pulls[7] = NEWER
    publish(github, 7, dossier())
    (body,) = ours(repository)
    assert "**Stale**: this describes `aaaaaaaaaaaa`, but the branch is at `cccccccccccc`." in body


def test_older_run_that_ends_last_keeps_the_newer_comment(github: GitHub, repository: Repository) -> None:
    repository.pulls[7] = NEWER
    publish(github, 7, dossier("new", NEWER))
    assert "is not changed" in publish(github, 7, dossier("old"))
    assert "new" in ours(repository)[0]


def test_missing_dossier_replaces_an_older_comment(github: GitHub, repository: Repository) -> None:
    publish(github, 7, dossier())
    publish(github, 7, unbuilt("shop", HEAD))
    (body,) = ours(repository)
    assert "there is no dossier" in body
    assert "all is well" not in body


def test_stale_mark_fits_into_the_longest_comment(github: GitHub, repository: Repository) -> None:
    repository.pulls[7] = NEWER
    publish(github, 7, dossier("x" * (COMMENT_CHARACTERS - 1_600)))
    assert ours(repository)[0].endswith("xxx\n")


def test_comment_written_despite_an_error_is_not_written_twice(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("POST", "/comments", 502, done=True))
    publish(github, 7, dossier())
    assert len(ours(repository)) == 1


def test_comment_not_written_at_first_is_written_on_retry(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("POST", "/comments", 502))
    publish(github, 7, dossier())
    assert len(ours(repository)) == 1


def test_repeated_failures_of_github_are_reported(github: GitHub, repository: Repository) -> None:
    repository.failures.append(Failure("POST", "/comments", 502, times=9))
    with pytest.raises(UnknownEffectError, match="run the job again"):
        publish(github, 7, dossier())


def test_read_only_token_is_reported(github: GitHub, repository: Repository) -> None:
    repository.reads_only = True
    with pytest.raises(NotAllowedError):
        publish(github, 7, dossier())


def test_missing_pull_request_is_reported(github: GitHub) -> None:
    with pytest.raises(NotFoundError, match="/pulls/8 was not found"):
        publish(github, 8, dossier())
