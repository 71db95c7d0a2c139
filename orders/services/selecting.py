"""Which lines of a cart can be ordered now: one answer for cart page, checkout quote and order."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product
from inventory.errors import OutOfStock
from inventory.models import StockItem
from orders.errors import NothingSelected
from orders.models import CartLine
from orders.services.carting import CartOwner, carts_of, lines_of


class Problem(StrEnum):
    """What keeps a cart line from being ordered as it stands; ``price_changed`` only says so."""

    OFF_SHELF = "off_shelf"
    SOLD_OUT = "sold_out"
    REGION = "region"
    LIMIT = "limit"
    PRICE_CHANGED = "price_changed"


def problem_of(
    *, is_buyable: bool, quantity: int, available: int, most: int | None = None
) -> Problem | None:
    """Why ``quantity`` pieces cannot be ordered, None when they can. ``most`` is what one order may
    hold."""
    if not is_buyable:
        return Problem.OFF_SHELF
    if available < 1:
        return Problem.SOLD_OUT
    return Problem.LIMIT if quantity > min(available, most or available) else None


def selected_lines(owner: CartOwner, *, locked: bool = False) -> list[CartLine]:
    """The selected lines of a cart that can be ordered, oldest first. Queries: 1.

    With ``locked`` the cart is locked first, in a statement of its own: lines that are read while
    waiting for a lock are those of before the wait, and would be ordered twice. Raises:
    NothingSelected; OutOfStock when stock is all that is missing.
    """
    carts = carts_of(owner) if locked else None
    if carts is not None:
        list(carts.locked().values_list("pk"))
    stock = StockItem.objects.in_use().filter(sku=OuterRef("sku_id")).order_by().values("sku")
    free = stock.annotate(pieces=Sum(F("on_hand") - F("reserved"))).values("pieces")
    lines = lines_of(owner).filter(is_selected=True).annotate(free=Coalesce(Subquery(free), 0))
    return _orderable(list(lines.select_related("cart", "sku__product").order_by("pk")))


def _orderable(lines: Sequence[Any]) -> list[CartLine]:
    problems = {line.pk: _problem(line) for line in lines}
    good = [line for line in lines if problems[line.pk] is None]
    if good:
        return good
    for line in lines:
        if problems[line.pk] in (Problem.SOLD_OUT, Problem.LIMIT):
            raise OutOfStock(sku=line.sku.code, available=line.free)
    raise NothingSelected


def _problem(line: Any) -> Problem | None:
    sku = line.sku
    is_offered = sku.is_active and not sku.is_gift_only
    is_buyable = is_offered and sku.product.status == Product.Status.ON_SALE
    limits = (sku.order_limit, sku.product.member_limit, sku.product.total_limit)
    return problem_of(
        is_buyable=is_buyable,
        quantity=line.quantity,
        available=line.free,
        most=min((limit for limit in limits if limit is not None), default=None),
    )
