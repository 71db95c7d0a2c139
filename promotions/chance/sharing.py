"""裂变红包: one random share of what is left in a packet. Source: requirement P-35, INV-23."""

from collections.abc import Callable


def draw_share(left_fen: int, left_shares: int, below: Callable[[int], int]) -> int:
    """The next share of ``left_fen`` that ``left_shares`` people still share.

    Evenly between 1 fen and twice the mean less 1, so its mean is the mean of what is left,
    whoever comes first or last; every later share keeps at least 1 fen, and the last share is all
    that is left, so the shares add up to the packet exactly. Raises: ValueError when there is not
    a fen for each share.
    """
    if left_shares < 1 or left_fen < left_shares:
        raise ValueError(f"{left_fen} fen cannot be {left_shares} shares")
    if left_shares == 1:
        return left_fen
    most = min(2 * left_fen // left_shares - 1, left_fen - (left_shares - 1))
    return 1 + below(max(most, 1))
