"""砍价: how much one friend cuts off a price. Source: requirement P-34, INV-25."""

from collections.abc import Callable

from promotions.chance.sharing import draw_share


def draw_cut(*, to_floor_fen: int, helps: int, most_helps: int, below: Callable[[int], int]) -> int:
    """The next friend's cut: a random share of the ``to_floor_fen`` that ``most_helps - helps``
    friends still have to cut off.

    At least 1 fen each; the last friend cuts what is left, so the cuts add up to start - floor.
    Raises: ValueError when nobody is missing, or there is not a fen for each.
    """
    return draw_share(to_floor_fen, most_helps - helps, below)
