"""The best set of coupons over exclusive groups: branch and bound, best bound first.

What a coupon takes off by itself is the most it ever does: beside others it finds fewer lines, and
less goods never make freight cheaper. So a set costs at least the basket without coupons less the
sum of what its coupons take alone, and whatever cannot beat the best set found is never priced.
Source: requirement O-07.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heappop, heappush

from promotions.engine.lanes import Lane
from promotions.engine.rules.coupon import CouponRule
from promotions.engine.rules.coupon_exchange import CouponExchange
from promotions.engine.settlement import Settlement
from promotions.engine.wallet import CouponVerdict, judge_coupons, outcome_of
from promotions.engine.worktop import Worktop

EXACT_UP_TO = 12
"""Usable coupons up to which every promising set is tried, whatever it takes."""

MOST_TRIED = 400
"""Sets priced at most for a larger wallet."""

NEVER = datetime.max.replace(tzinfo=UTC)

Rank = tuple[int, int, list[tuple[datetime, int]]]


@dataclass(frozen=True, slots=True)
class BestCoupons:
    """The coupons to use, what goods and freight cost with them, and how sure that is.

    No set whatever costs less than ``bound_fen``; ``is_exact`` says that none costs less than
    ``payable_fen``.
    """

    coupons: tuple[CouponRule, ...]
    payable_fen: int
    bound_fen: int
    is_exact: bool


def best_coupons(settlement: Settlement, wallet: Iterable[CouponRule]) -> BestCoupons:
    """The cheapest set of usable coupons, one of a group at most, before points.

    Ties go to the fewest coupons, then those that end first, then the lowest grants. Exact up to
    `EXACT_UP_TO` usable coupons; beyond, the best of `MOST_TRIED` sets and the bound.
    """
    verdicts = [verdict for verdict in judge_coupons(settlement, wallet) if verdict.usable]
    most = None if len(verdicts) <= EXACT_UP_TO else MOST_TRIED
    return _Search(settlement, verdicts).run(most)


@dataclass(frozen=True, slots=True)
class _Branch:
    """The places of the chosen candidates, and the first one not yet decided on."""

    chosen: tuple[int, ...] = ()
    place: int = 0


Open = tuple[int, int, tuple[int, ...], _Branch]


class _Search:
    def __init__(self, settlement: Settlement, verdicts: list[CouponVerdict]) -> None:
        self.settlement = settlement
        self.candidates = sorted(verdicts, key=lambda v: (-v.off_fen, _ending(v.coupon)))
        top = settlement.top.as_of(Lane.COUPON)
        self.reach = [_reach(top, verdict.coupon) for verdict in self.candidates]
        self.bare_fen = outcome_of(settlement, ()).payable_fen
        self.best: tuple[Rank, tuple[CouponRule, ...]] = ((self.bare_fen, 0, []), ())

    def run(self, most: int | None) -> BestCoupons:
        """Price sets, the one with the lowest bound first, ``most`` of them (None: all needed)."""
        frontier: list[Open] = [(self._bound(_Branch()), 0, (), _Branch())]
        tried = 0
        while frontier and frontier[0][:2] <= self.best[0][:2]:
            if tried == most:
                return self._answer(frontier[0][0])
            _, _, _, branch = heappop(frontier)
            tried += 1
            self._try(branch)
            for child in self._children(branch):
                bound_fen, size = self._bound(child), len(child.chosen)
                if (bound_fen, size) <= self.best[0][:2]:
                    heappush(frontier, (bound_fen, size, child.chosen, child))
        return self._answer(self.best[0][0])

    def _answer(self, bound_fen: int) -> BestCoupons:
        (payable_fen, _, _), coupons = self.best
        return BestCoupons(coupons, payable_fen, bound_fen, is_exact=bound_fen == payable_fen)

    def _try(self, branch: _Branch) -> None:
        chosen = [self.candidates[place].coupon for place in branch.chosen]
        coupons = tuple(sorted(chosen, key=lambda coupon: coupon.grant_id))
        outcome = outcome_of(self.settlement, coupons)
        if outcome.uses_all:
            endings = sorted(_ending(coupon) for coupon in coupons)
            rank = (outcome.payable_fen, len(coupons), endings)
            self.best = min(self.best, (rank, coupons), key=lambda found: found[0])

    def _children(self, branch: _Branch) -> Iterator[_Branch]:
        """The branch with each one of the later candidates that goes with those chosen."""
        for place in range(branch.place, len(self.candidates)):
            if not any(self._clash(other, place) for other in branch.chosen):
                yield _Branch((*branch.chosen, place), place + 1)

    def _clash(self, one: int, other: int) -> bool:
        """Never together: of one group, or after exactly the same goods, which one takes whole."""
        group, other_group = (self.candidates[place].coupon.group for place in (one, other))
        return group == other_group or (self.reach[one] == self.reach[other] != frozenset())

    def _bound(self, branch: _Branch) -> int:
        """What a set that holds the branch's coupons costs at the very least."""
        used = {self.candidates[place].coupon.group for place in branch.chosen}
        off_fen = sum([self.candidates[place].off_fen for place in branch.chosen])
        for verdict in self.candidates[branch.place :]:
            if verdict.coupon.group not in used:  # the first of a group saves most
                used.add(verdict.coupon.group)
                off_fen += verdict.off_fen
        return max(0, self.bare_fen - off_fen)


def _reach(top: Worktop, coupon: CouponRule) -> frozenset[int]:
    """The lines that a goods coupon takes whole; none for one that leaves some of them."""
    if coupon.lane is not Lane.COUPON or isinstance(coupon, CouponExchange):
        return frozenset()
    return frozenset([item.index for item in top.open_to(coupon) if item.left_fen])


def _ending(coupon: CouponRule) -> tuple[datetime, int]:
    return coupon.ends_at or NEVER, coupon.grant_id
