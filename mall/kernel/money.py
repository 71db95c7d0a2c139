"""Money is integer fen, rates are integer basis points. One rounding rule (half up), one splitter.

Pure: no Django. Source: design.md, section 4 (money, quantity, time).
"""

from collections.abc import Sequence

FULL_RATE_BP = 10_000


def half_up(numerator: int, denominator: int) -> int:
    """Divide non-negative ``numerator`` by positive ``denominator``, halves rounded up."""
    if numerator < 0 or denominator <= 0:
        raise ValueError("half_up() takes a non-negative numerator and a positive denominator")
    return (2 * numerator + denominator) // (2 * denominator)


def at_rate(amount_fen: int, rate_bp: int) -> int:
    """What ``amount_fen`` costs at ``rate_bp`` basis points (八五折 = 8500), half up."""
    return half_up(amount_fen * rate_bp, FULL_RATE_BP)


def rate_off(amount_fen: int, rate_bp: int) -> int:
    """What ``rate_bp`` takes off ``amount_fen``: the amount less the amount at the rate."""
    return amount_fen - at_rate(amount_fen, rate_bp)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Split ``amount`` fen over ``weights``; the parts always sum to ``amount``.

    Largest remainder: each part is floored, then the fen left over go one by one to the
    largest remainders, ties to the earliest line. All-zero weights split evenly.
    """
    if not weights:
        raise ValueError("split() needs at least one weight")
    if amount < 0 or min(weights) < 0:
        raise ValueError("split() takes no negative amount or weight")
    shares = list(weights) if any(weights) else [1] * len(weights)
    total = sum(shares)
    parts, remainders = zip(*(divmod(amount * share, total) for share in shares), strict=True)
    result = list(parts)
    order = sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)  # stable
    for i in order[: amount - sum(result)]:
        result[i] += 1
    return result


def yuan(amount_fen: int) -> str:
    """``amount_fen`` as yuan with two decimals and a true minus: 42720 -> "427.20"."""
    sign = "\u2212" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"
