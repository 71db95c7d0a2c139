"""Pieces of a line give back exactly what was paid, in any grouping."""

import pytest
from hypothesis import strategies as st

from promotions.engine import refund_of, unit_shares
from promotions.tests.engine_builders import law


def test_three_pieces_for_1_yuan_give_back_33_34_33():
    assert unit_shares(100, 3) == [33, 34, 33]


def test_pieces_given_back_together_equal_the_pieces_one_by_one():
    assert refund_of(100, 3, already=1, units=2) == 34 + 33
    assert refund_of(100, 3, already=3, units=0) == 0


@pytest.mark.parametrize(("already", "units"), [(0, 4), (3, 1), (-1, 1), (1, -1)])
def test_more_pieces_than_bought_are_refused(already, units):
    with pytest.raises(ValueError, match="cannot be refunded"):
        refund_of(100, 3, already=already, units=units)


@law(st.integers(0, 10**9), st.integers(1, 999), st.data())
def test_refunds_in_any_groups_return_exactly_what_was_paid(payable_fen, quantity, data):
    already, returned = 0, 0
    while already < quantity:
        units = data.draw(st.integers(1, quantity - already))
        refund = refund_of(payable_fen, quantity, already, units)
        assert refund >= 0
        already, returned = already + units, returned + refund

    assert returned == payable_fen


@law(st.integers(0, 10**9), st.integers(1, 999))
def test_no_piece_differs_from_another_by_more_than_a_fen(payable_fen, quantity):
    shares = unit_shares(payable_fen, quantity)

    assert sum(shares) == payable_fen
    assert max(shares) - min(shares) <= 1
