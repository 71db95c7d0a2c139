"""An operator corrects where an order goes, as long as nothing of it has left the house.

The price stays as it was agreed; the goods are taken from the warehouses that serve the new place.
Source: requirement O-26, design.md section 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.selectors import SkuFacts, skus_for_pricing
from inventory.services import reallocate_order
from mall.kernel import audit, regions
from mall.kernel.db import atomic_retry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.words import localized
from members.models import Account
from orders import messages
from orders.errors import IllegalMove, NotCarried, NotSoldThere, Undeliverable
from orders.models import Order, OrderLine, OrderTask, Packing
from orders.services.dropship.recalling import recall_sub_orders
from orders.services.moving import note_history
from orders.services.quoting import engine_line
from orders.services.tasking import close_tasks
from orders.services.telling import tell_buyer
from orders.states import READDRESSED
from promotions.loading import rules_for

CHANGEABLE = (Order.Status.UNPAID, Order.Status.PAID)


@dataclass(frozen=True, slots=True)
class Destination:
    """Who receives an order, and where: the columns of its address."""

    receiver_name: str
    receiver_phone: str
    region_code: str
    address_detail: str


@atomic_retry()
def change_address(
    *, order_number: str, to: Destination, reason: str, actor: Account, at: datetime
) -> Order:
    """Send an order elsewhere: its reservations move to the warehouses that serve the new region.

    Partners that have not sent their part are called back and asked anew; what is packed is packed
    anew, for its label names the old place.
    Locks: order, packings, sub-orders, reservations, stock. Raises: NotFound, IllegalMove once a
    parcel has left or while it is closing, NotCarried for a pick-up, InvalidInput for an unknown
    region, NotSoldThere, Undeliverable, OutOfStock; nothing is changed then.
    """
    order: Order | None = Order.objects.filter(number=order_number).locked().first()
    if order is None:
        raise NotFound
    lines = list(order.lines.all())
    _check(order, lines, to, at)
    before = _columns(order)
    moved = to.region_code != order.region_code
    _write(order, to)
    Packing.objects.filter(order=order).delete()
    note_history(order, READDRESSED, at=at, actor=actor, note=reason)
    audit.record(
        actor=actor,
        verb="orders.change_address",
        target=order,
        at=at,
        before=before,
        after=_columns(order),
        reason=reason,
    )
    close_tasks(
        kind=OrderTask.Kind.ADDRESS_ERROR, reference=order.number, at=at, outcome=READDRESSED
    )
    place = " ".join([*order.region_names, order.address_detail])
    cause = f"{order.number}/address/{at.isoformat()}"
    tell_buyer(order, messages.ORDER_READDRESSED, {"address": place}, at=at, cause=cause)
    recall_sub_orders(order, at=at)
    if moved:
        reallocate_order(order_number=order.number, region_code=to.region_code, at=at, actor=actor)
    return order


def _check(order: Order, lines: Sequence[OrderLine], to: Destination, at: datetime) -> None:
    """Raises: IllegalMove, NotCarried, InvalidInput, NotSoldThere, Undeliverable."""
    left = any(line.shipped for line in lines)
    if order.status not in CHANGEABLE or order.stage == Order.Stage.CLOSING or left:
        raise IllegalMove(status=order.status)
    if order.delivery == Order.Delivery.PICKUP:
        raise NotCarried
    if not regions.is_deepest(to.region_code):
        raise InvalidInput(field="region_code", allowed="a street or area")
    facts = skus_for_pricing({line.sku_id for line in lines if line.sku_id is not None}, at)
    if to.region_code != order.region_code:
        _check_sold(lines, facts, to.region_code)
    stuck = _undeliverable(facts, to.region_code, at)
    if stuck:
        raise Undeliverable(sku_ids=stuck)


def _check_sold(
    lines: Sequence[OrderLine], facts: Mapping[int, SkuFacts], region_code: str
) -> None:
    """What was bought goes only where checkout sells it; gifts go with it, as they do there.
    Raises: NotSoldThere."""
    bought = {line.sku_id for line in lines if not line.is_gift}
    refused = [sku for pk, sku in facts.items() if pk in bought and not sku.is_sold_to(region_code)]
    if refused:
        raise NotSoldThere(
            sku_ids=[sku.id for sku in refused],
            title=localized(refused[0], "title"),
            region="".join(regions.full_name(region_code)[:2]),
        )


def _undeliverable(facts: Mapping[int, SkuFacts], region_code: str, at: datetime) -> list[int]:
    """SKUs whose freight template does not deliver there. Queries: those of the rules."""
    priced = [engine_line(str(sku_id), sku, 1) for sku_id, sku in facts.items()]
    templates = rules_for(lines=priced, shopper=None, at=at).templates
    return [
        line.sku_id
        for line in priced
        if line.template_id is not None
        and templates[line.template_id].rate_for(region_code) is None
    ]


def _write(order: Order, to: Destination) -> None:
    order.receiver_name, order.receiver_phone = to.receiver_name, to.receiver_phone
    order.region_code = to.region_code
    order.region_names = regions.full_name(to.region_code)
    order.address_detail = to.address_detail
    if order.stage == Order.Stage.PACKED:
        order.stage = Order.Stage.TO_PACK
    order.save(
        update_fields=[
            "receiver_name",
            "receiver_phone",
            "region_code",
            "region_names",
            "address_detail",
            "stage",
        ]
    )


def _columns(order: Order) -> dict[str, str]:
    """The address for the trail, its phone masked."""
    return {
        "receiver": order.receiver_name,
        "phone": f"{order.receiver_phone[:3]}****{order.receiver_phone[-4:]}",
        "region_code": order.region_code,
        "detail": order.address_detail,
    }
