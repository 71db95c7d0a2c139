"""The orders of the demo: who buys what when, and how far each gets. Drawn by dice, on paper.

Most are history, from which sales, tiers and reviews come; the four demo shoppers receive what
their tier needs; some are open, so that every list of the shop has something in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mall.console.demo.market import Basket, Market, Shopper, Ware, lines_of

DAY_MINUTES = 24 * 60
HISTORY_ORDERS = 250
RECEIVED_AFTER_DAYS = 6
LOOK_AHEAD = 40
HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 12, 16, 20, 22, 24, 20, 16, 16, 18, 20, 22, 28, 34, 36, 26, 10)
"""How busy each hour of a day is."""
NOTES = (
    "放快递柜就行",
    "周末再送，谢谢",
    "不用打电话，放门口",
    "送人的，别放价签",
    "麻烦包严实一点",
)


class Fate(StrEnum):
    """How far an order gets."""

    DELIVERED = "delivered"
    ON_THE_WAY = "on_the_way"
    PAID = "paid"
    UNPAID = "unpaid"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Since(StrEnum):
    """What a moment is counted from."""

    MIDNIGHT = "midnight"
    DAWN = "dawn"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Moment:
    """Minutes before the last midnight or before now, or thousandths of the day gone by."""

    since: Since
    number: int

    @property
    def days_ago(self) -> int:
        """How many days before the present day; 0 on it."""
        return -(-self.number // DAY_MINUTES) if self.since == Since.MIDNIGHT else 0

    def instant(self, midnight: datetime, now: datetime) -> datetime:
        """The instant it means."""
        if self.since == Since.DAWN:
            return midnight + (now - midnight) * self.number / 1000
        base = midnight if self.since == Since.MIDNIGHT else now
        return base - timedelta(minutes=self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrder:
    """One order to be; ``address`` is which of the member's, ``claims`` a coupon to take first."""

    key: str
    phone: str
    address: int
    lines: tuple[tuple[str, int], ...]
    fate: Fate
    placed: Moment
    claims: str = ""
    uses_coupons: bool = True
    spends_points: bool = False
    note: str = ""


OPEN_ORDERS = (
    (0, Fate.PAID, Moment(Since.DAWN, 420)),
    (0, Fate.UNPAID, Moment(Since.NOW, 4)),
    (1, Fate.ON_THE_WAY, Moment(Since.MIDNIGHT, 3_085)),
    (1, Fate.UNPAID, Moment(Since.NOW, 7)),
    (2, Fate.ON_THE_WAY, Moment(Since.MIDNIGHT, 3_010)),
    (2, Fate.PAID, Moment(Since.MIDNIGHT, 170)),
    (2, Fate.UNPAID, Moment(Since.NOW, 2)),
    (3, Fate.ON_THE_WAY, Moment(Since.MIDNIGHT, 3_160)),
    (3, Fate.PAID, Moment(Since.DAWN, 730)),
)
"""What the four demo shoppers have open: (which of them, how far, placed when)."""
MORNING_PERMILLES = (110, 260, 390, 540, 680, 850)


def plan(
    market: Market,
    *,
    demo: Sequence[tuple[Shopper, int]],
    praised: Sequence[str],
    day_weights: Mapping[int, int],
) -> list[PlannedOrder]:
    """All orders. ``demo`` are the demo shoppers with what they are to receive, in fen; ``praised``
    the products that reviews are about; ``day_weights`` days ago -> how busy that day was."""
    return [
        *_received(market, demo),
        *_history(market, list(praised), day_weights),
        *_open(market, [shopper for shopper, _target_fen in demo]),
        *_this_morning(market),
    ]


