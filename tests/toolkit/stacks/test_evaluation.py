"""A program is evaluated into a graph, whatever the caller's machine is like."""

import asyncio
import os
import socket
import sys
from pathlib import Path
from types import ModuleType

import pytest

import infrastructure.service  # noqa: F401 - the caller of one test has it imported
from tests.support.programs import write_program
from toolkit.stacks import EvaluationError, evaluate
from toolkit.stacks.preview import as_json

TWO_RESOURCES = """
    import pulumi
    import pulumi_aws as aws

    class Shelf(pulumi.ComponentResource):
        def __init__(self):
            super().__init__("sample:data:Shelf", "shelf", None, pulumi.ResourceOptions(protect=True))
            topic = aws.sns.Topic("news", opts=pulumi.ResourceOptions(
                parent=self, ignore_changes=["tags"], retain_on_delete=True,
                aliases=[pulumi.Alias(name="old-news")]))
            aws.sns.TopicPolicy("policy", arn=topic.arn, policy=pulumi.Output.json_dumps({"of": topic.arn}),
                                opts=pulumi.ResourceOptions(parent=self))
            self.register_outputs({"arn": topic.arn})

    Shelf()
"""


def test_registration_is_recorded_with_all_its_fields(tmp_path: Path) -> None:
    graph = evaluate("dev", root=write_program(tmp_path, TWO_RESOURCES))

    stack, shelf, provider, topic, policy = graph.resources
    assert (graph.project, graph.stack, stack.type) == ("sample", "dev", "pulumi:pulumi:Stack")
    assert topic.provider == f"{provider.urn}::{provider.id}"
    assert shelf.urn == "urn:pulumi:dev::sample::sample:data:Shelf::shelf"
    assert topic.urn == "urn:pulumi:dev::sample::sample:data:Shelf$aws:sns/topic:Topic::news"
    assert (topic.parent, shelf.parent, stack.parent) == (shelf.urn, stack.urn, None)
    assert (topic.custom, shelf.custom) == (True, False)
    assert (topic.protect, topic.retain_on_delete, topic.ignore_changes) == (True, True, ("tags",))
    assert topic.aliases == ("old-news",)
    assert policy.inputs["arn"] == topic.outputs["arn"] == topic.id
    assert policy.inputs["policy"] == f'{{"of": "{topic.id}"}}'
    assert policy.property_dependencies == {"arn": (topic.urn,), "policy": (topic.urn,)}
    assert policy.depends_on == (topic.urn,)
    assert shelf.outputs == {"arn": topic.id}


def test_graph_finds_resources_by_urn_type_and_parent(tmp_path: Path) -> None:
    graph = evaluate("dev", root=write_program(tmp_path, TWO_RESOURCES))

    topic = graph.of_type("aws:sns/topic:Topic")[0]
    assert graph[topic.urn] is topic
    assert topic.urn in graph
    assert "urn:pulumi:dev::sample::none" not in graph
    assert [child.name for child in graph.children(str(topic.parent))] == ["news", "policy"]


def test_stacks_are_evaluated_one_after_the_other_in_one_process(root: Path) -> None:
    regions = [
        evaluate(stack, root=root).of_type("pulumi:providers:aws")[0].inputs for stack in ("dev", "local", "dev")
    ]

    assert [inputs["region"] for inputs in regions] == ["eu-central-1", "us-east-1", "eu-central-1"]


def test_two_evaluations_of_a_stack_are_equal(root: Path) -> None:
    assert as_json(evaluate("prod", root=root), root) == as_json(evaluate("prod", root=root), root)


def test_evaluation_opens_no_socket(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("the evaluation opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(evaluate("prod", root=root).resources) > 1


def test_program_does_not_see_the_callers_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "xx-nowhere-1")
    monkeypatch.setenv("PULUMI_CONFIG", '{"sample:colour": "red"}')
    program = """
        import os
        import pulumi

        pulumi.export("colour", pulumi.Config().get("colour") or "none")
        pulumi.export("names", [name for name in os.environ if name.startswith(("AWS", "PULUMI", "PATH"))])
        pulumi.export("later", pulumi.Output.from_input(1).apply(lambda _: os.environ.get("AWS_REGION", "none")))
    """
    outputs = evaluate("dev", root=write_program(tmp_path, program)).outputs

    assert outputs == {"colour": "none", "names": [], "later": "none"}
    assert os.environ["AWS_REGION"] == "xx-nowhere-1"


def test_evaluation_restores_the_state_of_the_process(tmp_path: Path) -> None:
    before = (dict(os.environ), list(sys.path), sys.modules["__main__"], getattr(sys, "tracebacklimit", None))
    program = "import sys\nsys.path.insert(0, '/nowhere')\nimport os\nos.environ['LEFT'] = 'behind'\n"
    evaluate("dev", root=write_program(tmp_path, program))

    assert (dict(os.environ), list(sys.path), sys.modules["__main__"], getattr(sys, "tracebacklimit", None)) == before


def test_each_root_runs_its_own_program(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parents[1]))\n"
        "import pulumi\nfrom program.colour import COLOUR\npulumi.export('colour', COLOUR)\n"
    )
    colours = []
    for colour in ("red", "blue"):
        root = write_program(tmp_path / colour, program)
        (root / "program" / "colour.py").write_text(f"COLOUR = {colour!r}\n")
        colours.append(evaluate("dev", root=root).outputs["colour"])

    assert colours == ["red", "blue"]
    assert not [name for name in sys.modules if name.startswith("program")]


