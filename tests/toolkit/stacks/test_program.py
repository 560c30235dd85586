"""A program is found and run as the engine's host of Python programs does it."""

import sys
import textwrap
from pathlib import Path

import pulumi
import pytest

from tests.support.programs import write_program
from toolkit.stacks import EvaluationError, evaluate

PROGRAM = """
    import os
    from pathlib import Path
    import pulumi
    import pulumi_aws as aws
    from colours import COLOUR

    aws.sns.Topic("news", display_name=COLOUR)
    pulumi.export("folder", Path.cwd().name)
    pulumi.export("code", aws.lambda_.Function(
        "worker", role="arn:aws:iam::111111111111:role/worker", code=pulumi.FileArchive("./worker")).code)
"""


def project(root: Path, main: str, runtime: str = "python") -> Path:
    """A project whose program imports a module of its own folder and reads a file there."""
    folder = root / main if not main.endswith(".py") else (root / main).parent
    folder.mkdir(parents=True, exist_ok=True)
    (root / "Pulumi.yaml").write_text(f"name: sample\nruntime: {runtime}\nmain: {main}\n")
    (root / "Pulumi.dev.yaml").write_text("config: {aws:region: eu-central-1}")
    (folder / "colours.py").write_text("COLOUR = 'red'\n")
    file = root / main if main.endswith(".py") else folder / "__main__.py"
    file.write_text(textwrap.dedent(PROGRAM))
    return root


@pytest.mark.parametrize("main", ["pulumi", ".", "deep/in/folders", "./infra/", "infra/app.py", "app.py"])
def test_program_runs_in_its_folder_with_its_own_modules(tmp_path: Path, main: str) -> None:
    graph = evaluate("dev", root=project(tmp_path, main))

    folder = (tmp_path / main).parent if main.endswith(".py") else (tmp_path / main).resolve()
    (topic,) = graph.of_type("aws:sns/topic:Topic")
    (function,) = graph.of_type("aws:lambda/function:Function")
    assert topic.inputs == {"displayName": "red"}
    assert graph.outputs["folder"] == folder.name
    assert Path(function.inputs["code"].path) == folder / "worker"
    assert graph.gaps == ()


def test_program_in_a_package_named_pulumi_does_not_replace_the_sdk(tmp_path: Path) -> None:
    root = project(tmp_path, "pulumi")
    (root / "pulumi" / "__init__.py").touch()

    assert len(evaluate("dev", root=root).of_type("aws:sns/topic:Topic")) == 1
    assert sys.modules["pulumi"] is pulumi


def test_modules_of_a_program_are_not_visible_to_the_next_program(tmp_path: Path) -> None:
    for colour in ("red", "blue"):
        root = project(tmp_path / colour, ".")
        (root / "colours.py").write_text(f"COLOUR = '{colour}'\n")
        (topic,) = evaluate("dev", root=root).of_type("aws:sns/topic:Topic")
        assert topic.inputs["displayName"] == colour
    assert "colours" not in sys.modules


def test_module_of_the_program_hides_that_of_the_caller_during_the_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers = type(sys)("colours")
    monkeypatch.setitem(sys.modules, "colours", callers)
    (topic,) = evaluate("dev", root=project(tmp_path, ".")).of_type("aws:sns/topic:Topic")

    assert topic.inputs["displayName"] == "red"
    assert sys.modules["colours"] is callers


def test_working_directory_and_arguments_are_restored(tmp_path: Path) -> None:
    before = (Path.cwd(), list(sys.argv))
    evaluate("dev", root=write_program(tmp_path, "import os, sys\nos.chdir('/')\nsys.argv.append('x')"))

    assert (Path.cwd(), list(sys.argv)) == before


def test_output_of_the_program_goes_to_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate("dev", root=write_program(tmp_path, "print('hello')"))

    assert capsys.readouterr() == ("", "hello\n")


def test_program_with_exit_code_0_succeeds(tmp_path: Path) -> None:
    program = "import sys, pulumi\npulumi.export('colour', 'red')\nsys.exit(0)\n"

    assert evaluate("dev", root=write_program(tmp_path, program)).outputs == {"colour": "red"}


def test_task_that_is_not_awaited_does_not_delay_the_end(tmp_path: Path) -> None:
    program = """
        import asyncio, pulumi
        asyncio.ensure_future(asyncio.Event().wait())
        pulumi.export("colour", "red")
    """
    assert evaluate("dev", root=write_program(tmp_path, program)).outputs == {"colour": "red"}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("runtime: nodejs", r"^Pulumi\.yaml: runtime is nodejs; only programs in python"),
        ("runtime: {name: go, options: {binary: app}}", r"^Pulumi\.yaml: runtime is go; only programs in python"),
        ("main: program", r"^Pulumi\.yaml has no `runtime`"),
        ("runtime: python\nmain: elsewhere", r"^Pulumi\.yaml: main is elsewhere, and there is no program elsewhere;"),
        ("runtime: {name: python}\nmain: .", r"^Pulumi\.yaml: main is \., and there is no program __main__\.py;"),
    ],
)
def test_project_that_cannot_be_run_is_refused_in_one_sentence(tmp_path: Path, written: str, sentence: str) -> None:
    root = write_program(tmp_path, "", project=f"name: sample\n{written}\n")

    with pytest.raises(EvaluationError, match=sentence) as caught:
        evaluate("dev", root=root)
    assert "\n" not in str(caught.value)


def test_program_that_registers_nothing_is_a_gap(tmp_path: Path) -> None:
    graph = evaluate("dev", root=write_program(tmp_path, "import pulumi"))

    (gap,) = graph.gaps
    assert str(gap) == "program/__main__.py registers no resource and no output"
    assert gap.hides_resources
