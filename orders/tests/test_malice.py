"""The score of malicious reviews, on paper (C-60)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.malice import POINTS, Limits, Suspicion, Voice, suspect

LIMITS = Limits()


@pytest.mark.parametrize(
    ("voice", "signs", "is_held"),
    [
        (Voice(), (), False),
        (Voice(rating=1, one_star_reviews=1), (), False),
        (Voice(has_banned_words=True), ("words",), True),
        (Voice(has_rival_words=True), ("rival",), True),
        (Voice(same_text_products=4), (), False),
        (Voice(same_text_products=5), ("duplicate",), True),
        (Voice(rating=1, reviews=3, one_star_reviews=3), ("one_star",), False),
        (Voice(rating=1, reviews=4, one_star_reviews=3), (), False),
        (Voice(recent_reviews=5), (), False),
        (Voice(recent_reviews=6), ("burst",), False),
        (Voice(is_bought=False), ("not_bought",), False),
        (
            Voice(rating=1, reviews=6, one_star_reviews=6, recent_reviews=6),
            ("burst", "one_star"),
            True,
        ),
        (
            Voice(rating=1, reviews=3, one_star_reviews=3, is_bought=False),
            ("one_star", "not_bought"),
            True,
        ),
    ],
)
def test_C_60_signs_are_named_and_weighed(voice, signs, is_held):
    points = sum(POINTS[sign] for sign in signs)

    assert suspect(voice, LIMITS) == Suspicion(signs, points, is_held)


@given(rating=st.integers(1, 5), products=st.integers(1, 20), recent=st.integers(1, 20))
def test_more_of_the_same_never_speaks_for_a_review(rating, products, recent):
    voice = Voice(rating=rating, same_text_products=products, recent_reviews=recent)
    more = replace(voice, same_text_products=products + 1, recent_reviews=recent + 1)

    assert suspect(more, LIMITS).points >= suspect(voice, LIMITS).points
