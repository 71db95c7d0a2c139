"""Basic prices are written here only, and every one is kept. Source: requirements C-03, C-28.

The system's own prices (seeds, imports from a shell) go straight through :func:`set_sku_prices`;
an operator's are asked for in `catalog.services.asking_prices`, which guards them.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction

from catalog.errors import PriceNotValid
from catalog.events import PricesChanged, PricesDropped
from catalog.models import PriceChange, PriceHistory, Sku
from catalog.pricing import was_offered
from catalog.selectors.prices import price_steps
from catalog.services.grading import grade_products
from catalog.services.shelving import mark_shelf
from mall.kernel import audit
from mall.kernel.outbox import publish

Kind = Sku.ListPriceKind
Drop = tuple[int, int, int, int]
"""SKU id, product id, fen before, fen now."""
DROPS_AN_EVENT = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Writing:
    """One price to be written into a locked SKU, from ``at`` on."""

    sku: Sku
    price_fen: int
    list_price_fen: int
    at: datetime
    actor: Any = None
    change: PriceChange | None = None


def check_price(code: str, price_fen: int, list_price_fen: int) -> None:
    """Raises: PriceNotValid for a negative price or one above its list price."""
    if not 0 <= price_fen <= list_price_fen:
        raise PriceNotValid(sku=code, price_fen=price_fen, list_price_fen=list_price_fen)


@transaction.atomic
def set_sku_prices(*, prices: Mapping[int, tuple[int, int]], at: datetime) -> list[int]:
    """Set price and list price (SKU id -> two amounts in fen) unasked; returns what changed.

    For the system: an operator's price goes through ``ask_prices``. Locks: SKUs, pk order.
    Raises: PriceNotValid; nothing is changed then. Emits: PricesChanged, PricesDropped.
    """
    skus = list(Sku.objects.filter(pk__in=prices).locked())
    settle_due(skus, at)
    writings = []
    for sku in skus:
        price_fen, list_price_fen = prices[sku.pk]
        check_price(sku.code, price_fen, list_price_fen)
        if (sku.price_fen, sku.list_price_fen) != (price_fen, list_price_fen):
            writings.append(Writing(sku, price_fen, list_price_fen, at))
    write_prices(writings, at)
    return [writing.sku.pk for writing in writings]


def settle_due(skus: Sequence[Sku], at: datetime) -> list[int]:
    """Write what came due into these locked SKUs, each from its own instant; returns their ids.

    Every verb that writes a price or judges one calls it first, so nothing is written out of
    order. Queries: 1 when nothing is due.
    """
    by_id = {sku.pk: sku for sku in skus}
    due = due_changes(by_id, at)
    if not due:
        return []
    for change in due:
        change.status = PriceChange.Status.APPLIED
    PriceChange.objects.bulk_update(due, ["status"])
    _end_limited(due)
    write_prices([_writing(by_id[change.sku_id], change) for change in due], at)
    return sorted({change.sku_id for change in due})


def due_changes(sku_ids: Iterable[int], at: datetime) -> list[PriceChange]:
    """Decided changes of these SKUs that are due and not written yet, in order. Queries: 1."""
    rows = PriceChange.objects.of_skus(list(sku_ids)).due(at)
    return list(rows.order_by("effective_at", "pk"))


def _writing(sku: Sku, change: PriceChange) -> Writing:
    amounts = (change.price_fen, change.list_price_fen)
    return Writing(sku, *amounts, change.effective_at, change.checker or change.maker, change)


def _end_limited(applied: Sequence[PriceChange]) -> None:
    """A limited price is over as soon as another one is written; its way back is not needed."""
    latest = {change.sku_id: change for change in applied}
    limited = PriceChange.objects.of_skus(latest).filter(
        status=PriceChange.Status.APPLIED, ends_at__isnull=False, ended_at=None
    )
    ended = [change for change in limited if latest[change.sku_id].pk != change.pk]
    for change in ended:
        change.ended_at = latest[change.sku_id].effective_at
    PriceChange.objects.bulk_update(ended, ["ended_at"])
    ways_back = PriceChange.objects.scheduled().filter(follows__in=ended)
    ways_back.update(status=PriceChange.Status.CANCELLED)


def write_prices(writings: Sequence[Writing], at: datetime) -> None:
    """Write prices into locked SKUs in the given order, history, trail and shelf with them.

    Listings are graded after commit, when no SKU is locked any more: a product is locked before its
    SKUs. Emits: PricesChanged, and PricesDropped for goods on sale. Queries: 7, and 1 more for
    each price of an operator (its trail) and each 200 products more that became cheaper.
    """
    if not writings:
        return
    skus = {writing.sku.pk: writing.sku for writing in writings}
    before = {pk: sku.price_fen for pk, sku in skus.items()}
    offered = _offered(skus, at)
    for writing in writings:
        _write(writing)
    PriceHistory.objects.bulk_create([_history(writing, offered) for writing in writings])
    judge_list_prices(list(skus.values()), at)
    Sku.objects.bulk_update(
        skus.values(), ["price_fen", "list_price_fen", "list_price_kind"], batch_size=1000
    )
    product_ids = {sku.product_id for sku in skus.values()}
    mark_shelf(product_ids)
    transaction.on_commit(lambda: grade_products(product_ids), robust=True)
    publish(PricesChanged(sku_ids=tuple(sorted(skus)), at=at))
    _publish_drops(
        [
            (pk, sku.product_id, before[pk], sku.price_fen)
            for pk, sku in skus.items()
            if pk in offered and sku.price_fen < before[pk]
        ],
        at,
    )


def _publish_drops(drops: Sequence[Drop], at: datetime) -> None:
    """One event for 200 products: many are told of each, and an event is one transaction."""
    by_product: dict[int, list[Drop]] = {}
    for drop in drops:
        by_product.setdefault(drop[1], []).append(drop)
    fallen = list(by_product.values())
    for start in range(0, len(fallen), DROPS_AN_EVENT):
        some = chain.from_iterable(fallen[start : start + DROPS_AN_EVENT])
        publish(PricesDropped(drops=tuple(some), at=at))


def _write(writing: Writing) -> None:
    sku = writing.sku
    before = {"price_fen": sku.price_fen, "list_price_fen": sku.list_price_fen}
    sku.price_fen, sku.list_price_fen = writing.price_fen, writing.list_price_fen
    if writing.actor is None:
        return
    audit.record(
        actor=writing.actor,
        verb="catalog.set_price",
        target=sku,
        at=writing.at,
        before=before,
        after={"price_fen": sku.price_fen, "list_price_fen": sku.list_price_fen},
    )


def _history(writing: Writing, offered: Collection[int]) -> PriceHistory:
    return PriceHistory(
        sku=writing.sku,
        price_fen=writing.price_fen,
        list_price_fen=writing.list_price_fen,
        is_offered=writing.sku.pk in offered,
        reason=writing.change.reason if writing.change else "",
        change=writing.change,
        at=writing.at,
    )


def record_prices(skus: Iterable[Sku], at: datetime) -> None:
    """Keep what these SKUs cost from ``at`` on, and whether they can be bought. Queries: 2."""
    rows = list(skus)
    offered = _offered({sku.pk: sku for sku in rows}, at)
    PriceHistory.objects.bulk_create(
        [_history(Writing(sku, sku.price_fen, sku.list_price_fen, at), offered) for sku in rows]
    )


@transaction.atomic
def note_offering(product_id: int, at: datetime) -> None:
    """Keep that a product's prices begin or cease to be offered: it went on or off sale.

    Locks: its SKUs, pk order. Queries: 5.
    """
    skus = list(Sku.objects.filter(product_id=product_id).locked())
    settle_due(skus, at)
    record_prices(skus, at)


def _offered(skus: Mapping[int, Sku], at: datetime) -> set[int]:
    return set(Sku.objects.buyable_at(at).filter(pk__in=skus).values_list("pk", flat=True))


def judge_list_prices(skus: Sequence[Sku], at: datetime) -> None:
    """Say of each SKU what its list price may be called (C-32); the caller stores it.

    One that shoppers could buy at it before is "our price before". A list price that claims so
    without proof is marked and never struck through; a suggested one says so. Queries: 2.
    """
    dearer = [sku for sku in skus if sku.list_price_fen > sku.price_fen]
    steps = price_steps([sku.pk for sku in dearer], None, at) if dearer else {}
    for sku in dearer:
        if was_offered(steps.get(sku.pk, ()), sku.list_price_fen, at):
            sku.list_price_kind = Kind.OFFERED
        elif sku.list_price_kind == Kind.OFFERED:
            sku.list_price_kind = Kind.UNPROVEN
