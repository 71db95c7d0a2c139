"""What the shop gives when an order is paid: ¥1 for charity, a red packet to share.

Both follow from OrderPaid, once an order, and look at the order as it is: one that was paid back
meanwhile gives nothing, and one that is paid back later takes its gift back. No price step: it is
the shop's own money. Source: requirements O-31, P-35, P-38.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit, ledger
from orders.models import CharitySettings, Donation, Order
from orders.models.charity import CHARITY, DONATIONS
from promotions.services import end_order_packet, open_order_packet

Status = Order.Status
PAID = (Status.PAID, Status.PART_SHIPPED, Status.SHIPPED, Status.RECEIVED, Status.COMPLETED)


@transaction.atomic
def donate_for_order(*, order_id: int, at: datetime) -> Donation | None:
    """Give what the shop gives of a paid order, once; None when it gives nothing.

    Locks: the order, then the ledger. Queries: 9.
    """
    order = Order.objects.locked().get(pk=order_id)
    settings = CharitySettings.objects.get(pk=1)
    if not settings.is_on or not is_kept(order) or Donation.objects.filter(order=order).exists():
        return None
    _post("donation", order, settings.amount_fen, at)
    return Donation.objects.create(order=order, amount_fen=settings.amount_fen, given_at=at)


@transaction.atomic
def open_packet_of_order(*, order_id: int, at: datetime) -> None:
    """Give the buyer a red packet to share, when a fund has one for such an order.

    Locks: the order, then the fund.
    """
    order = Order.objects.locked().get(pk=order_id)
    if order.member_id is not None and is_kept(order):
        open_order_packet(
            order_number=order.number,
            member_id=order.member_id,
            paid_fen=order.paid_fen,
            at=at,
        )


@transaction.atomic
def take_back_given(*, order_id: int, at: datetime) -> bool:
    """Take back what was given for an order whose money went back whole; True when it was.

    Locks: the order, its packet and fund, then the ledger.
    """
    order = Order.objects.locked().get(pk=order_id)
    if is_kept(order):
        return False
    packet = end_order_packet(order_number=order.number, at=at)
    donation = Donation.objects.locked().filter(order=order, reversed_at=None).first()
    if donation is None:
        return packet
    donation.reversed_at = at
    donation.save(update_fields=["reversed_at"])
    _post("donation_reversed", order, -donation.amount_fen, at)
    return True


@transaction.atomic
def save_charity_settings(*, changes: dict[str, Any], actor: Any, at: datetime) -> CharitySettings:
    """Change what is given and for what; orders paid before keep theirs. Locks: the row."""
    settings = CharitySettings.objects.select_for_update().get(pk=1)
    before = {name: getattr(settings, name) for name in changes}
    for name, value in changes.items():
        setattr(settings, name, value)
    settings.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="orders.save_charity_settings",
        target=settings,
        before=before,
        after=changes,
        at=at,
    )
    return settings


def is_kept(order: Order) -> bool:
    """True while the shop has money of a paid order."""
    return order.status in PAID and order.refunded_fen < order.paid_fen


def _post(kind: str, order: Order, amount_fen: int, at: datetime) -> None:
    ledger.post(
        kind=kind,
        reference=order.number,
        amounts_fen={CHARITY: amount_fen, DONATIONS: -amount_fen},
        at=at,
    )
