"""Telling partners: an order to send, or that one is called back. Rows are due, a worker sends.

A crash between the call and its booking repeats the call with the same number, which a partner
takes once. Nobody is called inside a transaction. Source: O-28, I-23.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from orders.dropship.base import Outbound, OutboundLine, Partner, PartnerUnavailable, Word
from orders.dropship.registry import partner_of
from orders.models import ForwardRoute, SubOrder
from orders.services.dropship.alarming import dropship_policy, end_alarm, raise_alarm
from orders.services.dropship.keying import secret_of

State = SubOrder.State
BACKOFF_SECONDS = (60, 300, 900, 3600)
TELLABLE = (State.PENDING, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One thing to tell, taken by this worker."""

    sub: SubOrder
    partner: Partner
    outbound: Outbound | None
    """None: it is called back."""


def forward_due(at: datetime, limit: int = 100) -> int:
    """Tell partners what is due; returns how much of it they took. Call it outside transactions."""
    due = SubOrder.objects.filter(next_at__lte=at).order_by("next_at", "pk")
    return sum(tell_partner(pk, at) for pk in list(due.values_list("pk", flat=True)[:limit]))


def tell_partner(sub_order_id: int, at: datetime) -> bool:
    """Tell one partner one thing and book what came of it; True when it took it."""
    errand = _claim(sub_order_id, at)
    if errand is None:
        return False
    try:
        if errand.outbound is None:
            _book_recall(errand.sub, errand.partner.recall(errand.sub.number), at)
        else:
            _book_forward(errand.sub, errand.partner.forward(errand.outbound), at)
    except PartnerUnavailable as error:
        _book_failure(errand.sub, str(error), at)
        return False
    return True


@transaction.atomic
def _claim(sub_order_id: int, at: datetime) -> _Errand | None:
    """Take a sub-order for one try and set the next. Locks: the sub-order."""
    due = SubOrder.objects.filter(pk=sub_order_id, next_at__lte=at)
    sub: SubOrder | None = due.select_related("order", "warehouse__forward_route").locked().first()
    if sub is None:
        return None
    if sub.state not in TELLABLE:
        SubOrder.objects.filter(pk=sub.pk).update(next_at=None)
        return None
    wait = BACKOFF_SECONDS[min(sub.attempts, len(BACKOFF_SECONDS) - 1)]
    sub.attempts += 1
    sub.next_at = at + timedelta(seconds=wait)
    sub.told_at = sub.told_at or at
    sub.save(update_fields=["attempts", "next_at", "told_at"])
    outbound = outbound_of(sub) if sub.state == State.PENDING else None
    return _Errand(sub, _partner_of(sub), outbound)


def _partner_of(sub: SubOrder) -> Partner:
    route: ForwardRoute | None = getattr(sub.warehouse, "forward_route", None)
    if route is None:
        return partner_of(ForwardRoute.Adapter.PORTAL)
    return partner_of(route.adapter, url=route.url, key_id=route.key_id, secret=secret_of(route))


def outbound_of(sub: SubOrder) -> Outbound:
    """What a partner needs to know of a sub-order. Queries: 1."""
    order = sub.order
    return Outbound(
        number=sub.number,
        warehouse=sub.warehouse.code,
        receiver_name=order.receiver_name,
        receiver_phone=order.receiver_phone,
        region_code=order.region_code,
        place=" ".join([*order.region_names, order.address_detail]),
        note=order.note,
        lines=[
            OutboundLine(
                code=row.outside_code or row.line.sku_code,
                sku=row.line.sku_code,
                title=row.line.title_zh,
                pieces=row.quantity,
            )
            for row in sub.lines.select_related("line").order_by("pk")
        ],
    )


@transaction.atomic
def _book_forward(sub: SubOrder, word: Word, at: datetime) -> None:
    """The partner has it. One that was called back meanwhile is asked back once more: its first
    asking may have come before the order."""
    rows = SubOrder.objects.filter(pk=sub.pk)
    taken = rows.filter(state=State.PENDING)
    if word == Word.TAKEN:
        taken.update(state=State.SENT, sent_at=at, next_at=None, attempts=0, last_error="")
        end_alarm(sub.number, at=at, outcome="sent")
    else:
        taken.update(last_error=str(word))
        raise_alarm(sub, reason="not_taken", at=at)
    rows.exclude(state__in=TELLABLE).update(next_at=None)
    rows.filter(state=State.CANCELLED).update(next_at=at)


@transaction.atomic
def _book_recall(sub: SubOrder, word: Word, at: datetime) -> None:
    """It is called back; where no machine was told, or the parcel has left, a person sees to it."""
    rows = SubOrder.objects.filter(pk=sub.pk, state=State.CANCELLED)
    rows.update(next_at=None, last_error="" if word == Word.TAKEN else str(word))
    if word != Word.TAKEN:
        reason = "recall_by_hand" if word == Word.BY_HAND else "recalled_too_late"
        raise_alarm(sub, reason=reason, at=at)
    else:
        end_alarm(sub.number, at=at, outcome="called back")


@transaction.atomic
def _book_failure(sub: SubOrder, error: str, at: datetime) -> None:
    """Nobody answered; after some tries somebody is told. The next try is set already."""
    SubOrder.objects.filter(pk=sub.pk).update(last_error=error[:200])
    if sub.attempts >= dropship_policy().tries:
        raise_alarm(sub, reason="no_answer", detail=error, at=at)
