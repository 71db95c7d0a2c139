"""What the pieces of a paid line give back: piece k is cum(k) - cum(k-1), exact in any order."""

from mall.kernel.money import half_up


def refund_of(payable_fen: int, quantity: int, already: int, units: int) -> int:
    """Fen for ``units`` more pieces of a line that cost ``payable_fen`` after ``already`` pieces.

    All refunds of a line add up to what was paid for it, however the pieces are grouped.
    """
    if not 0 <= already <= already + units <= quantity or units < 0:
        raise ValueError(f"{already} + {units} pieces cannot be refunded of {quantity}")
    return _paid_for(payable_fen, quantity, already + units) - _paid_for(
        payable_fen, quantity, already
    )


def unit_shares(payable_fen: int, quantity: int) -> list[int]:
    """What each piece of a line gives back, first piece first; the sum is ``payable_fen``."""
    return [refund_of(payable_fen, quantity, piece, 1) for piece in range(quantity)]


def _paid_for(payable_fen: int, quantity: int, pieces: int) -> int:
    return half_up(payable_fen * pieces, quantity)
