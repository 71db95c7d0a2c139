"""Which lines of a cart can be ordered now: one answer for cart page, checkout quote and order."""

from collections.abc import Sequence
from enum import StrEnum

from catalog.models import Product
from inventory.errors import OutOfStock
from inventory.selectors import available_pieces
from orders.errors import NothingSelected
from orders.models import CartLine
from orders.services.carting import CartOwner, lines_of


class Problem(StrEnum):
    """What keeps a cart line from being ordered as it stands; ``price_changed`` only says so."""

    OFF_SHELF = "off_shelf"
    SOLD_OUT = "sold_out"
    LIMIT = "limit"
    PRICE_CHANGED = "price_changed"


def problem_of(*, is_buyable: bool, quantity: int, available: int) -> Problem | None:
    """Why ``quantity`` pieces cannot be ordered, None when they can."""
    if not is_buyable:
        return Problem.OFF_SHELF
    if available < 1:
        return Problem.SOLD_OUT
    return Problem.LIMIT if quantity > available else None


def selected_lines(owner: CartOwner, *, locked: bool = False) -> list[CartLine]:
    """The selected lines of a cart that can be ordered, oldest first. Queries: 2.

    With ``locked`` the cart is locked along. Raises: NothingSelected; OutOfStock when stock is all
    that is missing.
    """
    lines = lines_of(owner).filter(is_selected=True)
    lines = lines.select_related("cart", "sku__product").order_by("cart_id", "pk")
    if locked:
        lines = lines.select_for_update(of=("cart",), no_key=True)
    return orderable(list(lines))


def orderable(lines: Sequence[CartLine]) -> list[CartLine]:
    """Those of ``lines`` (with sku and product in hand) that can be ordered. Queries: 1."""
    free = available_pieces([line.sku_id for line in lines])
    problems = {line.pk: _problem(line, free[line.sku_id]) for line in lines}
    good = [line for line in lines if problems[line.pk] is None]
    if good:
        return good
    for line in lines:
        if problems[line.pk] in (Problem.SOLD_OUT, Problem.LIMIT):
            raise OutOfStock(sku=line.sku.code, available=free[line.sku_id])
    raise NothingSelected


def _problem(line: CartLine, available: int) -> Problem | None:
    sku = line.sku
    is_buyable = sku.is_active and sku.product.status == Product.Status.ON_SALE
    return problem_of(is_buyable=is_buyable, quantity=line.quantity, available=available)
