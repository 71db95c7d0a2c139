"""Carts: put in, change, select, take out. Source: requirements O-01, O-02.

Nothing here is priced: quantities are checked against stock, prices are the quote's business.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet

from catalog.selectors import SkuFacts, skus_for_pricing
from inventory.errors import OutOfStock
from inventory.selectors import available_pieces
from mall.kernel.db import Prepared, atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from mall.kernel.words import localized
from orders.errors import CartFull, GiftOnly, NotBuyable, QuantityLimit
from orders.events import CartLineAdded
from orders.models import Cart, CartLine
from orders.models.cart import CartQuerySet, digest_of
from orders.services.limiting import check_limits

MAX_PIECES = 999
MAX_LINES = 120
TOKEN_BYTES = 32
CONSUME = """
WITH consumed AS (DELETE FROM orders_cartline WHERE cart_id = %s AND id = ANY(%s))
UPDATE orders_cart SET version = version + 1, updated_at = %s WHERE id = %s
"""
PUT = """
WITH bumped AS (UPDATE orders_cart SET version = version + 1, updated_at = %s WHERE id = %s)
INSERT INTO orders_cartline
  (cart_id, sku_id, quantity, is_selected, added_price_fen, source, added_at)
VALUES (%s, %s, %s, true, %s, %s, %s)
ON CONFLICT (cart_id, sku_id) DO UPDATE SET quantity = EXCLUDED.quantity, is_selected = true,
  added_price_fen = EXCLUDED.added_price_fen, source = EXCLUDED.source
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class CartOwner:
    """Whose cart: a member's, or the one that a guest's token opens (neither: no cart yet)."""

    member_id: int | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class CartGoods:
    """The lines of a cart, newest first, with the facts and the free pieces of their SKUs."""

    lines: tuple[CartLine, ...]
    skus: Mapping[int, SkuFacts]
    free: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class CartChange:
    """What a change touched. ``token`` is set once: when it made a cart for a new guest; ``goods``
    are those of the cart afterwards, where the change has read them."""

    cart_id: int
    line_id: int
    quantity: int
    token: str | None = None
    goods: CartGoods | None = None


@dataclass(frozen=True, slots=True)
class OpenCart:
    """A locked cart; a new one has no line yet, and a new guest's its ``token``."""

    cart: Cart
    token: str | None = None
    is_new: bool = False

    def lines(self) -> list[CartLine]:
        """Its lines, newest first. Queries: 1, none for a new one."""
        return [] if self.is_new else _lines_in(cart_id=self.cart.pk)


@Prepared
def _lines_in(*, cart_id: int) -> QuerySet[CartLine]:
    return CartLine.objects.filter(cart_id=cart_id)


def find_cart(owner: CartOwner) -> Cart | None:
    """The owner's cart, None when there is none yet. Queries: 1 (none without an owner)."""
    carts = carts_of(owner)
    return None if carts is None else carts.first()


@atomic_retry()
def add_line(
    *, owner: CartOwner, sku_id: int, quantity: int, at: datetime, source: str = ""
) -> CartChange:
    """Put ``quantity`` more pieces of a SKU into the cart; a guest without one gets a cart and its
    token.

    ``source`` is what led to them (O-55); pieces that come from nowhere leave it as it was.
    Locks: the cart. Queries: 6, the same for 1 line and for 50. Raises: NotFound, GiftOnly,
    NotBuyable, OutOfStock, QuantityLimit, CartFull, what `check_limits` raises. Emits:
    CartLineAdded.
    """
    opened = open_cart(owner)
    lines = opened.lines()
    line = next((line for line in lines if line.sku_id == sku_id), None)
    skus = skus_for_pricing([sku_id, *(line.sku_id for line in lines)], at)
    facts = _sold(skus, sku_id)
    free = available_pieces(skus)
    total = quantity + (line.quantity if line else 0)
    _check_quantity(facts, total, free[sku_id])
    if line is None:
        if len(lines) >= MAX_LINES:
            raise CartFull(max=MAX_LINES)
        line = CartLine(cart=opened.cart, sku_id=sku_id, added_at=at)
        lines.append(line)
    line.quantity, line.is_selected, line.added_price_fen = total, True, facts.price_fen
    line.source = source or line.source
    line.pk = _put(line, at)
    publish(
        CartLineAdded(
            cart_id=opened.cart.pk,
            member_id=owner.member_id,
            product_id=facts.product_id,
            sku_id=sku_id,
            quantity=quantity,
            source=source,
            at=at,
        )
    )
    lines.sort(key=lambda line: (line.added_at, line.pk), reverse=True)
    goods = CartGoods(tuple(lines), skus, free)
    return CartChange(opened.cart.pk, line.pk, total, opened.token, goods)


def _put(line: CartLine, at: datetime) -> int:
    """Write a line of a locked cart, new or not, and note that the cart changed; returns its id.
    Queries: 1."""
    values = [line.cart_id, line.sku_id, line.quantity, line.added_price_fen]
    with connection.cursor() as cursor:
        cursor.execute(PUT, [at, line.cart_id, *values, line.source, line.added_at])
        return int(cursor.fetchone()[0])


