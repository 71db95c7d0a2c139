"""The diary comes true: each deed by the verb that a shopper or an operator would use, at its time.

Every order carries its key of the plan in the audit trail, written in the transaction that places
it. A deed that an earlier, killed run has done is passed over by the state it left behind.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from catalog.models import Sku
from mall.console.demo.contents import read
from mall.console.demo.diary import Deed, Kind, Remarks, diary
from mall.console.demo.drawing import draw_plan
from mall.console.demo.seeding import (
    SOLD,
    Seeding,
    Tally,
    deliver_events,
    is_marked,
    leave_mark,
    operator,
)
from mall.kernel import audit
from mall.kernel.audit.models import AuditEntry
from members.models import Account, Address, Member
from orders.errors import PaymentOver
from orders.models import Order, OrderCheck, Review, Shipment
from orders.services import (
    Ask,
    Submission,
    Wanted,
    cancel_order,
    close_order,
    complete_order,
    pass_check,
    pay_at_cashier,
    place_order,
    query_payment,
    quote,
    receive_order,
    record_trace,
    retry_refunds,
    ship_order,
    start_payment,
    write_review,
)
from promotions.models import Coupon, CouponGrant
from promotions.services import claim_coupon

PLACED = "demo.place_order"
SANDBOX = "sandbox"
SECOND_TRY = timedelta(minutes=1)
NEWS_EVERY = 400
Status = Order.Status
NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PAY: (Status.UNPAID,),
    Kind.SHIP: (Status.PAID,),
    Kind.SCAN: (Status.SHIPPED,),
    Kind.RECEIVE: (Status.SHIPPED,),
    Kind.COMPLETE: (Status.RECEIVED,),
    Kind.TIME_OUT: (Status.UNPAID,),
    Kind.CANCEL: (Status.UNPAID, Status.PAID),
}
"""The statuses in which a deed is still to be done; the others look for themselves."""


@dataclass(slots=True)
class Till:
    """What the deeds refer to, by the names that the plan uses."""

    members: dict[str, int]
    addresses: dict[int, list[Address]]
    skus: dict[str, int]
    coupons: dict[str, int]
    shipper: Account
    orders: dict[str, Order]
    parcels: dict[int, str]
    grants: set[tuple[int, int]]
    reviewed: set[tuple[int, str]]
    made: int = 0
    houses: dict[str, str] = field(default_factory=dict)


def seed_orders(seeding: Seeding) -> Tally:
    """Place, pay, ship, receive and review what was planned; the events of it reach everybody."""
    known = AuditEntry.objects.filter(verb=PLACED).count()
    if is_marked(SOLD):
        return Tally(0, known)
    till = open_till()
    deeds = deeds_of(seeding)
    for number, deed in enumerate(deeds, 1):
        do(deed, till)
        if number % NEWS_EVERY == 0:
            seeding.tell(f"{till.made} orders, {100 * number // len(deeds)} %")
    deliver_events(seeding.at)
    leave_mark(SOLD, at=seeding.at)
    return Tally(till.made, known)


def deeds_of(seeding: Seeding) -> list[Deed]:
    """The diary of this demo."""
    remarks: Remarks = defaultdict(list)
    for row in read("reviews.json"):
        remarks[row["product"]].append({"rating": row["rating"], "text": row["text_zh"]})
    products = {sku["code"]: row["code"] for row in read("products.jsonl") for sku in row["skus"]}
    return diary(
        draw_plan(seeding.today),
        midnight=seeding.midnight,
        now=seeding.at,
        remarks=remarks,
        products=products,
    )


def open_till() -> Till:
    """Everything in one go, with what an earlier run has done."""
    keys = dict(AuditEntry.objects.filter(verb=PLACED).values_list("target_id", "reason"))
    orders = Order.objects.in_bulk([int(pk) for pk in keys])
    addresses = defaultdict(list)
    for address in Address.objects.order_by("pk"):
        addresses[address.member_id].append(address)
    return Till(
        members={
            phone: pk
            for phone, pk in Member.objects.values_list("account__phone", "pk")
            if phone is not None
        },
        addresses=addresses,
        skus=dict(Sku.objects.values_list("code", "pk")),
        coupons=dict(Coupon.objects.values_list("code", "pk")),
        shipper=operator("warehouse"),
        orders={keys[str(pk)]: order for pk, order in orders.items()},
        parcels=dict(Shipment.objects.filter(order__in=orders).values_list("order_id", "number")),
        grants=set(CouponGrant.objects.values_list("coupon_id", "member_id")),
        reviewed=set(Review.objects.values_list("line__order_id", "line__sku_code")),
        houses={
            prefix: house["title_zh"]
            for house in read("warehouses.json")
            for prefix in house["served_prefixes"]
        },
    )


def do(deed: Deed, till: Till) -> None:
    """Do a deed, unless the order has gone past it already."""
    order = till.orders.get(deed.order.key)
    if deed.kind in NEEDS and (order is None or order.status not in NEEDS[deed.kind]):
        return
    DEEDS[deed.kind](deed, till)


def _claim(deed: Deed, till: Till) -> None:
    coupon_id, member_id = till.coupons[deed.order.claims], till.members[deed.order.phone]
    if (coupon_id, member_id) not in till.grants:
        claim_coupon(coupon_id=coupon_id, member_id=member_id, at=deed.at)
        till.grants.add((coupon_id, member_id))


def _place(deed: Deed, till: Till) -> None:
    plan = deed.order
    if plan.key in till.orders:
        return
    member_id = till.members[plan.phone]
    address = till.addresses[member_id][plan.address]
    wanted = tuple(Wanted(till.skus[code], pieces) for code, pieces in plan.lines)
    with transaction.atomic():
        order = place_order(
            member_id=member_id,
            submission=Submission(
                address_id=address.pk,
                wanted=wanted,
                auto_coupons=plan.uses_coupons,
                points=_points(deed, member_id, wanted, address) if plan.spends_points else 0,
                note=plan.note,
                source=Order.Source.DEMO,
            ),
            at=deed.at,
        )
        audit.record(actor=None, verb=PLACED, target=order, at=deed.at, reason=plan.key)
    till.orders[plan.key] = order
    till.made += 1


def _points(deed: Deed, member_id: int, wanted: tuple[Wanted, ...], address: Address) -> int:
    """As many points as may be spent."""
    ask = Ask(
        wanted=wanted,
        region_code=address.region_code,
        auto_coupons=deed.order.uses_coupons,
    )
    return quote(ask=ask, member_id=member_id, at=deed.at).quote.points.max


def _pay(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    started = start_payment(
        order_number=order.number,
        member_id=till.members[deed.order.phone],
        provider=SANDBOX,
        scene=SANDBOX,
        at=deed.at,
    )
    try:
        pay_at_cashier(payment_no=started.payment.payment_no, succeed=True, at=deed.at)
    except PaymentOver:  # paid by a run that was killed before the notice arrived
        query_payment(started.payment.pk, deed.at + SECOND_TRY)
    order.status = Status.PAID


def _ship(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    carrier = deed.facts["carrier"]
    for check in OrderCheck.objects.filter(order=order, verdict=""):
        pass_check(check_id=check.pk, actor=till.shipper, at=deed.at)
    shipment = ship_order(
        order_number=order.number,
        carrier=carrier,
        tracking_no=f"{carrier.upper()}{13_000_000_000 + order.pk * 7919}",
        actor=till.shipper,
        at=deed.at,
    )
    till.parcels[order.pk] = shipment.number
    order.status = Status.SHIPPED


def _scan(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    code = deed.facts["code"]
    names = order.region_names
    places = {
        "picked": till.houses[order.region_code[:2]],
        "transit": f"{names[-3]}转运中心",
        "delivering": f"{names[-2]}{names[-1]}营业部",
    }
    record_trace(
        shipment_number=till.parcels[order.pk], code=code, place=places.get(code, ""), at=deed.at
    )


def _receive(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    receive_order(number=order.number, member_id=till.members[deed.order.phone], at=deed.at)
    order.status = Status.RECEIVED


def _complete(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    complete_order(order_id=order.pk, at=deed.at)
    order.status = Status.COMPLETED


def _review(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    sku = deed.facts["sku"]
    if (order.pk, sku) in till.reviewed:
        return
    write_review(
        member_id=till.members[deed.order.phone],
        order_number=order.number,
        line_id=next(line.pk for line in order.lines.all() if line.sku_code == sku),
        rating=deed.facts["rating"],
        text=deed.facts["text"],
        is_anonymous=order.pk % 9 == 0,
        at=deed.at,
    )


def _time_out(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    close_order(order_id=order.pk, reason=Order.CloseReason.TIMEOUT, at=deed.at)
    order.status = Status.CLOSED


def _cancel(deed: Deed, till: Till) -> None:
    order = till.orders[deed.order.key]
    cancel_order(
        number=order.number,
        member_id=till.members[deed.order.phone],
        reason="不想要了",
        at=deed.at,
    )
    order.status = Status.CLOSED


def _refund(deed: Deed, till: Till) -> None:
    retry_refunds(deed.at)


DEEDS: Mapping[Kind, Callable[[Deed, Till], None]] = {
    Kind.CLAIM: _claim,
    Kind.PLACE: _place,
    Kind.PAY: _pay,
    Kind.SHIP: _ship,
    Kind.SCAN: _scan,
    Kind.RECEIVE: _receive,
    Kind.REVIEW: _review,
    Kind.COMPLETE: _complete,
    Kind.TIME_OUT: _time_out,
    Kind.CANCEL: _cancel,
    Kind.REFUND: _refund,
}
