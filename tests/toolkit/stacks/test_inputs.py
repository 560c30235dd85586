"""What a rule reads of a property that is absent, unknown, or of another kind."""

from typing import Any

import pytest

from toolkit.stacks import Resource
from toolkit.stacks.inputs import UNKNOWN, Inputs, MalformedPropertyError, UnknownPropertyError, every

SUBJECT = Resource(urn="urn", type="a", name="a", custom=True, id="", parent=None, inputs={}, outputs={})


def inputs(**properties: Any) -> Inputs:
    return Inputs(SUBJECT, properties)


@pytest.mark.parametrize("block", [{"mode": "Active"}, [{"mode": "Active"}]])
def test_block_in_a_list_of_one_is_read_as_a_block(block: Any) -> None:
    assert inputs(tracing=block).text("tracing.mode") == "Active"
    assert inputs(tracing=block).part("tracing").text("mode") == "Active"


@pytest.mark.parametrize("block", [None, [], {}])
def test_absent_block_has_default_values(block: Any) -> None:
    assert inputs(tracing=block).text("tracing.mode", "PassThrough") == "PassThrough"


@pytest.mark.parametrize("block", [UNKNOWN, [UNKNOWN], {"mode": UNKNOWN}])
def test_property_of_an_unknown_block_is_unknown(block: Any) -> None:
    with pytest.raises(UnknownPropertyError, match=r"tracing\.mode"):
        inputs(tracing=block).text("tracing.mode", "PassThrough")


@pytest.mark.parametrize("block", ["Active", 3, True, [{}, {}], ["Active"]])
def test_block_of_another_type_is_reported(block: Any) -> None:
    with pytest.raises(MalformedPropertyError, match=r"tracing\.mode"):
        inputs(tracing=block).text("tracing.mode", "PassThrough")


def test_violation_in_a_list_is_reported_although_another_value_is_unknown() -> None:
    pages = inputs(pages=["https://a", UNKNOWN, "http://b"]).entries("pages")
    broken = every(pages, lambda page: page.text("").startswith("https://"))
    assert broken is not True
    assert [part.place for part in broken or ()] == ["pages[2]"]


def test_unknown_value_in_a_list_is_reported_with_its_index() -> None:
    with pytest.raises(UnknownPropertyError, match=r"^pages\[1\]$"):
        every(inputs(pages=["https://a", UNKNOWN]).entries("pages"), lambda page: bool(page.text("")))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 10_000])
def test_invalid_json_is_reported(text: str) -> None:
    with pytest.raises(MalformedPropertyError, match=r"^policy is not JSON$"):
        inputs(policy=text).json("policy")


@pytest.mark.parametrize("value", ["x", True, 10**400, "²", "1.2.3", "--1"])
def test_value_that_is_not_a_number_is_reported(value: Any) -> None:
    with pytest.raises(MalformedPropertyError, match=r"^size is not a number$"):
        inputs(size=value).number("size", 0)


@pytest.mark.parametrize(("value", "read"), [(3, 3.0), ("3", 3.0), ("0.5", 0.5), ("-1", -1.0), (-1, -1.0)])
def test_text_of_a_number_is_read_as_a_number(value: Any, read: float) -> None:
    assert inputs(size=value).number("size", 0) == read
