"""The cases of every rule: all that the files of two folders hold."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.support.rule_cases import ResourceCase, StackCase


def _cases_in(folder: str) -> Iterator[tuple[str, Any]]:
    for file in sorted(Path(__file__).with_name(folder).glob("*.py")):
        yield from import_module(f"tests.policies.{folder}.{file.stem}").CASES.items()


RESOURCE_CASES: Mapping[str, ResourceCase] = dict(_cases_in("cases"))
STACK_CASES: Mapping[str, StackCase] = dict(_cases_in("stack_cases"))
