"""An evaluation always ends: with a graph, or with one sentence."""

import os
import threading
from pathlib import Path

import pytest

from tests.support.programs import write_program
from toolkit.stacks import EvaluationError, evaluate, evaluation

SENTENCE = r"^The program of stack dev does not end; it waits or computes and registers nothing\.$"


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "import asyncio, pulumi\npulumi.export('never', pulumi.Output.from_input(asyncio.Future()))",
        "import asyncio, pulumi_aws as aws\naws.sns.Topic('news', display_name=asyncio.Future())",
        """
        import asyncio, pulumi, pulumi_aws as aws
        async def wait(args): await asyncio.Event().wait()
        aws.sns.Topic('news', opts=pulumi.ResourceOptions(transforms=[wait]))
        """,
    ],
    ids=["loop", "output", "input", "transform"],
)
def test_endless_program_fails_with_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(evaluation, "_LONGEST_IDLE_SECONDS", 2)
    before = (dict(os.environ), Path.cwd())

    with pytest.raises(EvaluationError, match=SENTENCE):
        evaluate("dev", root=write_program(tmp_path, program))
    assert (dict(os.environ), Path.cwd()) == before
    assert "evaluation" not in {thread.name for thread in threading.enumerate()}


def test_endless_registrations_fail_with_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "_LONGEST_SECONDS", 1)
    program = "import itertools, pulumi_aws as aws\nfor i in itertools.count(): aws.get_region()"

    with pytest.raises(EvaluationError, match=SENTENCE):
        evaluate("dev", root=write_program(tmp_path, program))


def test_error_in_a_thread_is_a_warning_without_a_trace(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    program = """
        import threading, pulumi
        def fail(): raise ValueError("no colour")
        thread = threading.Thread(target=fail); thread.start(); thread.join()
        pulumi.export("colour", "red")
    """
    assert evaluate("dev", root=write_program(tmp_path, program)).outputs == {"colour": "red"}
    assert caplog.messages == ["A thread of the program failed with ValueError: no colour."]
    assert "Traceback" not in capsys.readouterr().err
