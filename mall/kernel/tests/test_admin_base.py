"""Money to look at is yuan, whoever looks."""

import pytest

from mall.kernel.admin.showing import as_yuan


@pytest.mark.parametrize(
    ("fen", "shown"),
    [("98765", "987.65"), ("98,765", "987.65"), ("-5", "−0.05"), ("0", "0.00"), ("-", "-")],
)
def test_stored_fen_are_shownas_yuan_and_nothing_stays_nothing(fen, shown):
    assert as_yuan(fen) == shown
