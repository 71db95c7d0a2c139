"""The goods of an order in stock: held when it is placed, let go when it closes.

Most orders reserve free pieces; what an activity sells may come from elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime

from inventory.services import release_stock, reserve_stock
from orders.models import Order, OrderLine
from promotions.models import Campaign
from promotions.services import OfferLine


def hold_goods(order: Order, lines: Iterable[OrderLine], *, at: datetime, attempt: int = 1) -> None:
    """Hold every piece of the order, last in its transaction. A presale sells what is yet to come.

    Locks, queries, raises: as `inventory.services.reserve_stock`.
    """
    if order.offer_kind == Campaign.Kind.PRESALE:
        return
    reserve_stock(
        order_number=order.number,
        wanted=stock_of(lines),
        region_code=order.region_code,
        at=at,
        attempt=attempt,
    )


def free_goods(order: Order, *, at: datetime) -> None:
    """Let go of every piece the order still holds, once."""
    release_stock(order_number=order.number, at=at)


def stock_of(lines: Iterable[OrderLine]) -> dict[str, tuple[int, int]]:
    """What lines hold in stock, as inventory names them: position -> (SKU, pieces)."""
    return {
        str(line.position): (line.sku_id, line.quantity)
        for line in lines
        if line.sku_id is not None
    }


def offer_line_of(order: Order, lines: Iterable[OrderLine]) -> OfferLine:
    """The one line of an order that was placed in an activity; gifts come beside it."""
    line = next(line for line in lines if not line.is_gift)
    assert order.offer_id is not None, "an activity's order names it"
    assert line.sku_id is not None, "activities sell goods of the catalogue"
    return OfferLine(order.offer_id, line.sku_id, line.quantity, order.offer_reference)
