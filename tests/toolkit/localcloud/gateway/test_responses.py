"""A function's output becomes a response as AWS documents it for payload format 2.0."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.localcloud.gateway.payload import PayloadError, read_response


@pytest.mark.parametrize(
    ("answer", "body"),
    [({"message": "Hi"}, b'{"message":"Hi"}'), ("Hi", b"Hi"), ([1], b"[1]"), (None, b"null"), (7, b"7")],
)
def test_output_without_status_code_is_a_json_body(answer: Any, body: bytes) -> None:
    response = read_response(json.dumps(answer).encode())
    assert (response.status, response.headers, response.body) == (200, (("content-type", "application/json"),), body)


def test_output_with_status_code_becomes_the_response() -> None:
    answer = {
        "statusCode": "201",
        "headers": {"X-Number": 7, "Content-Type": "text/html", "Content-Length": "999"},
        "cookies": ["a=1; Secure", "b=2"],
        "body": base64.b64encode(b"\x00\xff").decode(),
        "isBase64Encoded": True,
    }
    response = read_response(json.dumps(answer).encode())
    assert (response.status, response.body) == (201, b"\x00\xff")
    assert sorted(response.headers) == [
        ("content-type", "text/html"),
        ("set-cookie", "a=1; Secure"),
        ("set-cookie", "b=2"),
        ("x-number", "7"),
    ]


def test_output_without_content_type_is_plain_text() -> None:
    assert read_response(b'{"statusCode": 200, "body": "x"}').headers == (("content-type", "text/plain;charset=UTF-8"),)


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b'{"statusCode": "many"}',
        b'{"statusCode": 101}',
        b'{"statusCode": true}',
        b'{"statusCode": null}',
        b'{"statusCode": 200, "body": {"a": 1}}',
        b'{"statusCode": 200, "headers": ["a"]}',
        b'{"statusCode": 200, "headers": {"a": ["b"]}}',
        b'{"statusCode": 200, "headers": {"a": "b\\r\\nset-cookie: c=1"}}',
        b'{"statusCode": 200, "headers": {"a b": "c"}}',
        b'{"statusCode": 200, "headers": {"a": "\\ud800"}}',
        b'{"statusCode": 200, "cookies": ["\\udcff"]}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"statusCode": 200, "cookies": "a=1"}',
        b'{"statusCode": 200, "body": "!", "isBase64Encoded": true}',
    ],
)
def test_output_of_another_format_is_rejected(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        read_response(payload)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["statusCode", "headers", "cookies", "body", "isBase64Encoded", "x"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_output_is_a_response_or_a_payload_error(answer: Any) -> None:
    try:
        response = read_response(json.dumps(answer).encode())
    except PayloadError:
        return
    assert 200 <= response.status <= 599
