"""The cases of every rule: all that the files of the folder `cases` hold."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from tests.support.rule_cases import ResourceCase, StackCase

_FOLDER = Path(__file__).with_name("cases")


def _cases() -> Iterator[tuple[str, ResourceCase | StackCase]]:
    for file in sorted(_FOLDER.rglob("*.py")):
        module = ".".join(file.relative_to(_FOLDER).with_suffix("").parts)
        yield from import_module(f"tests.policies.cases.{module}").CASES.items()


RESOURCE_CASES: Mapping[str, ResourceCase] = {name: case for name, case in _cases() if isinstance(case, ResourceCase)}
STACK_CASES: Mapping[str, StackCase] = {name: case for name, case in _cases() if isinstance(case, StackCase)}
