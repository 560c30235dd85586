"""YAML is read as the engine reads it, within limits, and written so that every reader reads it alike."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toolkit.stacks.errors import FileError
from toolkit.stacks.yaml_documents import parse_yaml, write_yaml

SCALARS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "engine_scalars.json").read_text())
"""What the CLI 3.260 makes of each form; tests/engine/test_scalars.py asks it again."""


def in_a_stack_file(written: str) -> str:
    """Return a stack file whose setting p:a has the scalar under b."""
    return "config:\n  p:a:\n    b: " + written.replace("\n    ", "\n      ") + "\n"


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda scalar: str(scalar["written"]))
def test_scalar_is_read_as_by_the_engine(scalar: dict[str, Any]) -> None:
    text = in_a_stack_file(scalar["written"])
    if "refused" in scalar:
        with pytest.raises(FileError, match=r"^x, line 3: .+\.$"):
            parse_yaml(text, "x", as_engine=True)
        return
    found = parse_yaml(text, "x", as_engine=True)["config"]["p:a"]["b"]
    assert (found, type(found)) == (scalar["value"], type(scalar["value"]))


def test_date_keeps_its_text_outside_stack_files() -> None:
    assert parse_yaml("[2027-1-31, !!timestamp 2027-01-31]", "x") == ["2027-1-31", "2027-01-31"]


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 100_000, "nested deeper than 50 levels"),
        ("{a: " * 51 + "1" + "}" * 51, "nested deeper than 50 levels"),
        (LAUGHS, "more than 100,000 values, those that aliases repeat included"),
        ("a: &x {b: *x}", "line 1: the anchor 'x' contains itself"),
        ("a: *x", "undefined alias|the alias 'x' has no anchor"),
        ("a: 1\n---\na: 2\n", "line 2: a second document begins"),
        ("%YAML 1.2\n---\na: 1\n", "no %YAML but 1.1"),
        ("a: !!python/object/apply:os.system [x]", "the tag 'tag:yaml.org,2002:python/object/apply:os.system'"),
        ("a: !local 1", "the tag '!local' is not accepted"),
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' is written twice"),
        ("1: x", "the key '1' must be text; put it in quotes"),
        ("no: 1\n~: x", "line 2: the key '~' must be text"),
        ("2024-01-01: x", "the key '2024-01-01' must be text"),
        ("? [a]\n: x", "a key must be text"),
        ("'<<': {a: 1}", "'<<' in quotes is read as a merge"),
        ("<<: 1", "<< takes one mapping"),
        ("a:\tb\n\tc: d", "."),
        ("a: \x00", "special characters|control characters"),
        ('a: "\\ud800"', "."),
        ("a: 1\n\ufeffb: 2\n", "byte order mark"),
        ("a: .inf", "'.inf' is not a number that JSON has"),
    ],
)
def test_unsafe_yaml_is_refused_in_one_sentence(text: str, problem: str) -> None:
    with pytest.raises(FileError, match=problem) as caught:
        parse_yaml(text, "x")
    assert "\n" not in str(caught.value)


def test_text_that_begins_with_an_empty_line_is_refused() -> None:
    with pytest.raises(FileError, match="a text begins with an empty line"):
        parse_yaml("a: |+\n\n  x\n", "x", as_engine=True)


def test_keys_of_a_mapping_override_merged_keys() -> None:
    assert parse_yaml("{d: 2, <<: [{d: 5, e: 1}, {e: 2, f: 3}]}", "x") == {"d": 2, "e": 1, "f": 3}


def test_account_number_in_a_written_file_is_text_for_every_reader() -> None:
    assert write_yaml({"account-id": "012345678901"}) == 'account-id: "012345678901"\n'


MISREAD = (
    *("012345678901", "123456789012", "0o17", "0x1F", "1_000", "1e3", ".5", "-", "", "~", "null", "<<", "=", "%", "@a"),
    *(
        "no",
        "NO",
        "yes",
        "On",
        "off",
        "y",
        "N",
        "true",
        "1:30",
        "2024-02-29",
        "2001-12-14 21:59:43",
        ".inf",
        "? a",
        "- a",
    ),
    *(
        "a: b",
        "a #b",
        "#a",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        " a",
        "a ",
        "a\n",
        "\t",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufeff",
        "é",
        "😀",
    ),
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(MISREAD)
    | st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text[:1] != "\n"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            (st.sampled_from(MISREAD) | st.text(max_size=8)).filter(lambda key: key != "<<" and key[:1] != "\n"),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_written_yaml_is_the_same_for_this_reader_and_pyyaml(document: Any) -> None:
    text = write_yaml(document)
    assert as_json(parse_yaml(text, "x")) == as_json(document)
    assert as_json(yaml.safe_load(text)) == as_json(document)


def as_json(document: Any) -> Any:
    """Return the document as JSON gives it to the program: 1e3 and 1000 are one number there."""
    return json.loads(json.dumps(document), parse_int=float)


@pytest.mark.parametrize(
    "document", [{1: "x"}, {"<<": {}}, [float("nan")], [2**63], ["\ud800"], [{1, 2}], ["\nx"], b"x"]
)
def test_value_that_some_readers_refuse_is_not_written(document: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        write_yaml(document)
