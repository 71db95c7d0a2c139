"""A guest's cart comes along at sign-in. Source: requirement O-01; F-38."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from mall.kernel.db import atomic_retry
from orders.models import Cart, CartLine
from orders.models.cart import digest_of
from orders.services.carting import MAX_LINES, MAX_PIECES, bump


@atomic_retry()
def merge_cart(*, token: str, member_id: int, at: datetime) -> None:
    """Bring a guest's cart into the member's: lines of one SKU become one, their pieces add up to
    at most what one order may hold; lines add up to at most 120.

    The guest's cart is gone afterwards, so a repeated or unknown token changes nothing.
    Locks: both carts, pk order. Queries: 8 at most, however many lines.
    """
    carts = Cart.objects.filter(Q(member_id=member_id) | Q(token_hash=digest_of(token))).locked()
    found = {cart.member_id: cart for cart in carts}
    guest = found.pop(None, None)
    if guest is None:
        return
    cart = found.get(member_id) or _hand_over(guest, member_id)
    if cart is None:
        return
    lines = list(
        CartLine.objects.filter(cart_id__in=[cart.pk, guest.pk])
        .select_related("sku__product")
        .order_by("pk")
    )
    _merge_lines(cart, [line for line in lines if line.cart_id == cart.pk], guest, lines)
    guest.delete()
    bump(cart, at)


def _hand_over(guest: Cart, member_id: int) -> Cart | None:
    """Make the guest's cart the member's; gives the member's own if one came up meanwhile."""
    try:
        with transaction.atomic():
            Cart.objects.filter(pk=guest.pk).update(member_id=member_id, token_hash=None)
    except IntegrityError:  # the member's first click elsewhere made one
        return Cart.objects.of_member(member_id).locked().get()
    return None


def _merge_lines(cart: Cart, kept: list[CartLine], guest: Cart, lines: Iterable[CartLine]) -> None:
    known = {line.sku_id: line for line in kept}
    fresh: list[int] = []
    for line in lines:
        if line.cart_id != guest.pk:
            continue
        if line.sku_id in known:
            own = known[line.sku_id]
            own.quantity = max(own.quantity, min(own.quantity + line.quantity, _most_of(line)))
            own.is_selected = own.is_selected or line.is_selected
            own.source = line.source or own.source
        elif len(known) + len(fresh) < MAX_LINES:
            fresh.append(line.pk)
    CartLine.objects.bulk_update(kept, ["quantity", "is_selected", "source"])
    CartLine.objects.filter(pk__in=fresh).update(cart=cart)


def _most_of(line: CartLine) -> int:
    product = line.sku.product
    limits = (line.sku.order_limit, product.member_limit, product.total_limit)
    return min([MAX_PIECES, *[limit for limit in limits if limit is not None]])
