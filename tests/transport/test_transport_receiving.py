"""The JSON of an answer: what is data, and what is none."""

import json
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.transport.receiving import Raw


def read(body: bytes) -> Any:
    return Raw(status=200, headers={}, body=body).json()


def is_data(body: bytes) -> bool:
    try:
        read(body)
    except ValueError:
        return False
    return True


def refuse(name: str) -> NoReturn:
    raise ValueError(name)


DATA = (
    *(b"12345678901234567890123456789", b"-9223372036854775809", b"18446744073709551616", b"-0", b"-0.0", b"1E5"),
    *(b"1e400", b"1e-400", b"2.2250738585072011e-308", b"9007199254740993.0", b"100000000000000000000000.0"),
    *(b'"\\ud800"', b'"\\ud83d\\ude00"', b'{"\\ud800": 1}', b'"\x7f"', b'"\\u0000\\/"', b'{"a": 1, "a": 2}'),
    *(b" {} \n", b'"\xe2\x80\xa8"', b"[[[[]]]]"),
)
NONE = (
    *(b"", b"NaN", b"[NaN]", b"Infinity", b"-Infinity", b"01", b"1.", b".5", b"+1", b"nul", b"{}x", b"\x0c1"),
    *(b'"\x01"', b'"a\tb"', b'"\n"', b'"\\x"', b"[1,]", b'{"a": 1,}', b'"\xff"', b'"\xed\xa0\x80"', b"\xef\xbb\xbf{}"),
    *(b"[" * 100_000 + b"]" * 100_000, b'{"a": [1, 2', b"<html>"),
)


@pytest.mark.parametrize("body", DATA)
def test_data_is_what_the_standard_library_makes_of_it(body: bytes) -> None:
    found, expected = read(body), json.loads(body)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("body", NONE, ids=range(len(NONE)))
def test_what_is_no_json_is_no_data(body: bytes) -> None:
    assert not is_data(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(value=JSON, ascii_only=st.booleans())
def test_any_value_comes_as_it_was_sent(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        expected = json.loads(text.decode(), parse_constant=refuse)
    except ValueError:
        assert not is_data(text)
        return
    assert json.dumps(read(text)) == json.dumps(expected)
