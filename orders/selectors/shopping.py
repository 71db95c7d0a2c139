"""Reads of orders: the cart as it stands, orders with all that is shown of them, reviews, counts.

Every selector of orders is owner-scoped: another member's order is not there (ATK-01).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from catalog.selectors import SkuFacts, cards_of, skus_for_pricing, templates_without
from inventory.selectors import available_pieces
from mall.kernel.errors import NotFound
from members.models import Address, Member
from members.selectors import inbox
from orders.models import CartLine, Order, OrderLine, Payment, Shipment
from orders.services.carting import CartChange, CartGoods, CartOwner, carts_of, lines_of
from orders.services.quoting import NEAR_OFFERS, Ask, Quoted, Wanted, quote
from orders.services.selecting import Problem, problem_of
from promotions.models import CouponGrant

WAITING = (Order.Status.PAID, Order.Status.PART_SHIPPED)
TO_SHIP, TO_REVIEW, HIDDEN = "to_ship", "to_review", "hidden"
"""Tabs of the order list that are no status: paid, not all shipped; received, not reviewed; taken
off the list."""


@dataclass(frozen=True, slots=True)
class CartLineView:
    """One line of a cart with what is known of its SKU now."""

    id: int
    facts: SkuFacts
    quantity: int
    is_selected: bool
    available: int
    added_price_fen: int
    invalid: str | None
    card: Mapping[str, Any] | None

    @property
    def is_orderable(self) -> bool:
        """Nothing stands against ordering it; another price than when it was added does not."""
        return self.invalid in (None, Problem.PRICE_CHANGED)

    @property
    def price_fen(self) -> int:
        """The shop's ordinary price of one piece."""
        return self.facts.price_fen


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as it is shown. ``quoted`` prices the selected lines that can be ordered, None without
    any."""

    lines: tuple[CartLineView, ...]
    quoted: Quoted | None

    @property
    def pieces(self) -> int:
        """Pieces in the cart, selected or not."""
        return sum(line.quantity for line in self.lines)


EMPTY_CART = CartView((), None)


def cart_view(owner: CartOwner, at: datetime, *, region_code: str = "") -> CartView:
    """The owner's cart, newest line first, priced with what is nearly reached.

    With ``region_code`` what is not sent there is marked, and the price holds what the way there
    costs, of several shops what each charges (X-57). Queries: 10 at most, the same for 2 lines
    and for 50; 1 more with a region.
    """
    rows = tuple(lines_of(owner))
    if not rows:
        return EMPTY_CART
    skus = skus_for_pricing([row.sku_id for row in rows], at)
    lines = _line_views(CartGoods(rows, skus, available_pieces(skus)), region_code, at)
    chosen = [line for line in lines if line.is_selected and line.is_orderable]
    quoted = _priced(chosen, owner, region_code, at) if chosen else None
    return CartView(tuple(lines), quoted)


def cart_after(change: CartChange, at: datetime) -> CartView:
    """The cart as `add_line` left it, not priced. Queries: 1."""
    assert change.goods is not None, "what was put in was read"
    return CartView(tuple(_line_views(change.goods, "", at)), None)


def _priced(
    lines: Sequence[CartLineView], owner: CartOwner, region_code: str, at: datetime
) -> Quoted:
    wanted = tuple(Wanted(line.facts.id, line.quantity) for line in lines)
    ask = Ask(wanted=wanted, region_code=region_code or None, explain=frozenset({NEAR_OFFERS}))
    return quote(ask=ask, member_id=owner.member_id, at=at)


def _line_views(goods: CartGoods, region_code: str, at: datetime) -> list[CartLineView]:
    skus, free = goods.skus, goods.free
    templates = {facts.template_id for facts in skus.values()}
    unsent = templates_without(templates, region_code) if region_code else frozenset()
    cards = cards_of({facts.product_id for facts in skus.values()}, at=at)
    return [
        CartLineView(
            id=row.pk,
            facts=skus[row.sku_id],
            quantity=row.quantity,
            is_selected=row.is_selected,
            available=free[row.sku_id],
            added_price_fen=row.added_price_fen,
            invalid=_invalid(row, skus[row.sku_id], free[row.sku_id], unsent, region_code),
            card=cards.get(skus[row.sku_id].product_id),
        )
        for row in goods.lines
    ]


def _invalid(
    row: CartLine, facts: SkuFacts, available: int, unsent: Collection[int], region_code: str
) -> str | None:
    problem = problem_of(
        is_buyable=facts.is_buyable,
        is_sent=facts.template_id not in unsent
        and (not region_code or facts.is_sold_to(region_code)),
        quantity=row.quantity,
        available=available,
        most=facts.most_pieces,
    )
    if problem is None and row.added_price_fen != facts.price_fen:
        return Problem.PRICE_CHANGED
    return problem


def cart_pieces(owner: CartOwner) -> int:
    """How many pieces the badge on the cart shows. Queries: 1, none without an owner."""
    carts = carts_of(owner)
    if carts is None:
        return 0
    lines = CartLine.objects.filter(cart__in=carts)
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures at the head of a shopper's every page; ``region_code`` is where parcels go."""

    unread: int
    coupons: int
    cart_pieces: int
    region_code: str


