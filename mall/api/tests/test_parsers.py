"""Bodies are bounded before they are built (ATK-92, ATK-43)."""

from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from mall.api.parsers import MAX_BYTES, BoundedJSONParser, depth_of


def parse(raw: bytes):
    return BoundedJSONParser().parse(BytesIO(raw))


def test_plain_json_is_parsed():
    assert parse('{"名": [1, {"b": "[["}]}'.encode()) == {"名": [1, {"b": "[["}]}


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 30 + b"1" + b"}" * 30,
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe",
        b"{",
        b"",
        b'{"a": "' + b"x" * MAX_BYTES + b'"}',
    ],
)
def test_what_is_deep_large_or_no_json_is_a_400(raw):
    with pytest.raises(ParseError):
        parse(raw)


def test_brackets_in_strings_do_not_count():
    assert depth_of('{"a": "[[[[{{{"}') == 1
    assert depth_of(r'{"a": "\"[[["}') == 1
    assert depth_of("[[1], [2, [3]]]") == 3
