"""How many points money brings, and how many have run out. Source: requirements M-23, M-24."""

FEN_PER_POINT = 100
FULL_RATE_BP = 10_000


def points_earned(paid_fen: int, points_rate_bp: int) -> int:
    """Points for ``paid_fen`` kept: one per full yuan at 10000 bp; a part of a point is dropped."""
    if paid_fen < 0 or points_rate_bp < 0:
        raise ValueError("points_earned() takes no negative amount or rate")
    return paid_fen * points_rate_bp // (FEN_PER_POINT * FULL_RATE_BP)


def points_due(past: int, gone: int) -> int:
    """How many points run out now: ``past`` came in and are over their time, ``gone`` left already.

    What runs out first is spent first, so everything that ever left (spent, taken back, run out)
    counts against the oldest; what is then left of those past their time is due. Never negative.
    """
    return max(0, past - gone)