def standing(member_id: int, at: datetime) -> Standing:
    """What waits for a member: messages, coupons, pieces in the cart. Queries: 1."""
    coupons = CouponGrant.objects.usable_by(OuterRef("pk"), at)
    pieces = CartLine.objects.filter(cart__member_id=OuterRef("pk"))
    home = Address.objects.filter(member_id=OuterRef("pk"), is_default=True)
    row = (
        Member.objects.filter(pk=member_id)
        .annotate(
            unread=_count(inbox(OuterRef("account_id")).filter(read_at=None)),
            coupons=_count(coupons),
            cart_pieces=Subquery(_folded(pieces, "SUM", "quantity")),
            region_code=Subquery(home.values("region_code")[:1]),
        )
        .values_list("unread", "coupons", "cart_pieces", "region_code")
        .get()
    )
    unread, held, in_cart, region_code = row
    return Standing(unread, held, in_cart or 0, region_code or "")


def _count(rows: QuerySet[Any]) -> Subquery:
    return Subquery(_folded(rows, "COUNT", "pk"))


def _folded(rows: QuerySet[Any], function: str, column: str) -> QuerySet[Any]:
    """One figure over ``rows`` inside another query: no GROUP BY, so no rows give 0 or None."""
    folded = Func(F(column), function=function, output_field=IntegerField())
    return rows.order_by().annotate(folded=folded).values("folded")


def with_all(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with everything `presenting.order_dict` reads. Queries: 8 beside the list itself."""
    lines = OrderLine.objects.select_related("review__append", "warranty").prefetch_related("steps")
    shipments = (
        Shipment.objects.select_related("carrier")
        .order_by("shipped_at", "pk")
        .prefetch_related("lines", "traces")
    )
    return orders.select_related("pickup__store").prefetch_related(
        Prefetch("lines", lines),
        Prefetch("shipments", shipments),
        Prefetch("payments", Payment.objects.order_by("pk")),
        "history",
    )


def orders_of(member_id: int, *, status: str = "", q: str = "") -> QuerySet[Order]:
    """A member's orders, newest first, without hidden ones.

    ``status`` is a status or one of the tabs (``hidden`` shows those); ``q`` looks at number and
    titles.
    """
    orders = Order.objects.of_member(member_id).filter(is_hidden=status == HIDDEN)
    if status == HIDDEN:
        status = ""
    if status == TO_REVIEW:
        orders = orders.filter(_to_review()).distinct()
    elif status:
        orders = orders.filter(status__in=WAITING if status == TO_SHIP else [status])
    if q:
        found = OrderLine.objects.filter(Q(title_zh__icontains=q) | Q(title_en__icontains=q))
        ids = found.filter(order__member_id=member_id).values("order_id")
        orders = orders.filter(Q(number__iexact=q) | Q(pk__in=ids))
    return with_all(orders.order_by("-placed_at", "-pk"))


def _to_review() -> Q:
    received = Q(status__in=[Order.Status.RECEIVED, Order.Status.COMPLETED])
    return received & Q(lines__review__isnull=True, lines__product__isnull=False)


def order(member_id: int, number: str) -> Order:
    """One own order with all that is shown. Raises: NotFound. Queries: 9."""
    found = with_all(Order.objects.of_member(member_id)).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def order_counts(member_id: int) -> dict[str, int]:
    """How many orders wait under each tab: unpaid, paid, shipped, to_review. Queries: 1."""
    states = Order.Status
    waiting = Q(status__in=WAITING)
    return (
        Order.objects.of_member(member_id)
        .filter(is_hidden=False)
        .aggregate(
            unpaid=Count("pk", Q(status=states.UNPAID), distinct=True),
            paid=Count("pk", waiting, distinct=True),
            shipped=Count("pk", Q(status=states.SHIPPED), distinct=True),
            to_review=Count("pk", _to_review(), distinct=True),
        )
    )


def payment(member_id: int, payment_no: str) -> Payment:
    """One payment of an own order, with its order. Raises: NotFound. Queries: 1."""
    found = (
        Payment.objects.select_related("order")
        .filter(payment_no=payment_no, order__member_id=member_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
