"""Where parcels are: scans typed in, called in by carriers' systems, or asked for. Source: O-19.

Scans come twice, late and out of order: each is kept once, and a parcel that was signed for stays
signed for. Nobody is called inside a transaction.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Least

from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from orders import messages
from orders.carriers.base import CarrierUnavailable, Parcel, Push, PushRefused, Scan
from orders.carriers.registry import tracker_of
from orders.models import Carrier, Order, OrderTask, Shipment, ShipmentTrace, TrackingPush
from orders.services.fulfilment.house_times import days_after
from orders.services.tasking import close_tasks
from orders.services.telling import tell_buyer

logger = logging.getLogger(__name__)
Outcome = TrackingPush.Outcome
QUIET_FOR = timedelta(hours=6)
"""How long a subscribed parcel may be silent before it is asked about."""
NEWS = "news"
"""The outcome of a task about a parcel that moves again."""
CLOCKS_DIFFER = timedelta(minutes=10)
MAX_PUSH_BYTES = 64 * 1024
KEPT_OF_REFUSED = 4096
KEPT_HEADER_LENGTH = 200


@atomic_retry()
def record_trace(
    *, shipment_number: str, code: str, at: datetime, place: str = "", words: str = ""
) -> ShipmentTrace:
    """Note one scan that somebody types in; the same scan again changes nothing.

    When the last parcel of a shipped order is signed for, the buyer has the days of the policy
    to confirm. Locks: the order. Raises: NotFound.
    """
    order = Order.objects.filter(shipments__number=shipment_number).locked().first()
    if order is None:
        raise NotFound
    shipment = order.shipments.get(number=shipment_number)
    _note(order, shipment, [Scan(code, at, place, words)], is_typed=True)
    return ShipmentTrace.objects.get(shipment=shipment, code=code, at=at)


def _note(order: Order, shipment: Shipment, scans: Iterable[Scan], *, is_typed: bool) -> int:
    """Keep the scans that are new; returns how many. The order is locked. Queries: 2 a scan, 2
    when some are new, 3 more for a signing."""
    fresh = [scan for scan in scans if _keep(shipment, scan, is_typed)]
    if not fresh:
        return 0
    latest = max(scan.at for scan in fresh)
    is_news = Q(last_event_at__isnull=True) | Q(last_event_at__lt=latest)
    if Shipment.objects.filter(is_news, pk=shipment.pk).update(last_event_at=latest):
        stalled = OrderTask.Kind.TRACKING_STALLED
        close_tasks(kind=stalled, reference=shipment.number, at=latest, outcome=NEWS)
    signings = [scan.at for scan in fresh if scan.code == ShipmentTrace.Code.SIGNED]
    if signings and shipment.signed_at is None:
        shipment.signed_at = min(signings)
        shipment.save(update_fields=["signed_at"])
        note_signing(order, shipment, shipment.signed_at)
    return len(fresh)


def _keep(shipment: Shipment, scan: Scan, is_typed: bool) -> bool:
    _trace, is_new = ShipmentTrace.objects.get_or_create(
        shipment=shipment,
        code=scan.code,
        at=scan.at,
        defaults={"place": scan.place, "words": scan.words, "is_typed": is_typed},
    )
    return is_new


def note_signing(order: Order, shipment: Shipment, at: datetime) -> None:
    """Tell the buyer; when no parcel is open any more, the time to confirm begins."""
    tell_buyer(order, messages.ORDER_SIGNED, {}, at=at, cause=f"{shipment.number}/signed")
    open_parcels = order.shipments.filter(signed_at__isnull=True).exclude(pk=shipment.pk)
    if order.status == Order.Status.SHIPPED and not open_parcels.exists():
        due_at = Least("receive_due_at", days_after(at, "signed_days"))  # which passes over NULL
        Order.objects.filter(pk=order.pk).update(receive_due_at=due_at)


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of a call-back."""

    outcome: str
    reason: str = ""

    @property
    def is_accepted(self) -> bool:
        """True when it need not come again."""
        return self.outcome != Outcome.REFUSED


