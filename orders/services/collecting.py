"""Orders that are fetched in a store: set aside, made ready, handed over once. Source: O-34.

Locks: order -> pick-up -> lines -> what receiving locks -> stock. Wrong codes are counted in a
transaction of their own, so that a refusal does not undo its count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import Store
from inventory.services import consume_stock
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from mall.kernel.words import localized
from members.models import Account
from orders import messages
from orders.errors import (
    PickupCodeWrong,
    PickupDone,
    PickupElsewhere,
    PickupLocked,
    PickupNotOffered,
    PickupNotPaid,
)
from orders.events import OrderShipped
from orders.models import Order, OrderLine, OrderTask, Pickup, PickupTry, Shipment, ShipmentLine
from orders.pickup_codes import digest_of, digests_of, drawn, new_nonce, normal_code
from orders.services.moving import move
from orders.services.numbering import new_number
from orders.services.receiving import receive_order
from orders.services.shipping import left_to_ship
from orders.services.tasking import close_tasks, open_task
from orders.services.telling import tell_buyer
from orders.states import Deed

KEPT_FOR = timedelta(days=7)
REMINDED_BEFORE = timedelta(days=1)
FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
DRAWS = 3
HELD_BACK = (Order.Stage.IN_REVIEW, Order.Stage.GROUPING, Order.Stage.CLOSING)


@dataclass(frozen=True, slots=True)
class Collect:
    """Where an order is fetched, and who comes."""

    store_id: int
    name: str
    phone: str


def pickup_store(store_id: int) -> Store:
    """A store that hands orders over, with its warehouse. Queries: 1. Raises: PickupNotOffered."""
    stores = Store.objects.open_to_public().filter(pk=store_id, offers_pickup=True)
    store = stores.select_related("warehouse").first()
    if store is None:
        raise PickupNotOffered
    return store


def note_pickup(order: Order, store: Store) -> Pickup:
    """Say where an order that was just placed is fetched. Queries: 1, 3 when its code is taken."""
    for tries in range(1, DRAWS + 1):
        nonce = new_nonce()
        pickup = Pickup(order=order, store=store, nonce=nonce, code_hash=digest_of(drawn(nonce)))
        try:
            with transaction.atomic():
                pickup.save(force_insert=True)
        except IntegrityError:
            if tries == DRAWS:
                raise
        else:
            return pickup
    raise AssertionError("the last try returns or raises")


@atomic_retry()
def ready_pickup(*, order_number: str, at: datetime, actor: Account | None = None) -> Pickup:
    """The goods lie ready in the store: its buyer is told, and has seven days to come.

    Saying it again changes nothing. Locks: order, pick-up. Raises: NotFound, PickupNotPaid.
    """
    order, pickup = _locked(order_number)
    _check_paid(order)
    if pickup.ready_at is not None:
        return pickup
    pickup.ready_at, pickup.keep_until = at, at + KEPT_FOR
    pickup.save(update_fields=["ready_at", "keep_until"])
    audit.record(actor=actor, verb="orders.ready_pickup", target=order, at=at)
    tell_buyer(order, messages.PICKUP_READY, _facts(pickup), at=at, cause=f"{order.number}/ready")
    return pickup


def hand_over(*, store_id: int, code: str, actor: Account, at: datetime) -> Order:
    """Hand an order over to who brings its code: shipped and received in one verb.

    Five wrong codes in a row lock this member of the staff out of this store, for a minute at
    first, twice as long each time after. Call it outside transactions. Raises: NotFound,
    PickupLocked, PickupCodeWrong, PickupElsewhere, PickupDone, PickupNotPaid.
    """
    if not (actor.is_superuser or Store.objects.of_staff(actor.pk).filter(pk=store_id).exists()):
        raise NotFound
    pickup_id = _checked(store_id, code, actor, at)
    if pickup_id is None:
        raise PickupCodeWrong
    return _hand_over(pickup_id, store_id, actor, at)


@atomic_retry()
def _checked(store_id: int, code: str, actor: Account, at: datetime) -> int | None:
    """The pick-up behind a code; a wrong one is counted. Locks: the count. Raises: PickupLocked."""
    PickupTry.objects.get_or_create(store_id=store_id, account=actor)
    tries = PickupTry.objects.filter(store_id=store_id, account=actor).locked().get()
    if tries.locked_until is not None and at < tries.locked_until:
        seconds = int((tries.locked_until - at).total_seconds()) + 1
        raise PickupLocked(retry_after_seconds=seconds)
    found = Pickup.objects.filter(code_hash__in=digests_of(normal_code(code))).first()
    tries.failures = 0 if found else tries.failures + 1
    tries.locked_until = None if found else _locked_until(tries.failures, at)
    tries.save(update_fields=["failures", "locked_until"])
    return found.pk if found else None


def _locked_until(failures: int, at: datetime) -> datetime | None:
    if failures < FREE_TRIES:
        return None
    return at + min(FIRST_LOCK * 2 ** min(failures - FREE_TRIES, 10), LONGEST_LOCK)


@atomic_retry()
def _hand_over(pickup_id: int, store_id: int, actor: Account, at: datetime) -> Order:
    number = Pickup.objects.values_list("order__number", flat=True).get(pk=pickup_id)
    order, pickup = _locked(number)
    if pickup.collected_at is not None:
        raise PickupDone(at=_moment(pickup.collected_at))
    if pickup.store_id != store_id:
        raise PickupElsewhere(store=localized(pickup.store, "title"))
    _check_paid(order)
    lines = list(order.lines.locked())
    shipment = _write_shipment(order, lines, at, actor)
    pickup.collected_at, pickup.collected_by = at, actor
    pickup.save(update_fields=["collected_at", "collected_by"])
    move(order, Deed.SHIPPED, at=at, actor=actor, shipped_at=at)
    _announce(order, shipment, at, actor)
    received = receive_order(number=order.number, at=at, actor=actor)
    close_tasks(kind=OrderTask.Kind.PICKUP, reference=order.number, at=at)
    pieces = {str(part.line.position): part.quantity for part in shipment.lines.all()}
    consume_stock(
        order_number=order.number,
        pieces=pieces,
        shipment_number=shipment.number,
        actor=actor,
        at=at,
    )
    return received


def _locked(order_number: str) -> tuple[Order, Pickup]:
    order = Order.objects.filter(number=order_number).locked().first()
    if order is None:
        raise NotFound
    pickup = Pickup.objects.filter(order=order).select_related("store").locked().first()
    if pickup is None:
        raise NotFound
    return order, pickup


def _check_paid(order: Order) -> None:
    if order.status != Order.Status.PAID or order.stage in HELD_BACK:
        raise PickupNotPaid(status=order.status)


def _write_shipment(
    order: Order, lines: Iterable[OrderLine], at: datetime, actor: Account
) -> Shipment:
    """A shipment without a carrier: all that is left of the order, signed for at once."""
    parts = [(line, left_to_ship(line)) for line in lines if left_to_ship(line)]
    shipment = Shipment.objects.create(
        number=new_number(at, "S"), order=order, shipped_at=at, signed_at=at, actor=actor
    )
    ShipmentLine.objects.bulk_create(
        [ShipmentLine(shipment=shipment, line=line, quantity=pieces) for line, pieces in parts]
    )
    for line, pieces in parts:
        line.shipped += pieces
    OrderLine.objects.bulk_update([line for line, _pieces in parts], ["shipped"])
    return shipment


def _announce(order: Order, shipment: Shipment, at: datetime, actor: Account) -> None:
    audit.record(
        actor=actor,
        verb="orders.hand_over",
        target=order,
        at=at,
        after={"shipment": shipment.number},
    )
    publish(
        OrderShipped(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            shipment_number=shipment.number,
            is_complete=True,
            at=at,
        )
    )
    tell_buyer(order, messages.PICKUP_DONE, {}, at=at, cause=f"{order.number}/collected")


def remind_pickups(at: datetime, limit: int = 200) -> int:
    """Remind buyers a day before their goods are kept no longer; a task for what nobody fetched.

    Returns how many were reminded or became a task. Call it outside transactions.
    """
    waiting = Pickup.objects.waiting().order_by("keep_until", "pk")
    last_day = waiting.filter(reminded_at=None, keep_until__lte=at + REMINDED_BEFORE)
    over = waiting.filter(overdue_at=None, keep_until__lte=at)
    numbers = list(last_day.values_list("order__number", flat=True)[:limit])
    late = list(over.values_list("order__number", flat=True)[:limit])
    return sum(_remind(number, at) for number in numbers) + sum(_give_up(one, at) for one in late)


@atomic_retry()
def _remind(order_number: str, at: datetime) -> bool:
    order, pickup = _locked(order_number)
    if pickup.collected_at or pickup.reminded_at:
        return False
    pickup.reminded_at = at
    pickup.save(update_fields=["reminded_at"])
    if pickup.keep_until is not None and at < pickup.keep_until:
        cause = f"{order.number}/last day"
        tell_buyer(order, messages.PICKUP_LAST_DAY, _facts(pickup), at=at, cause=cause)
    return True


@atomic_retry()
def _give_up(order_number: str, at: datetime) -> bool:
    """The time is over: the shop decides with the buyer, nothing is closed by the clock."""
    order, pickup = _locked(order_number)
    if pickup.collected_at or pickup.overdue_at:
        return False
    pickup.overdue_at = at
    pickup.save(update_fields=["overdue_at"])
    facts = {"store": pickup.store.code}
    open_task(kind=OrderTask.Kind.PICKUP, reference=order.number, order=order, facts=facts, at=at)
    return True


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _facts(pickup: Pickup) -> dict[str, object]:
    store, until = pickup.store, pickup.keep_until
    return {
        "store_zh": store.title_zh,
        "store_en": store.title_en or store.title_zh,
        "until": _moment(until) if until else "",
    }
