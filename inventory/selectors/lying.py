"""How long goods have lain, how often they turn, what the warehouses lose.

Source: requirements I-07, I-10, I-52.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import TruncMonth

from inventory.forecast import (
    days_of_supply,
    loss_rate_bp,
    pieces_by_age,
    turn_days,
    turns_hundredths,
)
from inventory.models import StockItem, StockLoss, StockMovement
from mall.kernel import clock

Kind = StockMovement.Kind
CAME_IN = (Kind.RECEIPT, Kind.RETURN, Kind.TRANSFER_IN, Kind.TRANSFER_BACK, Kind.COUNT)
HANDLED = (Kind.RECEIPT, Kind.RETURN, Kind.TRANSFER_IN, Kind.SALE, Kind.TRANSFER_OUT)


@dataclass(frozen=True, slots=True)
class Lying:
    """One stock row: its pieces by age class, its turns and the days that it will last."""

    item: StockItem
    by_age: tuple[int, ...]
    turns_hundredths: int | None
    turn_days: int | None
    days_of_supply: int | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class LossRate:
    """One warehouse and month: lost of handled pieces, and the money."""

    warehouse_id: int
    month: date
    handled: int
    lost: int
    loss_fen: int

    @property
    def rate_bp(self) -> int | None:
        """Lost pieces in basis points of those handled."""
        return loss_rate_bp(self.lost, self.handled)


def lying_goods(items: Sequence[StockItem], *, at: datetime, days: int) -> list[Lying]:
    """Age, turns of the last ``days`` and days of supply of these rows. Queries: 2.

    The rows come with SKU and forecast. Average stock is the mean of what lay there at the
    beginning and at the end, at standard cost.
    """
    ids = [item.pk for item in items]
    receipts = _receipts(ids, at)
    moved = _moved(ids, at - timedelta(days=days))
    return [_lying(item, receipts[item.pk], moved.get(item.pk, (0, 0)), days) for item in items]


def _lying(
    item: StockItem, receipts: Sequence[tuple[int, int]], moved: tuple[int, int], days: int
) -> Lying:
    sold, change = moved
    cost = item.sku.cost_fen
    average_twice = item.on_hand + max(item.on_hand - change, 0)
    turns = turns_hundredths(2 * sold * cost, average_twice * cost)
    forecast = getattr(item, "forecast", None)
    mean = forecast.mean_hundredths if forecast else 0
    return Lying(
        item=item,
        by_age=pieces_by_age(item.on_hand, receipts),
        turns_hundredths=turns,
        turn_days=turn_days(days, turns),
        days_of_supply=days_of_supply(item.available, mean),
        is_over=bool(forecast and forecast.overstocked_since),
    )


def _receipts(ids: Sequence[int], at: datetime) -> Mapping[int, list[tuple[int, int]]]:
    """(Age in days, pieces) of what came in, newest first, by stock row."""
    today = clock.day_of(at)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = StockMovement.objects.filter(
        item__in=ids, kind__in=CAME_IN, delta_on_hand__gt=0
    ).order_by("-at", "-pk")
    for pk, came_at, pieces in rows.values_list("item_id", "at", "delta_on_hand"):
        found[pk].append(((today - clock.day_of(came_at)).days, pieces))
    return found


def _moved(ids: Sequence[int], since: datetime) -> dict[int, tuple[int, int]]:
    """(Pieces sold, change of what is on hand) since then, by stock row."""
    sold = Case(When(kind=Kind.SALE, then=-F("delta_on_hand")), default=Value(0))
    rows = (
        StockMovement.objects.filter(item__in=ids, at__gte=since)
        .order_by()
        .values_list("item_id")
        .annotate(sold=Sum(sold), change=Sum("delta_on_hand"))
    )
    return {pk: (sold, change) for pk, sold, change in rows}


def loss_rates(*, first: date, last: date) -> list[LossRate]:
    """Loss rate of each warehouse and month that handled or lost something. Queries: 2."""
    begin, end = clock.bounds(first)[0], clock.bounds(last)[1]
    handled = _handled(begin, end)
    lost = _lost(begin, end)
    return [
        LossRate(
            house,
            month,
            handled.get((house, month), 0),
            *lost.get((house, month), (0, 0)),
        )
        for month, house in sorted(
            {(month, house) for house, month in handled | lost}, reverse=True
        )
    ]


def _handled(begin: datetime, end: datetime) -> dict[tuple[int, date], int]:
    """Pieces that came in or left, by warehouse and month."""
    pieces = Case(When(delta_on_hand__lt=0, then=-F("delta_on_hand")), default=F("delta_on_hand"))
    rows = (
        StockMovement.objects.filter(kind__in=HANDLED, at__gte=begin, at__lt=end)
        .order_by()
        .values_list("item__warehouse_id", TruncMonth("at", tzinfo=clock.SHANGHAI))
        .annotate(pieces=Sum(pieces + _came_defective()))
    )
    return {(house, clock.day_of(month)): number for house, month, number in rows}


def _came_defective() -> Case:
    """A return may come in as defective: it was handled too."""
    return Case(When(kind=Kind.RETURN, then=F("delta_defective")), default=Value(0))


def _lost(begin: datetime, end: datetime) -> dict[tuple[int, date], tuple[int, int]]:
    rows = (
        StockLoss.objects.filter(at__gte=begin, at__lt=end)
        .order_by()
        .values_list("warehouse_id", TruncMonth("at", tzinfo=clock.SHANGHAI))
        .annotate(lost=Sum("pieces"), fen=Sum("loss_fen"))
    )
    return {(house, clock.day_of(month)): (lost, fen) for house, month, lost, fen in rows}
