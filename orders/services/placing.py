"""Placing an order: one transaction from cart to stock, all of it or none. Source: O-06, O-08,
O-13, O-14.

Locks: cart -> (the new order) -> coupon grants -> campaign budgets and activity quota -> points ->
stock, the hottest last (docs/locks.md).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inventory.models import Store
from mall.kernel import regions
from mall.kernel.db import appended_together, atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.failpoints import failpoint
from mall.kernel.outbox import publish
from members.models import Account, Address
from members.selectors import ShopperFacts, shopper_of
from members.services import normal_phone, spend_points
from orders.errors import QuoteChanged
from orders.events import OrderPlaced
from orders.models import Cart, Order
from orders.presenting import quote_dict
from orders.services.admitting import attempt_of
from orders.services.budgets import sale_pieces
from orders.services.carting import CartOwner, empty_selected
from orders.services.collecting import Collect, note_pickup, pickup_store
from orders.services.freezing import write_order
from orders.services.goods import hold_goods, hold_in_activity
from orders.services.invoicing import checked_invoice
from orders.services.limiting import take_editions
from orders.services.quoting import Ask, Quoted, Wanted, quote
from orders.services.risk.admitting import (
    UnpaidCaps,
    address_in_turn,
    admit_order,
    hold_unpaid,
)
from orders.services.selecting import selected_lines
from orders.services.settling import pay_nothing
from orders.sources import Touch, source_of
from promotions import engine
from promotions.models import Campaign
from promotions.selectors import PresaleRule, activity_of
from promotions.services import (
    Footprint,
    charge_budgets,
    coupon_amounts,
    guard_deed,
    lock_grants,
    take_of_sales,
)

MOST_ADDRESS = 120
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Journey:
    """How a shopper came to the order: by which channel and device, out of which campaign, in
    which arms of experiments (O-13)."""

    channel: str = ""
    device: str = Order.Device.UNKNOWN
    campaign: str = ""
    experiments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """What the shopper submits. ``wanted`` None means the selected lines of the cart.

    It goes to an address, or is fetched where ``collect`` says. ``quote_hash`` is the fingerprint
    of the quote that was shown; None places at whatever it costs (seeds and operators, who see no
    quote).
    """

    address_id: int | None = None
    wanted: tuple[Wanted, ...] | None = None
    quote_hash: str | None = None
    coupon_grant_ids: tuple[int, ...] = ()
    auto_coupons: bool = False
    points: int = 0
    gift_skus: frozenset[int] = frozenset()
    note: str = ""
    invoice: Mapping[str, Any] | None = None
    source: str = Order.Source.WEB
    collect: Collect | None = None
    journey: Journey = Journey()
    footprint: Footprint | None = None


@atomic_retry()
@appended_together()
def place_order(
    *, member_id: int, submission: Submission, at: datetime, actor: Account | None = None
) -> Order:
    """Place what was submitted: price frozen, coupon locked, points spent, stock reserved.

    An order that costs nothing is paid at once. The order comes back with its lines, steps and
    history in hand. Emits: OrderPlaced. Queries, the same for 1 line and for 20: 15; 3 more from a
    cart, 2 more with coupons, 5 more with points, 1 more when it is fetched in a store, 1 and 2 a
    limit more with limited editions. Raises: QuoteChanged, NothingSelected, OutOfStock,
    CouponNotUsable, NotEnoughPoints, NotFound, EditionLimit, EditionSoldOut, OrderBlocked,
    TooManyUnpaid, what `quote` and `hold_offer` raise; nothing is changed then.
    """
    basket = _basket(member_id, submission, at)
    to = _destination(member_id, submission, at)
    ask = _ask(basket.wanted, submission, to)
    quoted = quote(ask=ask, member_id=member_id, at=at, shopper=to.shopper)
    if submission.quote_hash not in (None, quoted.quote_hash):
        raise QuoteChanged(quote=quote_dict(quoted))
    offer = quoted.quote.lines[0].offer
    pay_minutes = admit_order(
        member_id=member_id,
        columns=to.columns,
        wanted=_caps(quoted),
        in_activity=offer is not None,
        at=at,
    )
    terms = _terms(offer, quoted.quote, pay_minutes, at)
    columns = to.columns | _said(member_id, submission, at) | terms
    order = write_order(quoted, columns, sources=_sources(basket.wanted), at=at, actor=actor)
    if to.store is not None:
        note_pickup(order, to.store)
    failpoint("checkout.after_order")
    if basket.cart is not None:
        empty_selected(basket.cart, basket.line_ids, at)
    _guard(member_id, basket.wanted, submission, at)
    _take(order, member_id, quoted, at)
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
    hold_goods(order, order.lines.all(), at=at)
    failpoint("checkout.after_stock")
    return order


@dataclass(frozen=True, slots=True)
class _Basket:
    wanted: tuple[Wanted, ...]
    cart: Cart | None = None
    line_ids: tuple[int, ...] = ()


def _basket(member_id: int, submission: Submission, at: datetime) -> _Basket:
    """What is ordered; from the cart its selected lines, the cart locked before. Queries: 0 or
    2."""
    if submission.wanted is not None:
        return _Basket(submission.wanted)
    lines = selected_lines(CartOwner(member_id=member_id), at=at, locked=True)
    wanted = tuple(Wanted(line.sku_id, line.quantity, source=line.source) for line in lines)
    return _Basket(wanted, lines[0].cart, tuple(line.pk for line in lines))


@dataclass(frozen=True, slots=True)
class _Destination:
    """Where the goods go: the columns of the order, and the store that hands them over. With an
    address comes who the shopper is."""

    columns: dict[str, Any]
    store: Store | None = None
    shopper: ShopperFacts | None = None


def _destination(member_id: int, submission: Submission, at: datetime) -> _Destination:
    """Raises: NotFound, PickupNotOffered, InvalidInput. Queries: 1."""
    if submission.collect is not None:
        hold_unpaid(member_id)
        store = pickup_store(submission.collect.store_id)
        return _Destination(_collected(submission.collect, store), store)
    if submission.address_id is None:
        raise NotFound
    address = address_in_turn(member_id, submission.address_id, at)
    return _Destination(_delivery(address), shopper=shopper_of(address))


def _caps(quoted: Quoted) -> list[UnpaidCaps]:
    """What the order adds to the pieces that wait for the member's payment."""
    return [
        UnpaidCaps(line.sku_id, line.quantity, quoted.skus[line.sku_id].order_limit)
        for line in quoted.quote.lines
    ]


