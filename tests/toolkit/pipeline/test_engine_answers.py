"""What the Pulumi CLI prints is data: an answer of another form is refused in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolkit.engine import EngineError
from toolkit.engine.runs import StackRun, backend_url, stacks_in_backend

EVENT = {"resourcePreEvent": {"metadata": {"op": "create", "urn": "urn:a::b", "type": "t"}}}
ASKED: dict[str, Callable[[Path], object]] = {
    "whoami": backend_url,
    "ls": stacks_in_backend,
    "export": lambda root: StackRun("dev", root).export(),
    "output": lambda root: StackRun("dev", root).outputs(),
    "preview": lambda root: StackRun("dev", root).preview(),
}
DAMAGED = [
    "",
    "5",
    '"x"',
    "null",
    "[5]",
    "[[]]",
    "[" * 100_000,
    "9" * 5_000,
    '{"a": ',
    '{"a": NaN}',
    "\x1b[31m",
    "\xff",
]


@pytest.fixture
def prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a CLI that answers to everything with this text, as an event log where it is asked for one."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def install(text: str, code: int = 0) -> None:
        (tmp_path / "answer").write_bytes(text.encode("latin-1"))
        log = 'while [ $# -gt 0 ]; do [ "$1" = --event-log ] && cp "${0%/*}/answer" "$2"; shift; done'
        (tmp_path / "pulumi").write_text(f'#!/bin/bash\ncat "${{0%/*}}/answer"; {log}; exit {code}\n')
        (tmp_path / "pulumi").chmod(0o755)

    return install


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("text", DAMAGED)
def test_malformed_output_of_the_engine_is_refused(
    asked: str, text: str, prints: Callable[..., None], tmp_path: Path
) -> None:
    prints(text)
    if asked == "preview" and not text:
        return  # a log without events
    with pytest.raises(EngineError, match="pulumi") as refused:
        ASKED[asked](tmp_path)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("asked", "document"),
    [
        ("whoami", {"url": 5}),
        ("ls", [{"name": None}]),
        ("export", {"deployment": None}),
        ("export", {"deployment": {"resources": [{"urn": 5, "type": "t"}]}}),
        ("export", {"deployment": {"pending_operations": [{"type": "creating"}]}}),
        ("output", ["x"]),
        ("preview", {"resourcePreEvent": {"metadata": {"op": "create"}}}),
        ("preview", {"policyEvent": {"message": 5}}),
        ("preview", {"diagnosticEvent": {"severity": "error", "message": None}}),
    ],
)
def test_output_of_the_engine_in_another_form_is_refused(
    asked: str, document: Any, prints: Callable[..., None], tmp_path: Path
) -> None:
    prints(json.dumps(document))
    with pytest.raises(EngineError, match="has another form"):
        ASKED[asked](tmp_path)


def test_steps_before_a_truncated_event_are_read(prints: Callable[..., None], tmp_path: Path) -> None:
    prints(f'{json.dumps(EVENT)}\n{{"resourcePreEv', code=137)
    run = StackRun("dev", tmp_path).preview()
    assert (run.code, run.operations) == (137, {"urn:a::b": "create"})


def test_line_separator_inside_an_event_does_not_end_it(prints: Callable[..., None], tmp_path: Path) -> None:
    event = {"diagnosticEvent": {"severity": "error", "message": "a\u0085b"}}
    prints(json.dumps(event, ensure_ascii=False).encode().decode("latin-1"), code=1)
    assert StackRun("dev", tmp_path).preview().errors == ("a\u0085b",)
