"""The demo's goods and shoppers on paper, and seeded dice to draw baskets with. No Django."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

TRIES = 60
SOLD_AT_MOST_PERCENT = 50
LOW_PIECES = 10
"""SKUs with fewer pieces are low on purpose: nobody buys the last ones."""

MOST_PIECES = ((6_000, 6), (13_000, 3), (30_000, 2), (10**9, 1))
"""Below each price, the most pieces that somebody takes."""

Basket = list[tuple["Ware", int]]


@dataclass(frozen=True, slots=True)
class Ware:
    """One SKU; ``categories`` are the slugs above it, the department first."""

    code: str
    product: str
    categories: tuple[str, ...]
    price_fen: int
    pieces: int
    weight: int
    listed_days_ago: int
    refused_regions: tuple[str, ...] = ()

    def is_offered(self, region: str, days_ago: int) -> bool:
        """True when it was on sale so many days ago and is sent to the region."""
        return self.listed_days_ago > days_ago and not region.startswith(self.refused_regions)


@dataclass(frozen=True, slots=True)
class Shopper:
    """A member who buys ``weight`` times as often as one of weight 1; ``regions`` of addresses."""

    phone: str
    weight: int
    joined_days_ago: int
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A coupon of the coupon centre, for goods below ``scope`` (empty: all)."""

    code: str
    threshold_fen: int
    scope: frozenset[str]

    def fits(self, basket: Basket) -> bool:
        """True when the basket's ordinary prices reach the threshold."""
        covered = (
            ware.price_fen * pieces
            for ware, pieces in basket
            if not self.scope or self.scope.intersection(ware.categories)
        )
        return sum(covered) >= self.threshold_fen


@dataclass(slots=True)
class Market:
    """What can be bought; every draw counts what is sold and what is claimed."""

    wares: Sequence[Ware]
    shoppers: Sequence[Shopper]
    offers: Sequence[Offer]
    dice: Random
    sold: Counter[str] = field(default_factory=Counter)
    claimed: set[tuple[str, str]] = field(default_factory=set)
    stalls: dict[str, tuple[list[Ware], list[int]]] = field(default_factory=dict)

    def shopper(self, days_ago: int) -> Shopper:
        """Somebody who was a member then."""
        known = [one for one in self.shoppers if one.joined_days_ago > days_ago]
        return self.dice.choices(known, weights=[one.weight for one in known])[0]

    def ware(
        self, region: str, days_ago: int, *, within: str = "", apart_from: Collection[str] = ()
    ) -> Ware | None:
        """A ware to buy, popular ones more often; of one product or category, without some."""
        wares, weights = self._stall(within)
        for _try in range(TRIES if wares else 0):
            ware = self.dice.choices(wares, cum_weights=weights)[0]
            is_free = self.left(ware) > 0 and ware.product not in apart_from
            if is_free and ware.is_offered(region, days_ago):
                return ware
        return None

    def left(self, ware: Ware) -> int:
        """Pieces that may still be sold."""
        if ware.pieces < LOW_PIECES:
            return 0
        return ware.pieces * SOLD_AT_MOST_PERCENT // 100 - self.sold[ware.code]

    def take(self, ware: Ware, pieces: int = 1) -> tuple[Ware, int]:
        """Sell pieces."""
        self.sold[ware.code] += pieces
        return ware, pieces

    def basket(self, region: str, days_ago: int, first: Ware | None = None) -> Basket:
        """One to four wares; the later ones are often of the department of the one before."""
        size = self.dice.choices((1, 2, 3, 4), weights=(42, 34, 16, 8))[0]
        ware = first or self.ware(region, days_ago)
        chosen: dict[str, tuple[Ware, int]] = {}
        while ware is not None and len(chosen) < size:
            chosen[ware.product] = self.take(ware, self._pieces(ware))
            within = ware.categories[0] if self.dice.random() < 0.6 else ""
            ware = self.ware(region, days_ago, within=within, apart_from=chosen)
        return list(chosen.values())

    def shopping_list(self, region: str, days_ago: int, target_fen: int) -> Basket:
        """Single pieces whose prices add up to nearly ``target_fen``, and never above."""
        chosen: dict[str, tuple[Ware, int]] = {}
        left_fen = target_fen
        for _try in range(TRIES * 10):
            ware = self.ware(region, days_ago, apart_from=chosen)
            if ware is None or left_fen < target_fen // 20:
                break
            if ware.price_fen <= left_fen:
                chosen[ware.product] = self.take(ware)
                left_fen -= ware.price_fen
        return list(chosen.values())

    def claim(self, phone: str, basket: Basket) -> str:
        """The code of a coupon that the member takes because it fits; each one once."""
        for offer in self.offers:
            if (phone, offer.code) not in self.claimed and offer.fits(basket):
                self.claimed.add((phone, offer.code))
                return offer.code
        return ""

    def _pieces(self, ware: Ware) -> int:
        most = next(pieces for price_fen, pieces in MOST_PIECES if ware.price_fen < price_fen)
        wanted = self.dice.choices((1, 2, 3, 4, 6), weights=(50, 24, 12, 8, 6))[0]
        return min(wanted, most, self.left(ware))

    def _stall(self, within: str) -> tuple[list[Ware], list[int]]:
        if within not in self.stalls:
            wares = [one for one in self.wares if within in ("", one.product, *one.categories)]
            self.stalls[within] = (wares, list(accumulate(one.weight for one in wares)))
        return self.stalls[within]


def lines_of(basket: Iterable[tuple[Ware, int]]) -> tuple[tuple[str, int], ...]:
    """(SKU code, pieces) of a basket."""
    return tuple((ware.code, pieces) for ware, pieces in basket)
