"""Rules and their cases name only types and properties of the AWS provider: a misspelt one would find nothing."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from policies.rules import RESOURCE_RULES
from tests.policies.all_cases import RESOURCE_CASES

OPEN = {"variables", "tags", "policy", "policyDocument", "assumeRolePolicy", "dimensions"}
"""Below these the names are the user's own, or those of a document."""
FEW = 20  # a longer list is generated from the provider
TYPES = sorted({type_ for rule in RESOURCE_RULES if len(rule.types) <= FEW for type_ in rule.types})
OWN_TYPES = [type_ for type_ in TYPES if type_.startswith("aws:")]


def provider() -> Path:
    spec = find_spec("pulumi_aws")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


@cache
def sources(type_: str) -> tuple[str, str]:
    """The source of the type, and of all blocks of its service."""
    service, name = type_.split(":")[1].split("/")
    folder = provider() / (f"{service}_" if service == "lambda" else service)
    return (folder / f"{snake(name)}.py").read_text(), (folder / "_inputs.py").read_text()


def names(value: Any) -> Iterator[str]:
    entries = value.items() if isinstance(value, Mapping) else ()
    for key, inner in entries:
        yield key
        if key not in OPEN:
            for one in inner if isinstance(inner, list) else [inner]:
                yield from names(one)


@pytest.mark.parametrize("type_", OWN_TYPES)
def test_every_type_is_one_of_the_provider(type_: str) -> None:
    assert f"'{type_}'" in sources(type_)[0]


@pytest.mark.parametrize("name", sorted(RESOURCE_CASES))
def test_every_property_is_one_of_its_type(name: str) -> None:
    case = RESOURCE_CASES[name]
    for shape in (case.good, *case.also_good.values(), *case.bad.values()):
        subject = case.subject(shape)
        if not subject.type.startswith("aws:"):
            continue
        own, blocks = sources(subject.type)
        assert [key for key in subject.properties if f" {snake(key)}: " not in own] == []
        assert [key for key in names(subject.properties) if f" {snake(key)}: " not in own + blocks] == []
