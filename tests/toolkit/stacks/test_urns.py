import pytest

from toolkit.stacks.urns import Urn, name_in, provider_urn

PARENT, FUNCTION = "items-api:compute:ApiFunction", "aws:lambda/function:Function"
TEXT = f"urn:pulumi:prod::items-api::{PARENT}${FUNCTION}::api-function"


def test_urn_of_a_child_has_every_part() -> None:
    urn = Urn.parse(TEXT)
    assert urn == Urn("prod", "items-api", (PARENT,), FUNCTION, "api-function")
    assert (str(urn), urn.qualified_type) == (TEXT, f"{PARENT}${FUNCTION}")
    assert urn.qualified == f"{PARENT}${FUNCTION}::api-function"


def test_name_with_colons_stays_one_name() -> None:
    assert name_in(f"urn:pulumi:dev::p::{FUNCTION}::a::b") == "a::b"


@pytest.mark.parametrize(
    ("text", "name", "type"), [("", "", ""), ("api", "api", ""), ("a::b", "b", ""), ("a::b::c", "", "c")]
)
def test_text_that_is_no_urn_has_no_other_parts(text: str, name: str, type: str) -> None:
    assert (Urn.parse(text).name, Urn.parse(text).type) == (name, type)


def test_urn_of_a_provider_reference() -> None:
    assert provider_urn(f"{TEXT}::an-id") == TEXT
    assert provider_urn(None) == ""
