"""The program reports an invalid stack in sentences, and runs as the Pulumi engine runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pulumi_aws as aws
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from api.definition import FUNCTIONS
from tests.support.stacks import ROOT
from toolkit.stacks import EvaluationError, ResourceGraph, evaluate
from toolkit.stacks.settings import Region

SETTINGS = "items-api:settings"


def settings_of(root: Path, stack: str, **changes: object) -> dict[str, str]:
    written = yaml.safe_load((root / f"Pulumi.{stack}.yaml").read_text())["config"][SETTINGS]
    return {SETTINGS: json.dumps({**written, **changes})}


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        *(
            (
                {"aws:region": region},
                rf"^Pulumi\.prod\.yaml: aws:region is '{region}': this is not an AWS region such as",
            )
            for region in ("mars", "eu-centrall-1", "cn-north-1", "us-gov-west-1", "")
        ),
        ({SETTINGS: "{"}, r"^Pulumi\.prod\.yaml: items-api:settings is '\{': Invalid JSON"),
        ({SETTINGS: "[]"}, r"^Pulumi\.prod\.yaml: items-api:settings is \[\]: it should be an object\.$"),
        (
            {"items-api:cursor-key": "short-but-shown-nowhere"},
            r"^items-api:cursor-key has 23 bytes, not 32 or more; set",
        ),
    ],
)
def test_invalid_config_is_rejected_with_one_sentence(root: Path, config: dict[str, str], sentence: str) -> None:
    with pytest.raises(EvaluationError, match=sentence) as caught:
        evaluate("prod", root=root, config=config)
    assert "short-but-shown-nowhere" not in str(caught.value)


def test_regions_outside_partition_aws_are_rejected() -> None:
    elsewhere = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")

    def is_taken(region: str) -> bool:
        try:
            return bool(TypeAdapter(Region).validate_python(region))
        except ValidationError:
            return False

    assert [region for region in aws.Region if is_taken(region) == region.startswith(elsewhere)] == []


def test_settings_of_another_stack_are_rejected(root: Path) -> None:
    config = settings_of(root, "dev")

    with pytest.raises(
        EvaluationError, match=r"^Pulumi\.prod\.yaml: environment is 'dev'; it must be the stack's name"
    ):
        evaluate("prod", root=root, config=config)


def personal_stack(folder: Path, stack: str, shared: str) -> ResourceGraph:
    """The resources of a stack whose file is a copy of a shared stack's."""
    shutil.copytree(ROOT / "infrastructure", folder / "infrastructure")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    shutil.copy(ROOT / f"Pulumi.{shared}.yaml", folder / f"Pulumi.{stack}.yaml")
    return evaluate(stack, root=folder)


def test_personal_stack_has_the_settings_of_dev_and_any_name(tmp_path: Path) -> None:
    graph = personal_stack(tmp_path, "dev-ana", shared="dev")

    assert {group.inputs["name"] for group in graph.of_type("aws:cloudwatch/logGroup:LogGroup")} == {
        "/items-api/dev-ana/function",
        "/aws/vendedlogs/items-api/dev-ana/access",
        *(f"/items-api/dev-ana/{function.name}" for function in FUNCTIONS),
    }


def test_personal_stack_with_the_environment_of_a_shared_one_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"^Pulumi\.ana\.yaml: environment is 'prod'; a personal stack has the"):
        personal_stack(tmp_path, "ana", shared="prod")


def test_all_invalid_settings_are_reported_at_once(root: Path) -> None:
    config = settings_of(root, "prod", owner="", colour="red")

    with pytest.raises(EvaluationError) as caught:
        evaluate("prod", root=root, config=config)
    assert [line.split(" ")[1:4] for line in str(caught.value).splitlines()] == [
        ["owner", "is", "'':"],
        ["unknown", "key", "colour;"],
    ]


def test_program_imports_its_modules_from_its_own_folder(root: Path, tmp_path: Path) -> None:
    """Run the program as the engine does: from its folder, without the root on the path."""
    code = (
        "import runpy, pulumi\n"
        "try:\n    runpy.run_path('.', run_name='__main__')\n"
        "except pulumi.RunError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", code],
        cwd=root / "infrastructure",
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
    )
    assert (
        done.stdout == "Pulumi.stack.yaml: config has no items-api:settings; docs/settings.schema.json describes it.\n"
    )


def test_program_has_at_most_15_lines(root: Path) -> None:
    lines = (root / "infrastructure/__main__.py").read_text().splitlines()
    assert len(lines) <= 15
