"""Which tier an amount of growth reaches. Source: requirements M-07, M-08."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar


class Step(Protocol):
    """Anything with a threshold: a Tier row, or a dataclass in a test."""

    @property
    def threshold_fen(self) -> int: ...


S = TypeVar("S", bound=Step)


def tier_for(growth_fen: int, tiers: Iterable[S]) -> S:
    """The highest tier whose threshold ``growth_fen`` reaches, whatever order they come in.

    Raises: ValueError when none is reached: a ladder needs a step at zero.
    """
    reached = [tier for tier in tiers if tier.threshold_fen <= growth_fen]
    if not reached:
        raise ValueError("the ladder has no step at zero")
    return max(reached, key=lambda tier: tier.threshold_fen)


def next_tier(growth_fen: int, tiers: Iterable[S]) -> S | None:
    """The lowest tier still above ``growth_fen``; None at the top."""
    above = [tier for tier in tiers if tier.threshold_fen > growth_fen]
    return min(above, key=lambda tier: tier.threshold_fen, default=None)


def is_ladder(thresholds_fen: Sequence[int]) -> bool:
    """True when the lowest step is zero and each one is higher than the one before."""
    return (
        bool(thresholds_fen)
        and thresholds_fen[0] == 0
        and all(low < high for low, high in pairwise(thresholds_fen))
    )
