"""Words of a text: Chinese by characters and pairs, the rest by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tokens import (
    MAX_TOKENS,
    index_tokens,
    loose_terms,
    normalize,
    query_literal,
    strict_terms,
    vector_literal,
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("短袖", ["短", "袖", "短袖", "袖$", "短袖$", "^短袖"]),
        ("纯棉T恤", ["纯", "棉", "纯棉", "棉$", "纯棉$", "^纯棉", "t", "恤", "恤$", "^恤"]),
        ("Ｔ恤", ["t", "恤", "恤$", "^恤"]),
        ("iPhone 15", ["iphone", "15"]),
        ("T-Shirt", ["t-shirt", "t", "shirt"]),
        ("１．５米", ["1.5", "1", "5", "米", "米$", "^米"]),
        ("", []),
        ("，。!? ", []),
    ],
)
def test_index_tokens(text, tokens):
    assert index_tokens(text) == tokens


def test_a_query_asks_for_pairs_first_and_for_characters_then():
    assert strict_terms("棉T恤") == ["棉", "t", "恤"]
    assert strict_terms("纯棉短袖") == ["纯棉", "棉短", "短袖"]
    assert loose_terms("纯棉短袖") == ["纯", "棉", "短", "袖"]


def test_full_width_capitals_and_odd_spaces_are_one_form():
    assert normalize("　ＡＢＣ  棉 ") == "abc 棉"


def test_literals_quote_what_tsquery_would_read_as_its_own():
    assert query_literal([["o'neill", "a\\b"]]) == "('o''neill':* & 'a\\\\b':*)"
    assert vector_literal([("棉T", "A"), ("棉", "B")]) == (
        "'棉':1A '棉$':2A '^棉':3A 't':4A '棉':5B '棉$':6B '^棉':7B"
    )


def test_nothing_to_ask_is_an_empty_literal():
    assert query_literal([strict_terms("!!!")]) == ""


@given(st.text(max_size=200))
def test_any_text_gives_tokens_that_are_neither_empty_nor_too_many(text):
    assert all(index_tokens(text))
    assert len(strict_terms(text)) <= MAX_TOKENS
    assert len(loose_terms(text)) <= MAX_TOKENS


@given(st.text(max_size=60))
def test_what_is_indexed_is_found_by_its_own_text(text):
    assert set(strict_terms(text)) | set(loose_terms(text)) <= set(index_tokens(text))