def accept_push(
    *, adapter: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> PushResult:
    """Verify one call-back and note what it says, once; whatever it is, it is kept with what came
    of it. Locks: the orders of its parcel. Never raises for a bad call."""
    tracker = tracker_of(adapter)
    if tracker is None or len(body) > MAX_PUSH_BYTES:
        return PushResult(Outcome.REFUSED, "adapter_unknown" if tracker is None else "too_large")
    try:
        push = tracker.read_push(headers, body, at=at)
    except PushRefused as refusal:
        return _store(adapter, headers, body, None, refusal.reason, at)
    return _store(adapter, headers, body, push, "", at)


@atomic_retry()
def _store(
    adapter: str,
    headers: Mapping[str, str],
    body: bytes,
    push: Push | None,
    reason: str,
    at: datetime,
) -> PushResult:
    """Note a verified call and keep it, in one transaction; a refused one is only kept."""
    result, shipment = PushResult(Outcome.REFUSED, reason), None
    kept = body[:KEPT_OF_REFUSED]
    if push is not None:
        result, shipment = _apply(adapter, push, at)
        kept = body
    TrackingPush.objects.create(
        adapter=adapter,
        push_id=push.push_id if push else "",
        headers=_storable(headers),
        body=kept.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
        outcome=result.outcome,
        reason=result.reason,
        shipment=shipment,
        received_at=at,
    )
    return result


def _apply(adapter: str, push: Push, at: datetime) -> tuple[PushResult, Shipment | None]:
    """A tracking number may be on parcels of several orders: each gets the scans."""
    carriers = Carrier.objects.filter(adapter=adapter)
    named = [row for row in carriers if push.parcel.carrier == row.name_outside]
    found = Shipment.objects.filter(carrier__in=named, tracking_no=push.parcel.tracking_no)
    orders = Order.objects.filter(pk__in=found.values("order_id"))
    locked = {order.pk: order for order in orders.locked()}
    shipments = list(found.filter(order_id__in=locked).order_by("pk"))
    if not shipments:
        return PushResult(Outcome.REFUSED, "parcel_unknown"), None
    scans = [scan for scan in push.scans if scan.at <= at + CLOCKS_DIFFER]
    fresh = sum(_note(locked[s.order_id], s, scans, is_typed=False) for s in shipments)
    outcome = Outcome.APPLIED if fresh else Outcome.REPEATED
    return PushResult(outcome), shipments[0]


def _storable(headers: Mapping[str, str]) -> dict[str, str]:
    """The caller's own headers, short and in text that can be stored."""
    return {
        name.lower(): value[:KEPT_HEADER_LENGTH]
        .replace("\x00", "")
        .encode("ascii", "backslashreplace")
        .decode()
        for name, value in headers.items()
        if name.lower().startswith("x-express-")
    }


def subscribe_parcels(at: datetime, limit: int = 100) -> int:
    """Ask to be told about parcels that have left; returns how many. Call it outside transactions.

    A channel that does not answer is left for the next run.
    """
    waiting = _followed().filter(subscribed_at__isnull=True).order_by("shipped_at", "pk")
    done = 0
    for shipment in list(waiting[:limit]):
        tracker = tracker_of(shipment.carrier.adapter)
        if tracker is None:
            continue
        try:
            tracker.subscribe(_parcel(shipment), at=at)
        except CarrierUnavailable as error:
            logger.warning("parcel %s is not subscribed to: %s", shipment.number, error)
            break
        done += Shipment.objects.filter(pk=shipment.pk).update(subscribed_at=at)
    return done


def ask_about_parcels(at: datetime, limit: int = 200) -> int:
    """Ask about parcels that have been silent: a call-back may be lost. Returns how many had news.

    Call it outside transactions.
    """
    quiet = at - QUIET_FOR
    silent = Q(last_event_at__lt=quiet) | Q(last_event_at__isnull=True, shipped_at__lt=quiet)
    waiting = _followed().filter(silent, subscribed_at__isnull=False)
    told = 0
    for shipment in list(waiting.order_by("last_event_at", "pk")[:limit]):
        tracker = tracker_of(shipment.carrier.adapter)
        if tracker is None:
            continue
        try:
            scans = tracker.query(_parcel(shipment), at=at)
        except CarrierUnavailable as error:
            logger.warning("nobody answered about parcel %s: %s", shipment.number, error)
            break
        told += note_scans(shipment.number, scans, at) > 0
    return told


@atomic_retry()
def note_scans(shipment_number: str, scans: Sequence[Scan], at: datetime) -> int:
    """Keep what a carrier's system answered; how many scans were new. Locks: the order."""
    order = Order.objects.filter(shipments__number=shipment_number).locked().get()
    shipment = order.shipments.get(number=shipment_number)
    past = [scan for scan in scans if scan.at <= at + CLOCKS_DIFFER]
    return _note(order, shipment, past, is_typed=False)


def _followed():  # type: ignore[no-untyped-def]
    """Parcels on their way with carriers that have an interface."""
    return Shipment.objects.filter(
        signed_at__isnull=True, carrier__adapter=Carrier.Adapter.EXPRESS
    ).select_related("carrier", "order")


def _parcel(shipment: Shipment) -> Parcel:
    assert shipment.carrier is not None, "what is handed over is not followed"
    return Parcel(
        carrier=shipment.carrier.name_outside,
        tracking_no=shipment.tracking_no,
        phone_tail=shipment.order.receiver_phone[-4:],
    )
