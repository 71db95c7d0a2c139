"""Basic prices: changed here only, every change kept. Source: requirement C-03."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.errors import PriceNotValid
from catalog.events import PricesChanged
from catalog.models import PriceHistory, Sku
from catalog.services.shelving import mark_shelf
from mall.kernel import audit
from mall.kernel.outbox import publish


def check_price(code: str, price_fen: int, list_price_fen: int) -> None:
    """Raises: PriceNotValid for a negative price or one above its list price."""
    if not 0 <= price_fen <= list_price_fen:
        raise PriceNotValid(sku=code, price_fen=price_fen, list_price_fen=list_price_fen)


def record_prices(skus: Iterable[Sku], at: datetime) -> None:
    """Keep what these SKUs cost from ``at`` on. Queries: 1."""
    PriceHistory.objects.bulk_create(
        [
            PriceHistory(sku=sku, price_fen=sku.price_fen, list_price_fen=sku.list_price_fen, at=at)
            for sku in skus
        ]
    )


@transaction.atomic
def set_sku_prices(
    *, prices: Mapping[int, tuple[int, int]], at: datetime, actor: Any = None
) -> list[int]:
    """Set price and list price (SKU id -> two amounts in fen); returns the ids that changed.

    Locks: SKUs, pk order. Raises: PriceNotValid; nothing is changed then. Emits: one PricesChanged.
    """
    changed = []
    for sku in Sku.objects.filter(pk__in=prices).locked():
        price_fen, list_price_fen = prices[sku.pk]
        check_price(sku.code, price_fen, list_price_fen)
        if (sku.price_fen, sku.list_price_fen) == (price_fen, list_price_fen):
            continue
        before = {"price_fen": sku.price_fen, "list_price_fen": sku.list_price_fen}
        sku.price_fen, sku.list_price_fen = price_fen, list_price_fen
        after = {"price_fen": price_fen, "list_price_fen": list_price_fen}
        changed.append(sku)
        if actor is not None:
            audit.record(
                actor=actor, verb="catalog.set_price", target=sku, at=at, before=before, after=after
            )
    if changed:
        Sku.objects.bulk_update(changed, ["price_fen", "list_price_fen"])
        record_prices(changed, at)
        mark_shelf(sku.product_id for sku in changed)
        publish(PricesChanged(sku_ids=tuple(sku.pk for sku in changed), at=at))
    return [sku.pk for sku in changed]
