"""Prices by the clock: in force now, planned, offered before. Source: requirements C-28, C-29.

A scheduled change holds from its instant whether or not the timer has written it into the SKU:
every read of a price adds :func:`due_price`.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from catalog.models import PriceChange, PriceGuard, PriceHistory, Product, Sku
from catalog.pricing import Standing, Step, lowest_offered, standing

DAYS_30 = timedelta(days=30)
LATEST_OF_OTHERS = 20


class Tag(NamedTuple):
    """A price and its list price."""

    price_fen: int
    list_price_fen: int


class PlannedPrice(NamedTuple):
    """What a SKU will cost from ``at`` on, as decided."""

    at: datetime
    price_fen: int
    list_price_fen: int


def due_price(sku_column: str, at: datetime) -> Subquery:
    """The change that came due and is not written yet, of the SKU in a column of the outer row.

    {price_fen, list_price_fen} or None; :func:`in_force` reads it.
    """
    due = PriceChange.objects.due(at).filter(sku=OuterRef(sku_column))
    return Subquery(
        due.order_by("-effective_at", "-pk").values(
            tag=JSONObject(price_fen="price_fen", list_price_fen="list_price_fen")
        )[:1]
    )


def in_force(row: Mapping[str, Any]) -> Tag:
    """The prices of a SKU's row that was read with ``due=due_price(..)``."""
    tag = row["due"] or row
    return Tag(tag["price_fen"], tag["list_price_fen"])


def prices_at(sku_ids: Collection[int], at: datetime) -> dict[int, Tag]:
    """What these SKUs cost at ``at``, without any promotion. Queries: 1."""
    rows = Sku.objects.filter(pk__in=sku_ids).annotate(due=due_price("pk", at))
    return {
        row["id"]: in_force(row) for row in rows.values("id", "price_fen", "list_price_fen", "due")
    }


def planned_prices(sku_ids: Collection[int], after: datetime) -> dict[int, list[PlannedPrice]]:
    """Decided changes of these SKUs later than ``after``, in order, by SKU id. Queries: 1."""
    found: dict[int, list[PlannedPrice]] = defaultdict(list)
    rows = PriceChange.objects.of_skus(sku_ids).scheduled().filter(effective_at__gt=after)
    columns = ("sku_id", "effective_at", "price_fen", "list_price_fen")
    for sku_id, *plan in rows.order_by("effective_at", "pk").values_list(*columns):
        found[sku_id].append(PlannedPrice(*plan))
    return dict(found)


def lowest_price_30d(sku_ids: Collection[int], at: datetime) -> dict[int, int]:
    """The lowest price each SKU was offered at in the 30 days up to ``at``, in fen.

    SKUs that shoppers could not buy in that time are left out. Basic prices only: what a campaign
    or coupon took off besides is not counted. Queries: 2.
    """
    since = at - DAYS_30
    steps = price_steps(sku_ids, since, at)
    lowest = {sku_id: lowest_offered(steps[sku_id], since, at) for sku_id in steps}
    return {sku_id: price_fen for sku_id, price_fen in lowest.items() if price_fen is not None}


def price_steps(
    sku_ids: Collection[int], since: datetime | None, until: datetime
) -> dict[int, list[Step]]:
    """Each SKU's price over time, from the one in force at ``since`` (None: the first), in order.

    Changes that came due and are not written yet are there. Queries: 2.
    """
    rows = PriceHistory.objects.filter(sku_id__in=sku_ids, at__lte=until)
    if since is not None:
        before = PriceHistory.objects.filter(sku=OuterRef("sku"), at__lte=since)
        start = Subquery(before.order_by("-at", "-pk").values("at")[:1])
        rows = rows.filter(Q(at__gt=since) | Q(at=start))
    steps: dict[int, list[Step]] = defaultdict(list)
    written = rows.order_by("at", "pk").values_list("sku_id", "at", "price_fen", "is_offered")
    for sku_id, *step in itertools.chain(written, _unwritten(sku_ids, until)):
        steps[sku_id].append(Step(*step))
    return {sku_id: sorted(found, key=lambda step: step.at) for sku_id, found in steps.items()}


def _unwritten(sku_ids: Collection[int], until: datetime) -> list[tuple[Any, ...]]:
    rows = PriceChange.objects.of_skus(sku_ids).due(until).order_by("effective_at", "pk")
    columns = ("sku__is_active", "sku__product__status")
    return [
        (sku_id, at, price_fen, is_active and status == Product.Status.ON_SALE)
        for sku_id, at, price_fen, is_active, status in rows.values_list(
            "sku_id", "effective_at", "price_fen", *columns
        )
    ]


def price_guard() -> PriceGuard:
    """The shop's limits; the usual ones where none were saved. Queries: 1."""
    return PriceGuard.objects.first() or PriceGuard(pk=1)


def competition(product: Product, at: datetime) -> Standing | None:
    """Others' latest prices of a product (one a competitor) beside its own lowest. Queries: 2."""
    latest: dict[str, int] = {}
    rows = product.competitor_prices.order_by("-seen_on", "-pk")
    for competitor, price_fen in rows.values_list("competitor", "price_fen"):
        if len(latest) < LATEST_OF_OTHERS:
            latest.setdefault(competitor, price_fen)
    own = prices_at(list(product.skus.filter(is_active=True).values_list("pk", flat=True)), at)
    if not own:
        return None
    return standing(min(tag.price_fen for tag in own.values()), list(latest.values()))