@atomic_retry()
def change_line(
    *,
    owner: CartOwner,
    line_id: int,
    quantity: int | None = None,
    is_selected: bool | None = None,
    at: datetime,
) -> CartChange:
    """Set pieces or selection of one line; what is None stays. Locks: the cart. Queries: 5.

    Raises: NotFound, NotBuyable, OutOfStock, QuantityLimit, what `check_limits` raises.
    """
    cart = locked_cart(owner)
    line = cart.lines.filter(pk=line_id).first()
    if line is None:
        raise NotFound
    if quantity is not None:
        facts = buyable(line.sku_id, at)
        _check_quantity(facts, quantity, available_pieces([facts.id])[facts.id])
        line.quantity = quantity
    if is_selected is not None:
        line.is_selected = is_selected
    line.save(update_fields=["quantity", "is_selected"])
    bump(cart, at)
    return CartChange(cart.pk, line.pk, line.quantity)


@atomic_retry()
def remove_line(*, owner: CartOwner, line_id: int, at: datetime) -> CartLine:
    """Take one line out; returns what it was, so that it can be put back.

    Locks: the cart. Raises: NotFound. Queries: 4.
    """
    cart = locked_cart(owner)
    line = cart.lines.filter(pk=line_id).first()
    if line is None:
        raise NotFound
    cart.lines.filter(pk=line_id).delete()
    bump(cart, at)
    return line


@atomic_retry()
def select_lines(*, owner: CartOwner, is_selected: bool, at: datetime) -> None:
    """Select every line or none. Locks: the cart. Queries: 3; an owner without a cart changes
    nothing."""
    if find_cart(owner) is None:
        return
    cart = locked_cart(owner)
    cart.lines.update(is_selected=is_selected)
    bump(cart, at)


def empty_selected(cart: Cart, line_ids: Iterable[int], at: datetime) -> None:
    """Take ordered lines out of a locked cart: the order has consumed them. Queries: 1."""
    with connection.cursor() as cursor:
        cursor.execute(CONSUME, [cart.pk, list(line_ids), at, cart.pk])


def carts_of(owner: CartOwner) -> CartQuerySet | None:
    """The owner's cart as a queryset, None for a guest without a token."""
    if owner.member_id is not None:
        return Cart.objects.of_member(owner.member_id)
    return Cart.objects.of_token(owner.token) if owner.token else None


def lines_of(owner: CartOwner) -> QuerySet[CartLine]:
    """The lines of the owner's cart, none without one."""
    whose = whose_lines(owner)
    return CartLine.objects.filter(**whose) if whose else CartLine.objects.none()


def whose_lines(owner: CartOwner) -> dict[str, Any]:
    """By which columns the owner's lines are found; by none: there is no cart."""
    if owner.member_id is not None:
        return {"cart__member_id": owner.member_id}
    return {"cart__token_hash": digest_of(owner.token)} if owner.token else {}


def open_cart(owner: CartOwner) -> OpenCart:
    """The owner's cart, locked; made when there is none. An unknown token gets a new one.
    Queries: 1, 2 for a new one."""
    cart = hold_cart(owner)
    if cart is not None:
        return OpenCart(cart)
    if owner.member_id is None:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        return OpenCart(Cart.objects.create(token_hash=digest_of(token)), token, is_new=True)
    try:
        with transaction.atomic():
            return OpenCart(Cart.objects.create(member_id=owner.member_id), is_new=True)
    except IntegrityError:  # two first clicks at once: the other one made it
        return OpenCart(Cart.objects.of_member(owner.member_id).locked().get())


def locked_cart(owner: CartOwner) -> Cart:
    """The owner's cart, locked. Queries: 1. Raises: NotFound."""
    cart = hold_cart(owner)
    if cart is None:
        raise NotFound
    return cart


def hold_cart(owner: CartOwner) -> Cart | None:
    """The owner's cart, locked, None when there is none. Queries: 1, none for a guest without a
    token."""
    found: Cart | None = None
    if owner.member_id is not None:
        found = _members_cart.one(member_id=owner.member_id)
    elif owner.token:
        found = _guests_cart.one(token_hash=digest_of(owner.token))
    return found


@Prepared
def _members_cart(*, member_id: int) -> QuerySet[Cart]:
    return Cart.objects.of_member(member_id).locked()


@Prepared
def _guests_cart(*, token_hash: str) -> QuerySet[Cart]:
    return Cart.objects.filter(token_hash=token_hash).locked()


def buyable(sku_id: int, at: datetime) -> SkuFacts:
    """The facts of a SKU that is sold. Queries: 1. Raises: NotFound, GiftOnly, NotBuyable."""
    return _sold(skus_for_pricing([sku_id], at), sku_id)


def _sold(skus: Mapping[int, SkuFacts], sku_id: int) -> SkuFacts:
    facts = skus.get(sku_id)
    if facts is None:
        raise NotFound
    if facts.is_gift_only:
        raise GiftOnly(title=localized(facts, "title"), sku=facts.code)
    if not facts.is_buyable:
        raise NotBuyable(title=localized(facts, "title"), sku=facts.code)
    return facts


def _check_quantity(facts: SkuFacts, quantity: int, available: int) -> None:
    if quantity > MAX_PIECES:
        raise QuantityLimit(max=MAX_PIECES)
    check_limits(facts, quantity)
    if quantity > available:
        raise OutOfStock(sku=facts.code, available=available)


def bump(cart: Cart, at: datetime) -> None:
    """Note that a cart changed. Queries: 1."""
    Cart.objects.filter(pk=cart.pk).update(version=F("version") + 1, updated_at=at)
