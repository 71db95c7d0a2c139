"""Taking everything out of a cart that cannot be ordered. Source: O-01."""

from datetime import datetime

from mall.kernel.db import atomic_retry
from orders.models import CartLine
from orders.services.carting import CartOwner, bump, find_cart, locked_cart
from orders.services.selecting import DEAD, with_problems


@atomic_retry()
def remove_invalid(*, owner: CartOwner, at: datetime, region_code: str = "") -> int:
    """Take out every line that is off the shelf, sold out or not delivered to the region; returns
    how many.

    Lines of which only fewer pieces can be had stay. Locks: the cart. Queries: 5, 2 without such
    a line, 1 without a cart.
    """
    if find_cart(owner) is None:
        return 0
    cart = locked_cart(owner)
    found = with_problems(owner, at, region_code)
    dead = [line.pk for line, problem in found if problem in DEAD]
    if dead:
        CartLine.objects.filter(cart=cart, pk__in=dead).delete()
        bump(cart, at)
    return len(dead)