def _ask(wanted: tuple[Wanted, ...], submission: Submission, to: _Destination) -> Ask:
    return Ask(
        wanted=wanted,
        region_code=to.columns["region_code"],
        is_collected=to.store is not None,
        coupon_grant_ids=submission.coupon_grant_ids,
        auto_coupons=submission.auto_coupons,
        points=submission.points,
        gift_skus=submission.gift_skus,
    )


def _guard(
    member_id: int, wanted: tuple[Wanted, ...], submission: Submission, at: datetime
) -> None:
    """Let no team of one's own accounts come together (P-65). Queries: none outside group buys.

    Locks: the origin. Raises: DeedRefused, OriginBlocked.
    """
    attempt = attempt_of(member_id, wanted, submission.footprint, at)
    if attempt is not None:
        guard_deed(attempt)


def _take(order: Order, member_id: int, quoted: Quoted, at: datetime) -> None:
    """Lock the coupons, charge the budgets, take the activity's pieces and the points that the
    price was made with."""
    priced = quoted.quote
    if priced.coupon_grant_ids:
        lock_grants(
            grant_ids=priced.coupon_grant_ids,
            member_id=member_id,
            order_number=order.number,
            at=at,
            amounts_fen=coupon_amounts(priced),
        )
    if quoted.budget_amounts:
        charge_budgets(order_number=order.number, amounts=quoted.budget_amounts, at=at)
    take_editions(order, _pieces(quoted), quoted.skus)
    pieces = sale_pieces(priced.lines)
    if pieces:
        take_of_sales(order_number=order.number, member_id=member_id, pieces=pieces, at=at)
    if order.offer_kind:
        hold_in_activity(order, order.lines.all(), at=at)
    if priced.points.used:
        spend_points(
            member_id=member_id,
            points=priced.points.used,
            source_type=ORDER,
            source_id=order.number,
            at=at,
        )


def _pieces(quoted: Quoted) -> Counter[int]:
    """Pieces by product id, gifts among them."""
    pieces: Counter[int] = Counter()
    for line in quoted.lines:
        pieces[quoted.skus[line.sku_id].product_id] += line.quantity
    return pieces


def _sources(wanted: Iterable[Wanted]) -> list[str]:
    """What led to each line; who comes into a group buy came by it."""
    return [
        source_of(Touch.GROUP, line.offer.rule_id)
        if not line.source and line.offer is not None and line.offer.kind == Campaign.Kind.GROUP
        else line.source
        for line in wanted
    ]


def _collected(collect: Collect, store: Store) -> dict[str, Any]:
    """Who fetches it is the receiver, the store is the address."""
    return {
        "delivery": Order.Delivery.PICKUP,
        "receiver_name": collect.name,
        "receiver_phone": normal_phone(collect.phone),
        "region_code": store.region_code,
        "region_names": regions.full_name(store.region_code),
        "address_detail": f"{store.title_zh} {store.address_zh}"[:MOST_ADDRESS],
    }


def _delivery(to: Address) -> dict[str, Any]:
    return {
        "receiver_name": to.name,
        "receiver_phone": to.phone,
        "region_code": to.region_code,
        "region_names": regions.full_name(to.region_code),
        "address_detail": to.detail,
    }


def _said(member_id: int, submission: Submission, at: datetime) -> dict[str, Any]:
    journey = submission.journey
    return {
        "channel": journey.channel,
        "device": journey.device,
        "campaign": journey.campaign,
        "experiments": dict(journey.experiments),
        "member_id": member_id,
        "source": submission.source,
        "placed_at": at,
        "note": submission.note,
        "invoice": checked_invoice(submission.invoice),
    }


def _terms(
    offer: engine.Offer | None, priced: engine.Quote, pay_minutes: int, at: datetime
) -> dict[str, Any]:
    """Until when it is paid, and what an activity asks of its orders and promises them: a shorter
    time, a deposit, the day a presale is sent. Queries: 0 or 1.

    A presale of which nothing is left for the balance (points paid it) is paid at once.
    """
    if offer is None:
        return {"expires_at": at + timedelta(minutes=pay_minutes)}
    activity = activity_of(offer.rule_id)
    columns: dict[str, Any] = {
        "offer_kind": offer.kind,
        "offer_id": offer.rule_id,
        "offer_reference": offer.reference,
        "expires_at": at + timedelta(minutes=activity.pay_minutes),
    }
    if isinstance(activity, PresaleRule):
        columns["ships_on"] = activity.ships_on
    if isinstance(activity, PresaleRule) and priced.balance_fen:
        columns |= {
            "deposit_fen": priced.pay_now_fen,
            "deposit_comes_back": activity.deposit_comes_back,
            "balance_from": activity.balance_from,
            "balance_until": activity.balance_until,
        }
    return columns