def test_program_in_a_nested_package_is_imported_again_with_its_package(tmp_path: Path) -> None:
    """As one root may hold a second project, whose program shares modules with the first."""
    for root, word in ((tmp_path / "one", "first"), (tmp_path / "two", "second")):
        project = root / "outer" / "inner"
        write_program(
            project,
            """
            import sys
            from pathlib import Path
            import pulumi
            sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
            from outer.shared import WORD
            pulumi.export("word", WORD)
            """,
        )
        for package in (root / "outer", project, project / "program"):
            (package / "__init__.py").touch()
        (root / "outer" / "shared.py").write_text(f"WORD = {word!r}")

        assert evaluate("dev", root=project).outputs == {"word": word}
    assert "outer" not in sys.modules


def test_callers_import_of_the_program_is_not_changed(root: Path) -> None:
    service = sys.modules["infrastructure.service"]
    evaluate("dev", root=root)

    assert sys.modules["infrastructure.service"] is service


def test_package_beside_the_program_is_imported_again_if_the_caller_imported_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(
        tmp_path,
        """
        import sys
        from pathlib import Path
        import pulumi
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        from beside import WORD
        pulumi.export("word", WORD)
        """,
    )
    (tmp_path / "program" / "__init__.py").touch()
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "__init__.py").write_text("WORD = 'own'")
    callers = ModuleType("beside")
    monkeypatch.setattr(callers, "WORD", "the caller's", raising=False)
    monkeypatch.setitem(sys.modules, "beside", callers)

    assert evaluate("dev", root=tmp_path).outputs == {"word": "own"}
    assert sys.modules["beside"] is callers


def test_evaluation_works_inside_an_event_loop(tmp_path: Path) -> None:
    root = write_program(tmp_path, TWO_RESOURCES)

    async def caller() -> int:
        return len(evaluate("dev", root=root).resources)

    assert asyncio.run(caller()) == 5


def test_config_given_by_the_caller_overrides_the_stack_file(tmp_path: Path) -> None:
    program = "import pulumi\npulumi.export('colour', pulumi.Config().require('colour'))"
    root = write_program(tmp_path, program, stack_file="config: {sample:colour: red}")

    assert evaluate("dev", root=root).outputs == {"colour": "red"}
    assert evaluate("dev", root=root, config={"sample:colour": "blue"}).outputs == {"colour": "blue"}


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import pulumi\nraise pulumi.RunError('Set the colour.')", r"^Set the colour\.$"),
        ("1 / 0", r"^The program of stack dev failed with ZeroDivisionError: .* \(program/__main__.py, line 1\)\.$"),
        ("raise SystemExit(3)", r"^The program of stack dev failed with SystemExit: 3"),
        ("def broken(", r"^The program of stack dev failed with SyntaxError"),
        (
            "import pulumi_aws as aws\naws.sns.Topic('twice')\naws.sns.Topic('twice')",
            r"^twice \(aws:sns/topic:Topic\) is registered twice",
        ),
        ("raise SystemExit('no colour')", r"^The program of stack dev failed with SystemExit: no colour"),
        ("import pulumi_nothing", r"^The program of stack dev imports pulumi_nothing \(program/__main__\.py, line 1\)"),
        (
            "import pulumi\npulumi.Config().require('colour')",
            r"^Missing required configuration variable 'sample:colour' please set",
        ),
        (
            "import pulumi\npulumi.Output.from_input(1).apply(lambda value: value / 0).apply(print)",
            r"^The program of stack dev failed with ZeroDivisionError",
        ),
    ],
)
def test_failed_evaluation_raises_one_sentence(tmp_path: Path, program: str, sentence: str) -> None:
    with pytest.raises(EvaluationError, match=sentence) as caught:
        evaluate("dev", root=write_program(tmp_path, program))
    assert "\n" not in str(caught.value)


def test_missing_program_raises_an_error_with_its_path(tmp_path: Path) -> None:
    root = write_program(tmp_path, "")
    (root / "program" / "__main__.py").unlink()

    with pytest.raises(EvaluationError, match=r"program/__main__\.py"):
        evaluate("dev", root=root)
