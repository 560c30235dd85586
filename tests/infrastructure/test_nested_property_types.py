"""`make types` rejects a nested property that the types of the SDK do not have."""

import re
import subprocess
import sys
from collections.abc import Set

import pytest

from tests.support.stacks import ROOT

MODULE = "infrastructure/__main__.py"  # nothing imports it, so that nothing else is checked anew
STAGE = 'aws.apigatewayv2.Stage("a", api_id="a", {})'
TABLE = 'aws.dynamodb.Table("a", attributes={})'
POOL = 'aws.cognito.UserPool("a", account_recovery_setting={})'
HEADER = ["from typing import Any", "import pulumi_aws as aws"]

WRONG = {
    "a misspelt key": [STAGE.format('default_route_settings={"throttling_rate_limt": 1}')],
    "a value of another type": [STAGE.format('default_route_settings={"throttling_rate_limit": "many"}')],
    "a missing key": [STAGE.format('access_log_settings={"format": "a"}')],
    "a misspelt key in a list": [TABLE.format('[{"name": "a", "type": "S"}, {"name": "b", "tpe": "S"}]')],
    "a value of another type in a list": [TABLE.format('[{"name": "a", "type": 1}]')],
    "a missing key in a list": [TABLE.format('[{"name": "a"}]')],
    "a misspelt key in a list made from others": [TABLE.format('[{"name": name, "tpe": "S"} for name in "ab"]')],
    "a misspelt key two levels down": [
        POOL.format('{"recovery_mechanisms": [{"nme": "verified_email", "priority": 1}]}'),
    ],
    "a dict kept in a variable": [
        'kept = {"throttling_rate_limt": 1}',
        STAGE.format("default_route_settings=kept"),
    ],
    "a misspelt key in what a function returns": [
        "def misspelt() -> aws.apigatewayv2.StageDefaultRouteSettingsArgsDict:",
        '    return {"throttling_rate_limt": 1}',
    ],
    "a function that does not say what it returns": [
        "def vague() -> dict[str, object]:",
        '    return {"throttling_rate_limit": 1}',
        STAGE.format("default_route_settings=vague()"),
    ],
    "a function that says Any": [
        "def anything() -> Any:",
        '    return {"throttling_rate_limt": 1}',
        STAGE.format("default_route_settings=anything()"),
    ],
    "arguments of any kind": [
        "def stage(**arguments: Any) -> None:",
        f"    {STAGE.format('**arguments')}",
    ],
    "a misspelt argument of the SDK's class": [
        "aws.apigatewayv2.StageDefaultRouteSettingsArgs(throttling_rate_limt=1)",
    ],
}
RIGHT = {
    "a dict in a call": [STAGE.format('default_route_settings={"throttling_rate_limit": 1}')],
    "dicts in a list": [TABLE.format('[{"name": "a", "type": "S"}]')],
    "dicts made from others": [TABLE.format('[{"name": name, "type": "S"} for name in "ab"]')],
    "a dict two levels down": [
        POOL.format('{"recovery_mechanisms": [{"name": "verified_email", "priority": 1}]}'),
    ],
    "a function that says what it returns": [
        "def right() -> aws.apigatewayv2.StageDefaultRouteSettingsArgsDict:",
        '    return {"throttling_rate_limit": 1}',
        STAGE.format("default_route_settings=right()"),
    ],
    "the SDK's class": [
        STAGE.format("default_route_settings=aws.apigatewayv2.StageDefaultRouteSettingsArgs(throttling_rate_limit=1)"),
    ],
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Set[str]:
    """Return the cases in which mypy reports an error; all are in one program, because a run is slow."""
    lines, case_at = list(HEADER), [""] * len(HEADER)
    for case, text in (WRONG | RIGHT).items():
        lines += text
        case_at += [case] * len(text)
    program = tmp_path_factory.mktemp("program") / "program.py"
    program.write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "mypy", "--shadow-file", MODULE, str(program), MODULE]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    return {case_at[int(line) - 1] for line in re.findall(rf"^{MODULE}:(\d+): error:", ended.stdout, re.MULTILINE)}


@pytest.mark.parametrize("case", WRONG)
def test_misspelled_nested_property_is_a_type_error(case: str, refused: Set[str]) -> None:
    assert case in refused


@pytest.mark.parametrize("case", RIGHT)
def test_correct_nested_property_has_no_type_error(case: str, refused: Set[str]) -> None:
    assert case not in refused
