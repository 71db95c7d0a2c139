"""Couriers for returned goods: ordered at the carrier's system once a case is granted, called off
when it ends. Nobody is called inside a transaction. Source: O-46.

A carrier that does not answer is asked again later; when it never does, the task that an operator
has anyway stays open, and so it does in a shop whose carriers have no system to ask.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from mall.kernel import clock
from orders.carriers.base import CarrierUnavailable, DoorPickup, PickupWord, Tracker
from orders.carriers.registry import tracker_of
from orders.models import AfterSale, Carrier, OrderTask, PickupRequest
from orders.services.tasking import close_tasks, open_task

logger = logging.getLogger(__name__)
State, Kind = PickupRequest.State, OrderTask.Kind.PICKUP
MOST_TRIES = 6
TRY_AGAIN = timedelta(minutes=5)
"""The first pause; each further one is twice as long: the sixth try comes after 2.5 hours."""
BOOKED, NOBODY_ANSWERED = "booked", "nobody_answered"


def book_pickups(at: datetime, limit: int = 50) -> int:
    """Order couriers for granted cases and call off those of ended ones; returns how many were
    ordered. Call it outside transactions."""
    carrier = Carrier.objects.in_use().filter(adapter=Carrier.Adapter.EXPRESS).first()
    tracker = tracker_of(carrier.adapter) if carrier is not None else None
    if carrier is None or tracker is None:
        return 0
    _call_off(tracker, at, limit)
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=at)
    rows = PickupRequest.objects.filter(
        due,
        state=State.WAITING,
        after_sale__state=AfterSale.State.AWAITING_RETURN,
        tries__lt=MOST_TRIES,
        day__gte=clock.day_of(at),
    ).select_related("after_sale__order")
    done = 0
    for row in list(rows.order_by("day", "window", "pk")[:limit]):
        try:
            word = tracker.order_pickup(_wish(row, carrier), at=at)
        except CarrierUnavailable as error:
            logger.warning("no courier for case %s: %s", row.after_sale.number, error)
            _put_off(row, at)
            continue
        done += _note_booking(row, carrier, word, at)
    return done


def _wish(row: PickupRequest, carrier: Carrier) -> DoorPickup:
    case = row.after_sale
    start, end = (int(hour) for hour in row.window.split("-"))
    midnight, _end = clock.bounds(row.day)
    first = case.lines.select_related("line").order_by("pk").first()
    return DoorPickup(
        number=case.number,
        carrier=carrier.name_outside,
        name=row.contact_name,
        phone=row.contact_phone,
        region_code=case.order.region_code,
        address=row.address,
        goods=first.line.title_zh if first is not None else "",
        window_from=midnight + timedelta(hours=start),
        window_until=midnight + timedelta(hours=end),
    )


@transaction.atomic
def _note_booking(row: PickupRequest, carrier: Carrier, word: PickupWord, at: datetime) -> bool:
    """Keep the carrier's number. A case that ended meanwhile keeps it too, to be called off."""
    named = {"carrier": carrier.code, "carrier_no": word.pickup_no}
    booked = PickupRequest.objects.filter(pk=row.pk, state=State.WAITING)
    if not booked.update(state=State.BOOKED, **named):
        PickupRequest.objects.filter(pk=row.pk).update(**named)
        return False
    close_tasks(kind=Kind, reference=row.after_sale.number, at=at, outcome=BOOKED)
    return True


@transaction.atomic
def _put_off(row: PickupRequest, at: datetime) -> None:
    """Try again after a pause; the last time somebody has to phone."""
    again_at = at + TRY_AGAIN * 2**row.tries
    waiting = PickupRequest.objects.filter(pk=row.pk, state=State.WAITING)
    if waiting.update(tries=F("tries") + 1, next_try_at=again_at) and row.tries + 1 >= MOST_TRIES:
        case = row.after_sale
        facts = {"day": row.day.isoformat(), "window": row.window, "why": NOBODY_ANSWERED}
        open_task(kind=Kind, reference=case.number, order=case.order, facts=facts, at=at)


def _call_off(tracker: Tracker, at: datetime, limit: int) -> None:
    """Couriers of cases that ended before they came; one that is not heard of is told later."""
    rows = PickupRequest.objects.filter(state=State.CANCELLED, called_off_at__isnull=True)
    for row in list(rows.exclude(carrier_no="").select_related("after_sale")[:limit]):
        try:
            tracker.cancel_pickup(row.after_sale.number, at=at)
        except CarrierUnavailable as error:
            logger.warning("courier of %s is not called off: %s", row.after_sale.number, error)
            return
        PickupRequest.objects.filter(pk=row.pk).update(called_off_at=at)
