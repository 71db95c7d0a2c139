"""Which lines of a cart can be ordered now: one answer for cart page, checkout quote and order."""

from collections.abc import Collection, Iterable, Sequence, Set
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.selectors import products_inside, templates_without, unsold_in, unsold_parts
from inventory.errors import OutOfStock
from inventory.models import StockItem
from inventory.selectors import available_pieces
from mall.kernel.db import Prepared
from orders.errors import NothingSelected
from orders.models import CartLine
from orders.services.carting import CartOwner, hold_cart, whose_lines


class Problem(StrEnum):
    """What keeps a cart line from being ordered as it stands; ``price_changed`` only says so."""

    OFF_SHELF = "off_shelf"
    SOLD_OUT = "sold_out"
    REGION = "region"
    LIMIT = "limit"
    PRICE_CHANGED = "price_changed"


def problem_of(
    *,
    is_buyable: bool,
    quantity: int,
    available: int,
    most: int | None = None,
    is_sent: bool = True,
) -> Problem | None:
    """Why ``quantity`` pieces cannot be ordered, None when they can. ``most`` is what one order may
    hold."""
    if not is_buyable:
        return Problem.OFF_SHELF
    if available < 1:
        return Problem.SOLD_OUT
    if not is_sent:
        return Problem.REGION
    return Problem.LIMIT if quantity > min(available, most or available) else None


DEAD = (Problem.OFF_SHELF, Problem.SOLD_OUT, Problem.REGION)
"""What fewer pieces do not mend."""


def selected_lines(
    owner: CartOwner, *, at: datetime, locked: bool = False, region_code: str = ""
) -> list[CartLine]:
    """The selected lines of a cart that can be ordered, oldest first; with ``region_code`` only
    what is sent there. Queries: 1, 1 more with a region.

    With ``locked`` the cart is locked first, in a statement of its own: lines that are read while
    waiting for a lock are those of before the wait, and would be ordered twice. Raises:
    NothingSelected; OutOfStock when stock is all that is missing.
    """
    if locked:
        hold_cart(owner)
    found = with_problems(owner, at, region_code)
    return _orderable([(line, problem) for line, problem in found if line.is_selected])


def with_problems(
    owner: CartOwner, at: datetime, region_code: str = ""
) -> list[tuple[Any, Problem | None]]:
    """Every line of a cart, oldest first, with what keeps it from being ordered. Queries: 1, 2 more
    with a region, 1 more with bundles."""
    whose = whose_lines(owner)
    rows = _with_stock(at=at, **whose) if whose else []
    _count_bundles(rows)
    templates = {line.sku.product.freight_template_id for line in rows}
    unsent = templates_without(templates, region_code) if region_code else frozenset()
    unsold = unsold_in({pk for line in rows for pk in _products(line)}, region_code)
    return [(line, _problem(line, at, unsent, unsold)) for line in rows]


@Prepared
def _with_stock(*, at: datetime, **whose: Any) -> QuerySet[CartLine]:
    """The lines of a cart with their goods and the free pieces of these; of bundles, with whose
    goods they are made of and whether one of these is not sold."""
    stock = StockItem.objects.in_use().filter(sku=OuterRef("sku_id")).order_by().values("sku")
    free = stock.annotate(pieces=Sum(F("on_hand") - F("reserved"))).values("pieces")
    lines = CartLine.objects.filter(**whose).annotate(
        free=Coalesce(Subquery(free), 0),
        part_products=products_inside("sku_id"),
        lacks_part=Exists(unsold_parts("sku_id", at)),
    )
    return lines.select_related("cart", "sku__product").order_by("pk")


def _products(line: Any) -> set[int]:
    """The product of a line, of a bundle those of its parts too."""
    return {line.sku.product_id, *line.part_products}


def _count_bundles(rows: Iterable[Any]) -> None:
    """Bundles have no stock of their own: their parts tell how many there are."""
    bundles = [line for line in rows if line.sku.is_bundle]
    free = available_pieces({line.sku_id for line in bundles}) if bundles else {}
    for line in bundles:
        line.free = free[line.sku_id]


def _orderable(found: Sequence[tuple[Any, Problem | None]]) -> list[CartLine]:
    good = [line for line, problem in found if problem is None]
    if good:
        return good
    for line, problem in found:
        if problem in (Problem.SOLD_OUT, Problem.LIMIT):
            raise OutOfStock(sku=line.sku.code, available=line.free)
    raise NothingSelected


def _problem(line: Any, at: datetime, unsent: Collection[int], unsold: Set[int]) -> Problem | None:
    sku, product = line.sku, line.sku.product
    is_offered = sku.is_active and not sku.is_gift_only and not line.lacks_part
    limits = (sku.order_limit, product.member_limit, product.total_limit)
    return problem_of(
        is_buyable=is_offered and product.is_on_shelf(at),
        is_sent=product.freight_template_id not in unsent and _products(line).isdisjoint(unsold),
        quantity=line.quantity,
        available=line.free,
        most=min((limit for limit in limits if limit is not None), default=None),
    )
