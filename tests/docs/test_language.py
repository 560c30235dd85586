"""Names, messages and documents are plain technical English; tests/docs/language.py holds the lists."""

import subprocess
from pathlib import Path

import pytest

from tests.docs.language import (
    BANNED_WORDS,
    banned_identifiers,
    banned_phrases,
    identifier_parts,
    is_prose,
    long_sentences,
    prose_of_module,
)

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")
    if (ROOT / name).is_file()
]  # fmt: skip
MODULES = [path for path in TRACKED if path.suffix == ".py" and not path.match("tests/docs/*language.py")]
DOCUMENTS = [path for path in TRACKED if is_prose(path)]


def test_no_identifier_has_a_banned_word() -> None:
    found = {
        str(path.relative_to(ROOT)): sorted(set(names))
        for path in MODULES
        if (names := list(banned_identifiers(path.read_text())))
    }
    assert found == {}


def test_no_file_name_has_a_banned_word() -> None:
    assert [str(path.relative_to(ROOT)) for path in TRACKED if identifier_parts(path.stem) & BANNED_WORDS] == []


def test_no_docstring_comment_or_message_has_a_banned_phrase() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {phrase}"
        for path in MODULES
        for text in prose_of_module(path.read_text())
        for phrase in banned_phrases(text)
    ]
    assert found == []


def test_no_document_or_workflow_has_a_banned_phrase() -> None:
    texts = [*DOCUMENTS, *(path for path in TRACKED if path.suffix in {".yml", ".yaml", ".json"})]
    found = [
        f"{path.relative_to(ROOT)}: {phrase}"
        for path in texts
        if path.name not in {"CHANGELOG.md"} and "sarif-2.1.0" not in path.name
        for phrase in banned_phrases(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_of_a_document_is_too_long(path: Path) -> None:
    assert long_sentences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The rule judges the table.", ["judges"]),
        ("No such thing of yours.", ["No such thing", "of yours"]),
        ("The amendment of a dependency is a dearth of doors.", []),
        ("The request fails with 403.", []),
        ("`judged-at-update` is judged.", ["judged"]),
    ],
)
def test_only_banned_phrases_are_found(text: str, found: list[str]) -> None:
    assert banned_phrases(text) == found


def test_an_identifier_is_split_at_case_and_underscore() -> None:
    assert identifier_parts("ImaginedCloud") == {"imagined", "cloud"}
    assert identifier_parts("_is_told_ARN") == {"is", "told", "arn"}


def test_a_sentence_is_measured_without_code_and_addresses() -> None:
    words = " ".join(["word"] * 20)
    assert long_sentences(f"- {words}.\n- `{words} {words}` is one. {words} more.") == [f"{words} more."]
