"""Once a day: what each stock row sells, its safety stock, what rises, what lies for too long.

A number that an operator typed is kept. Source: requirements I-04, I-07, I-49.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncDate

from inventory.forecast import (
    Demand,
    Terms,
    demand_of,
    is_overstock,
    is_rising,
    reorder_point,
    safety_stock,
)
from inventory.models import RestockPolicy, StockForecast, StockItem, StockMovement
from inventory.selectors import buyer_ids, supply_terms
from mall.kernel import audit, clock
from mall.kernel.notify import notify

BATCH = 500
NAMED = 5
WEEK = 7
DAY = timedelta(days=1)

DailyPieces = Mapping[int, Mapping[date, int]]


def forecast_demand(at: datetime) -> int:
    """Compute the forecast of every stock row from the sales of the whole days before ``at``.

    Batches of 500 rows, each its own transaction; running it twice writes the same. Returns the
    rows that are new to the overstock; the buyers are told of them once.
    """
    policy = RestockPolicy.objects.get(pk=1)
    today = clock.day_of(at)
    rising = _rising_skus(policy, today)
    newly: list[str] = []
    last = 0
    while ids := list(
        StockItem.objects.in_use()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        newly += _forecast(ids, policy, rising, today, at)
        last = ids[-1]
    _tell_of_overstock(newly, policy, at)
    return len(newly)


@transaction.atomic
def mark_hit(*, item_id: int, is_hit: bool, at: datetime, actor: Any = None) -> None:
    """Say that a SKU is a hit, or one no more: in every warehouse it is bought before others."""
    item = StockItem.objects.select_related("sku").get(pk=item_id)
    ids = list(StockItem.objects.filter(sku=item.sku_id).values_list("pk", flat=True))
    StockForecast.objects.bulk_create(
        [StockForecast(item_id=pk, is_hit=is_hit) for pk in ids],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["is_hit"],
    )
    audit.record(
        actor=actor,
        verb="inventory.mark_hit",
        target=item.sku,
        after={"is_hit": is_hit},
        at=at,
    )


def _daily(first: date, until: date, item_ids: Sequence[int] | None, key: str) -> DailyPieces:
    """Pieces sold by stock row or SKU and business day, ``until`` not included. Queries: 1."""
    begin, end = clock.bounds(first)[0], clock.bounds(until)[0]
    sales = StockMovement.objects.filter(kind=StockMovement.Kind.SALE, at__gte=begin, at__lt=end)
    if item_ids is not None:
        sales = sales.filter(item__in=item_ids)
    rows = (
        sales.order_by()
        .values_list(key, TruncDate("at", tzinfo=clock.SHANGHAI))
        .annotate(sold=Sum(-F("delta_on_hand")))
    )
    daily: dict[int, dict[date, int]] = defaultdict(dict)
    for pk, day, sold in rows:
        daily[pk][day] = sold
    return daily


def _rising_skus(policy: RestockPolicy, today: date) -> set[int]:
    """SKUs whose last day, in all warehouses together, stands out of the week before it."""
    yesterday = today - DAY
    by_sku = _daily(yesterday - WEEK * DAY, today, None, "item__sku_id")
    return {
        sku_id
        for sku_id, sold in by_sku.items()
        if is_rising(
            sold.get(yesterday, 0),
            _week_hundredths(sold, yesterday),
            rise_percent=policy.rise_percent,
            floor=policy.rise_floor_pieces,
        )
    }


def _week_hundredths(sold: Mapping[date, int], yesterday: date) -> int:
    return demand_of([sold.get(yesterday - n * DAY, 0) for n in range(1, WEEK + 1)]).mean_hundredths


@transaction.atomic
def _forecast(
    ids: Sequence[int], policy: RestockPolicy, rising: set[int], today: date, at: datetime
) -> list[str]:
    """Forecasts of some rows; returns the SKU codes new to the overstock. Locks: the rows."""
    items = list(StockItem.objects.filter(pk__in=ids).select_related("sku").locked())
    known = StockForecast.objects.in_bulk(ids)
    sold = _daily(today - policy.demand_days * DAY, today, ids, "item_id")
    terms = supply_terms({item.sku_id for item in items}, policy)
    newly, forecasts = [], []
    for item in items:
        row = known.get(item.pk) or StockForecast(item=item)
        was_over = row.overstocked_since is not None
        _fill(row, item, sold.get(item.pk, {}), policy, today, at)
        row.is_rising = item.sku_id in rising
        _set_levels(item, row, terms[item.sku_id], policy)
        forecasts.append(row)
        if row.overstocked_since and not was_over:
            newly.append(item.sku.code)
    StockItem.objects.bulk_update(items, ["safety_stock", "reorder_point"])
    _save(forecasts)
    return newly


def _fill(
    row: StockForecast,
    item: StockItem,
    sold: Mapping[date, int],
    policy: RestockPolicy,
    today: date,
    at: datetime,
) -> None:
    yesterday = today - DAY
    demand = demand_of([sold.get(today - n * DAY, 0) for n in range(1, policy.demand_days + 1)])
    row.mean_hundredths = demand.mean_hundredths
    row.deviation_hundredths = demand.deviation_hundredths
    row.yesterday = sold.get(yesterday, 0)
    row.week_hundredths = _week_hundredths(sold, yesterday)
    row.computed_on = today
    over = is_overstock(item.available, row.mean_hundredths, policy.overstock_days)
    row.overstocked_since = (row.overstocked_since or at) if over else None


def _set_levels(item: StockItem, row: StockForecast, terms: Terms, policy: RestockPolicy) -> None:
    """A typed safety stock is kept, and is the threshold unless the SKU is a hit or rising: then
    the last day counts as the mean."""
    demand = Demand(row.mean_hundredths, row.deviation_hundredths)
    if not item.is_safety_typed:
        item.safety_stock = safety_stock(
            demand.deviation_hundredths, terms.lead_days, policy.service_z_hundredths
        )
    if row.is_rising or row.is_hit:
        pace = max(demand.mean_hundredths, row.yesterday * 100)
        item.reorder_point = reorder_point(pace, terms.lead_days, item.safety_stock)
    elif item.is_safety_typed:
        item.reorder_point = 0
    else:
        item.reorder_point = reorder_point(
            demand.mean_hundredths, terms.lead_days, item.safety_stock
        )


def _save(forecasts: Iterable[StockForecast]) -> None:
    """One upsert; what an operator marked is not touched."""
    StockForecast.objects.bulk_create(
        forecasts,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=[
            "mean_hundredths",
            "deviation_hundredths",
            "yesterday",
            "week_hundredths",
            "is_rising",
            "overstocked_since",
            "computed_on",
        ],
    )


@transaction.atomic
def _tell_of_overstock(codes: Sequence[str], policy: RestockPolicy, at: datetime) -> None:
    if not codes:
        return
    count = Counter(codes)
    notify(
        buyer_ids(),
        "inventory.overstock",
        {
            "count": len(count),
            "days": policy.overstock_days,
            "skus": ", ".join(list(count)[:NAMED]),
        },
        route=("admin:stock_board", ()),
        source=f"overstock:{clock.day_of(at)}:{len(count)}",
        at=at,
    )
