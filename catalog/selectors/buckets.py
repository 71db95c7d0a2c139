"""Ranges of prices and numbers with round edges, and how many goods lie in each. Pure sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from catalog.selectors.conditions import number_of

MOST_BUCKETS = 5
FEN_IN_YUAN = 100
ROUND = (1, 2, 5)
PRICE_EDGES = tuple(step * 10**power * FEN_IN_YUAN for power in range(1, 6) for step in ROUND)
"""¥10, 20, 50, 100 .. 500,000: what prices are counted between."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """From ``low`` (None: from nothing) to ``high`` (None: without end)."""

    low: Decimal | None
    high: Decimal | None
    count: int

    @property
    def value(self) -> str:
        """As the filter of a number takes it: 100..200."""
        return f"{plain(self.low)}..{plain(self.high)}"


def plain(number: Decimal | None) -> str:
    """A number without an exponent or zeros at its end; nothing for None."""
    return "" if number is None else f"{number.normalize():f}"


def price_buckets(cells: Mapping[int, tuple[int, int]]) -> tuple[Bucket, ...]:
    """Ranges in fen out of the cells between PRICE_EDGES: goods in it, and those right on its
    lower edge. Both ends belong to a range, as in the filter."""
    if not cells:
        return ()
    counts = [cells.get(n, (0, 0))[0] for n in range(len(PRICE_EDGES) + 1)]
    on_edge = [cells.get(n + 1, (0, 0))[1] for n in range(len(PRICE_EDGES))]
    found = []
    for low, high in _ranges(counts):
        right = on_edge[high - 1] if high <= len(PRICE_EDGES) and high else 0
        found.append(
            Bucket(
                Decimal(PRICE_EDGES[low - 1]) if low else None,
                Decimal(PRICE_EDGES[high - 1]) if high <= len(PRICE_EDGES) else None,
                sum(counts[low:high]) + right,
            )
        )
    return tuple(bucket for bucket in found if bucket.count) if len(found) > 1 else ()


def number_buckets(values: Iterable[tuple[str, int]]) -> tuple[Bucket, ...]:
    """Ranges of a number attribute, from its low end up to but without its high end."""
    numbers = [(number, count) for text, count in values if (number := number_of(text)) is not None]
    if not numbers:
        return ()
    edges = _edges(min(numbers)[0], max(numbers)[0])
    counts = [0] * (len(edges) + 1)
    for number, count in numbers:
        counts[sum(edge <= number for edge in edges)] += count
    found = [
        Bucket(
            edges[low - 1] if low else None,
            edges[high - 1] if high <= len(edges) else None,
            sum(counts[low:high]),
        )
        for low, high in _ranges(counts)
    ]
    return tuple(bucket for bucket in found if bucket.count) if len(found) > 1 else ()


def _edges(least: Decimal, most: Decimal) -> list[Decimal]:
    """Round numbers between the least and the most."""
    steps = [Decimal(step) * Decimal(10) ** power for power in range(-2, 9) for step in ROUND]
    return [step for step in steps if least < step <= most]


def _ranges(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring cells put together to at most five ranges of about as many goods."""
    total = sum(counts)
    cuts, gathered = [0], 0
    for place, count in enumerate(counts[:-1], 1):
        gathered += count
        if gathered * MOST_BUCKETS >= total * len(cuts) and gathered < total:
            cuts.append(place)
    return list(pairwise([*cuts[:MOST_BUCKETS], len(counts)]))
