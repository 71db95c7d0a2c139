"""What a checkout page remembers and offers: the last invoice, the channel of a link, the stores
where goods can be fetched. Source: O-12, O-34, X-55."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.models import Store
from inventory.selectors import pickup_stores, store_pieces
from orders.models import Channel, Order


def last_invoice(member_id: int) -> dict[str, str]:
    """What the member asked for the last time, empty when never. Queries: 1."""
    asked = Order.objects.of_member(member_id).filter(invoice__isnull=False)
    return asked.order_by("-placed_at", "-pk").values_list("invoice", flat=True).first() or {}


def known_channel(code: str) -> str:
    """The code of a channel that is in use, empty for anything else. Queries: 1, none without a
    code."""
    if not code:
        return ""
    return Channel.objects.active().filter(code=code).values_list("code", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class PickupChoice:
    """A store that hands orders over; ``has_all`` when everything wanted lies there now."""

    store: Store
    has_all: bool


def pickup_choices(wanted: Mapping[int, int]) -> list[PickupChoice]:
    """The stores where ``wanted`` (SKU id -> pieces) may be fetched, those that have all of it
    first. Queries: 2, 1 without a store."""
    stores = pickup_stores()
    free = store_pieces([store.warehouse_id for store in stores], wanted)
    choices = [
        PickupChoice(store, _has_all(free.get(store.warehouse_id, {}), wanted)) for store in stores
    ]
    return sorted(choices, key=lambda choice: not choice.has_all)


def _has_all(free: Mapping[int, Any], wanted: Mapping[int, int]) -> bool:
    return all(free.get(sku_id, 0) >= pieces for sku_id, pieces in wanted.items())
