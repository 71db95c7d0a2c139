"""Rates of trade, in basis points, with a clear answer where there is nothing to divide by."""

from mall.kernel.money import half_up

FULL_BP = 10_000


def ratio_bp(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` in basis points, half up; None when there is no whole."""
    return half_up(part * FULL_BP, whole) if whole > 0 else None


def change_bp(now: int, before: int) -> int | None:
    """The change from ``before`` to ``now`` in basis points (+2500 is a quarter more); None from
    nothing."""
    if before <= 0:
        return None
    difference = now - before
    size = half_up(abs(difference) * FULL_BP, before)
    return size if difference >= 0 else -size


def share(total_fen: int, count: int) -> int | None:
    """Fen per order (AOV), half up; None without orders."""
    return half_up(total_fen, count) if count > 0 else None
