"""Placing an order: one transaction from cart to stock, all of it or none. Source: O-06, O-08,
O-13, O-14.

Locks: cart -> (the new order) -> coupon grants -> points -> stock, the hottest last
(docs/locks.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from catalog.selectors import SkuFacts
from inventory.services import reserve_stock
from mall.kernel import regions
from mall.kernel.db import atomic_retry
from mall.kernel.outbox import publish
from members.models import Account, Address
from members.selectors import address
from members.services import spend_points
from orders.errors import QuoteChanged
from orders.events import OrderPlaced
from orders.models import Cart, Order, OrderHistory, OrderLine, OrderLineStep
from orders.presenting import quote_dict
from orders.services.carting import CartOwner, empty_selected
from orders.services.numbering import new_number
from orders.services.quoting import Ask, Quoted, Wanted, quote
from orders.services.selecting import selected_lines
from orders.services.settling import pay_nothing, stock_of
from orders.states import PLACED
from promotions import engine
from promotions.services import lock_grants

PAY_WITHIN = timedelta(minutes=30)
ORDER = "order"
NUMBER_TRIES = 3


@dataclass(frozen=True, slots=True)
class Submission:
    """What the shopper submits. ``wanted`` None means the selected lines of the cart.

    ``quote_hash`` is the fingerprint of the quote that was shown; None places at whatever it costs
    (seeds and operators, who see no quote).
    """

    address_id: int
    wanted: tuple[Wanted, ...] | None = None
    quote_hash: str | None = None
    coupon_grant_ids: tuple[int, ...] = ()
    auto_coupons: bool = False
    points: int = 0
    note: str = ""
    invoice: Mapping[str, Any] | None = None
    source: str = Order.Source.WEB


@atomic_retry()
def place_order(
    *, member_id: int, submission: Submission, at: datetime, actor: Account | None = None
) -> Order:
    """Place what was submitted: price frozen, coupon locked, points spent, stock reserved.

    An order that costs nothing is paid at once. The order comes back with its lines, steps and
    history in hand. Emits: OrderPlaced. Queries, the same for 1 line and for 20: 17; 4 more from a
    cart, 2 more with coupons, 5 more with points.
    Raises: QuoteChanged, NothingSelected, OutOfStock, CouponNotUsable, NotEnoughPoints, NotFound
    and what `quote` raises; nothing is changed then.
    """
    basket = _basket(member_id, submission)
    to = address(member_id, submission.address_id)
    quoted = quote(ask=_ask(basket.wanted, submission, to), member_id=member_id, at=at)
    if submission.quote_hash not in (None, quoted.quote_hash):
        raise QuoteChanged(quote=quote_dict(quoted))
    order = _write_order(member_id, submission, to, quoted, at, actor)
    if basket.cart is not None:
        empty_selected(basket.cart, basket.line_ids, at)
    _spend(order, member_id, quoted.quote, at)
    publish(
        OrderPlaced(
            order_id=order.pk,
            number=order.number,
            member_id=member_id,
            payable_fen=order.payable_fen,
            at=at,
        )
    )
    if order.payable_fen == 0:
        pay_nothing(order, at=at, actor=actor)
    reserve_stock(
        order_number=order.number,
        wanted=stock_of(order.lines.all()),
        region_code=order.region_code,
        at=at,
    )
    return order


@dataclass(frozen=True, slots=True)
class _Basket:
    wanted: tuple[Wanted, ...]
    cart: Cart | None = None
    line_ids: tuple[int, ...] = ()


def _basket(member_id: int, submission: Submission) -> _Basket:
    """What is ordered; from the cart its selected lines, the cart locked before. Queries: 0 or
    2."""
    if submission.wanted is not None:
        return _Basket(submission.wanted)
    lines = selected_lines(CartOwner(member_id=member_id), locked=True)
    wanted = tuple(Wanted(line.sku_id, line.quantity) for line in lines)
    return _Basket(wanted, lines[0].cart, tuple(line.pk for line in lines))


def _ask(wanted: tuple[Wanted, ...], submission: Submission, to: Address) -> Ask:
    return Ask(
        wanted=wanted,
        region_code=to.region_code,
        coupon_grant_ids=submission.coupon_grant_ids,
        auto_coupons=submission.auto_coupons,
        points=submission.points,
    )


def _spend(order: Order, member_id: int, priced: engine.Quote, at: datetime) -> None:
    """Lock the coupons and take the points that the price was made with."""
    if priced.coupon_grant_ids:
        lock_grants(
            grant_ids=priced.coupon_grant_ids,
            member_id=member_id,
            order_number=order.number,
            at=at,
        )
    if priced.points.used:
        spend_points(
            member_id=member_id,
            points=priced.points.used,
            source_type=ORDER,
            source_id=order.number,
            at=at,
        )


def _write_order(
    member_id: int,
    submission: Submission,
    to: Address,
    quoted: Quoted,
    at: datetime,
    actor: Account | None,
) -> Order:
    """Insert order, lines, steps and the first history row. Queries: 4."""
    order = _insert(
        _frozen(quoted.quote) | _delivery(to) | _terms(member_id, submission, quoted, at)
    )
    lines = [
        _order_line(order, position, priced, quoted.skus[priced.sku_id])
        for position, priced in enumerate(quoted.quote.lines, 1)
    ]
    OrderLine.objects.bulk_create(lines)
    steps = [
        _step(line, position, step)
        for line, priced in zip(lines, quoted.quote.lines, strict=True)
        for position, step in enumerate(priced.steps, 1)
    ]
    OrderLineStep.objects.bulk_create(steps)
    history = OrderHistory.objects.create(
        order=order, to_status=order.status, code=PLACED, actor=actor, at=at
    )
    return _in_hand(order, lines, steps, history)


def _insert(values: Mapping[str, Any]) -> Order:
    """Insert under a fresh number; one that is taken (once in 2**50) is drawn again."""
    for _n in range(NUMBER_TRIES - 1):
        try:
            with transaction.atomic():
                return Order.objects.create(number=new_number(values["placed_at"]), **values)
        except IntegrityError as error:
            if "orders_order_number" not in str(error):
                raise
    return Order.objects.create(number=new_number(values["placed_at"]), **values)


def _frozen(priced: engine.Quote) -> dict[str, Any]:
    return {
        "goods_fen": priced.goods_fen,
        "discount_fen": priced.discount_fen,
        "freight_fen": priced.freight_fen,
        "freight_base_fen": priced.freight.base_fen,
        "freight_steps": [step.as_json() for step in priced.freight.steps],
        "points_used": priced.points.used,
        "points_earned": priced.points.earned,
        "payable_fen": priced.payable_fen,
    }


def _delivery(to: Address) -> dict[str, Any]:
    return {
        "receiver_name": to.name,
        "receiver_phone": to.phone,
        "region_code": to.region_code,
        "region_names": regions.full_name(to.region_code),
        "address_detail": to.detail,
    }


def _terms(member_id: int, submission: Submission, quoted: Quoted, at: datetime) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "source": submission.source,
        "placed_at": at,
        "expires_at": at + PAY_WITHIN,
        "note": submission.note,
        "invoice": dict(submission.invoice) if submission.invoice else None,
        "quote_hash": quoted.quote_hash,
    }


def _order_line(
    order: Order, position: int, priced: engine.QuoteLine, facts: SkuFacts
) -> OrderLine:
    names = ("title_zh", "title_en", "value_zh", "value_en")
    return OrderLine(
        order=order,
        position=position,
        sku_id=facts.id,
        product_id=facts.product_id,
        sku_code=facts.code,
        title_zh=facts.title_zh,
        title_en=facts.title_en,
        options=[dict(zip(names, option, strict=True)) for option in facts.options],
        image=facts.image,
        quantity=priced.quantity,
        list_fen=priced.list_fen,
        payable_fen=priced.payable_fen,
    )


def _step(line: OrderLine, position: int, step: engine.PriceStep) -> OrderLineStep:
    return OrderLineStep(
        line=line,
        position=position,
        lane=step.lane.value,
        kind=step.kind,
        source_id=step.source_id,
        version=step.version,
        label_code=step.label_code,
        label_params=dict(step.label_params),
        amount_fen=step.amount_fen,
    )


def _in_hand(
    order: Order,
    lines: Sequence[OrderLine],
    steps: Sequence[OrderLineStep],
    history: OrderHistory,
) -> Order:
    """Hang what was just written onto the order, so that showing it asks the database nothing."""
    for line in lines:
        own = [step for step in steps if step.line_id == line.pk]
        line._prefetched_objects_cache = {"steps": own}  # type: ignore[attr-defined]
        line._state.fields_cache["review"] = None
    order._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "lines": list(lines),
        "history": [history],
        "payments": [],
        "shipments": [],
    }
    return order