def _received(market: Market, demo: Sequence[tuple[Shopper, int]]) -> Iterator[PlannedOrder]:
    for number, (shopper, target_fen) in enumerate(demo, 1):
        count = min(8, -(-target_fen // 20_000))
        oldest = min(41, shopper.joined_days_ago - 1)
        goods = market.shopping_list(shopper.regions[0], oldest, target_fen)
        baskets = [goods[part::count] for part in range(count)]
        for part, basket in enumerate(basket for basket in baskets if basket):
            age = oldest - part * (oldest - RECEIVED_AFTER_DAYS - 2) // max(count - 1, 1)
            yield PlannedOrder(
                key=f"received-{number}-{part + 1}",
                phone=shopper.phone,
                address=0,
                lines=lines_of(basket),
                fate=Fate.DELIVERED,
                placed=Moment(Since.MIDNIGHT, age * DAY_MINUTES - market.dice.randrange(540, 1380)),
                uses_coupons=False,
            )


def _history(
    market: Market, praised: list[str], day_weights: Mapping[int, int]
) -> Iterator[PlannedOrder]:
    market.dice.shuffle(praised)
    for number, placed in enumerate(_moments(market, day_weights), 1):
        shopper = market.shopper(placed.days_ago)
        address = market.dice.randrange(len(shopper.regions)) if number % 4 == 0 else 0
        region = shopper.regions[address]
        first = None
        if placed.days_ago >= RECEIVED_AFTER_DAYS:
            first = _next_praised(market, praised, region, placed.days_ago)
        basket = market.basket(region, placed.days_ago, first)
        if basket:
            yield _ordinary(market, f"history-{number}", shopper, address, basket, placed, number)


def _moments(market: Market, day_weights: Mapping[int, int]) -> list[Moment]:
    """Instants of the history, the oldest first."""
    dice = market.dice
    days = dice.choices(list(day_weights), weights=list(day_weights.values()), k=HISTORY_ORDERS)
    hours = dice.choices(range(24), weights=HOURS, k=HISTORY_ORDERS)
    minutes = [
        day * DAY_MINUTES - hour * 60 - dice.randrange(60)
        for day, hour in zip(days, hours, strict=True)
    ]
    return [Moment(Since.MIDNIGHT, minute) for minute in sorted(minutes, reverse=True)]


def _next_praised(market: Market, praised: list[str], region: str, days_ago: int) -> Ware | None:
    """A ware of the next product with a review that nobody has bought yet."""
    for product in praised[:LOOK_AHEAD]:
        ware = market.ware(region, days_ago, within=product)
        if ware is not None:
            praised.remove(product)
            return ware
    return None


def _ordinary(
    market: Market,
    key: str,
    shopper: Shopper,
    address: int,
    basket: Basket,
    placed: Moment,
    number: int,
) -> PlannedOrder:
    is_claiming = market.dice.random() < 0.45
    return PlannedOrder(
        key=key,
        phone=shopper.phone,
        address=address,
        lines=lines_of(basket),
        fate=_fate(number),
        placed=placed,
        claims=market.claim(shopper.phone, basket) if is_claiming else "",
        spends_points=market.dice.random() < 0.15,
        note=market.dice.choice(NOTES) if market.dice.random() < 0.08 else "",
    )


def _fate(number: int) -> Fate:
    """Nearly all arrive; a few of the history do not."""
    if number % 80 == 33:
        return Fate.TIMED_OUT
    if number % 110 == 57:
        return Fate.CANCELLED
    return Fate.REFUNDED if number % 95 == 90 else Fate.DELIVERED


def _open(market: Market, shoppers: Sequence[Shopper]) -> Iterator[PlannedOrder]:
    for number, (index, fate, placed) in enumerate(OPEN_ORDERS, 1):
        shopper = shoppers[index]
        basket = market.basket(shopper.regions[0], placed.days_ago)
        yield PlannedOrder(
            key=f"open-{number}",
            phone=shopper.phone,
            address=0,
            lines=lines_of(basket),
            fate=fate,
            placed=placed,
            uses_coupons=False,
        )


def _this_morning(market: Market) -> Iterator[PlannedOrder]:
    for number, permille in enumerate(MORNING_PERMILLES, 1):
        shopper = market.shopper(0)
        yield PlannedOrder(
            key=f"morning-{number}",
            phone=shopper.phone,
            address=0,
            lines=lines_of(market.basket(shopper.regions[0], 0)),
            fate=Fate.PAID,
            placed=Moment(Since.DAWN, permille),
        )
