"""A buyer asks: what would come back, asking, sending back, taking it back. Source: O-43 to O-46,
O-49; ATK-05."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from inventory.services import call_off_return, release_stock
from mall.kernel import clock
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from members.models import Account
from orders import refunds
from orders.errors import (
    AfterSaleMoved,
    AfterSaleNotOffered,
    ExchangeRefused,
    GoodsAreHere,
    PickupDayRefused,
    TooManyPictures,
)
from orders.events import AfterSaleRequested
from orders.models import (
    AfterSale,
    AfterSaleLine,
    Order,
    OrderLine,
    OrderTask,
    PickupRequest,
    Upload,
)
from orders.services.after_sales.facts import Facts, Wish, check_promises, facts_of, work_out
from orders.services.after_sales.stepping import TURN, step, write_down
from orders.services.numbering import new_number
from orders.services.tasking import close_tasks, open_task

Kind, State = AfterSale.Kind, AfterSale.State
MOST_PICTURES = 6
PICKUP_DAYS = 7


@dataclass(frozen=True, slots=True)
class PickupWish:
    """When a carrier shall come for the goods."""

    day: date
    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a buyer sends in; ``exchange_skus`` is line id -> SKU id, missing for the same SKU."""

    wish: Wish
    text: str = ""
    upload_ids: tuple[int, ...] = ()
    pickup: PickupWish | None = None
    exchange_skus: tuple[tuple[int, int], ...] = ()


def preview(
    *, number: str, member_id: int, wish: Wish, at: datetime
) -> tuple[Facts, refunds.RefundSum]:
    """What would come back, before anything is asked. Changes nothing. Queries: 8, 9 with points.

    Raises: NotFound, NothingToReturn, TooManyToReturn, AfterSaleNotOffered, AfterSaleOver.
    """
    order = Order.objects.of_member(member_id).filter(number=number).first()
    if order is None:
        raise NotFound
    facts = facts_of(order, list(order.lines.all()))
    answer = work_out(facts, wish)
    check_promises(facts, wish, at)
    return facts, answer


@atomic_retry()
def request_after_sale(
    *,
    number: str,
    member_id: int,
    request: Request,
    at: datetime,
    actor: Account | None = None,
) -> AfterSale:
    """Open a case for pieces of an own order; they are spoken for from now on, and what was not
    sent is held back from packing.

    Locks: order, lines. Raises: NotFound, what `preview` raises, TooManyPictures, ExchangeRefused,
    PickupDayRefused. Emits: AfterSaleRequested.
    """
    order = Order.objects.of_member(member_id).filter(number=number).locked().first()
    if order is None:
        raise NotFound
    lines = list(order.lines.locked())
    facts = facts_of(order, lines)
    answer = work_out(facts, request.wish)
    check_promises(facts, request.wish, at)
    case = _write_case(order, member_id, request, answer, at)
    rows = _write_lines(case, facts, answer, request)
    speak_for(rows, 1)
    _attach_pictures(case, request.upload_ids)
    if request.pickup is not None:
        _ask_for_pickup(case, request.pickup, at)
    write_down(case, "requested", before="", at=at, actor=actor)
    publish(
        AfterSaleRequested(
            order_id=order.pk,
            number=order.number,
            member_id=member_id,
            after_sale_number=case.number,
            kind=case.kind,
            reason=case.reason,
            at=at,
        )
    )
    return case


def _write_case(
    order: Order, member_id: int, request: Request, answer: refunds.RefundSum, at: datetime
) -> AfterSale:
    return AfterSale.objects.create(
        number=new_number(at, "A"),
        order=order,
        member_id=member_id,
        kind=request.wish.kind,
        reason=request.wish.reason,
        text=request.text,
        requested_at=at,
        due_at=at + TURN[State.REQUESTED],
        goods_fen=answer.goods_fen,
        freight_fen=answer.freight_fen,
        gift_charge_fen=answer.gift_charge_fen,
        points_back=answer.points_back,
    )


def _write_lines(
    case: AfterSale, facts: Facts, answer: refunds.RefundSum, request: Request
) -> list[AfterSaleLine]:
    chosen = dict(request.exchange_skus)
    rows = []
    for part in answer.lines:
        line = facts.line(part.line_id)
        row = AfterSaleLine(
            after_sale=case,
            line=line,
            quantity=part.quantity,
            unshipped=part.unshipped,
            entitled_fen=part.entitled_fen,
            amount_fen=part.entitled_fen,
            points_back=part.points_back,
            is_gift=part.is_gift,
        )
        if case.kind == Kind.EXCHANGE:
            row.exchange_sku_id = _exchange_sku(line, chosen.get(line.pk))
        rows.append(row)
    return AfterSaleLine.objects.bulk_create(rows)


def _exchange_sku(line: OrderLine, wanted: int | None) -> int:
    """The SKU that is sent instead: of the same product at the same list price. Queries: 0 or 1.

    Raises: ExchangeRefused.
    """
    if line.sku is None:
        raise ExchangeRefused
    if wanted in (None, line.sku_id):
        return line.sku.pk
    other = line.sku.product.skus.filter(pk=wanted, is_active=True).first()
    if other is None or other.price_fen != line.sku.price_fen:
        raise ExchangeRefused
    return int(other.pk)


def speak_for(rows: Sequence[AfterSaleLine], sign: int) -> None:
    """Count the pieces of a case on their lines (1), or let go of them (-1). The CHECKs judge the
    sums (INV-15, INV-28). Queries: 1 a line."""
    for row in rows:
        OrderLine.objects.filter(pk=row.line_id).update(
            refunding=F("refunding") + sign * row.quantity,
            refunding_fen=F("refunding_fen") + sign * row.entitled_fen,
            withdrawing=F("withdrawing") + sign * row.unshipped,
        )


def _attach_pictures(case: AfterSale, upload_ids: Sequence[int]) -> None:
    """Only one's own pictures, each for one case. Raises: TooManyPictures, NotFound."""
    wanted = set(upload_ids)
    if len(wanted) > MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    mine = Upload.objects.filter(
        pk__in=wanted,
        member_id=case.member_id,
        purpose=Upload.Purpose.AFTER_SALE,
        after_sale__isnull=True,
    )
    if wanted and mine.update(after_sale=case) != len(wanted):
        raise NotFound


def _ask_for_pickup(case: AfterSale, wish: PickupWish, at: datetime) -> None:
    """Raises: AfterSaleNotOffered when nothing is sent back, PickupDayRefused."""
    if case.kind == Kind.REFUND_ONLY:
        raise AfterSaleNotOffered
    today = clock.day_of(at)
    if not today < wish.day <= today + timedelta(days=PICKUP_DAYS):
        raise PickupDayRefused(days=PICKUP_DAYS)
    order = case.order
    PickupRequest.objects.create(
        after_sale=case,
        day=wish.day,
        window=wish.window,
        contact_name=order.receiver_name,
        contact_phone=order.receiver_phone,
        address=" ".join([*order.region_names, order.address_detail]),
        created_at=at,
    )
    open_task(
        kind=OrderTask.Kind.PICKUP,
        reference=case.number,
        order=order,
        facts={"day": wish.day.isoformat(), "window": wish.window},
        at=at,
    )


@atomic_retry()
def cancel_after_sale(
    *, number: str, member_id: int, at: datetime, actor: Account | None = None
) -> AfterSale:
    """The buyer takes it back, until the goods are on their way.

    Locks: order, lines, intake. Raises: NotFound, AfterSaleMoved, GoodsAreHere.
    """
    case = locked_case(number, member_id=member_id)
    close_case(case, State.CANCELLED, at=at, actor=actor)
    return case


def close_case(
    case: AfterSale,
    state: str,
    *,
    at: datetime,
    code: str = "",
    actor: Account | None = None,
    note: str = "",
) -> None:
    """End a case that brings nothing back: its pieces may be shipped, or asked about, again, what
    an exchange had reserved is free, and no warehouse waits any more.

    The caller holds the order and its lines. Locks: the return's intake, stock. Raises:
    AfterSaleMoved, GoodsAreHere when they were not looked at yet.
    """
    if not call_off_return(after_sale_number=case.number):
        raise GoodsAreHere(state=case.state)
    step(case, state, at=at, code=code, actor=actor, note=note)
    speak_for(list(case.lines.all()), -1)
    PickupRequest.objects.filter(after_sale=case).update(state=PickupRequest.State.CANCELLED)
    close_tasks(kind=OrderTask.Kind.PICKUP, reference=case.number, at=at, outcome=state)
    if case.kind == Kind.EXCHANGE:
        release_stock(order_number=case.number, at=at)


@atomic_retry()
def send_back(
    *,
    number: str,
    member_id: int,
    carrier: str,
    tracking_no: str,
    at: datetime,
    actor: Account | None = None,
) -> AfterSale:
    """The buyer says with whom the goods are on their way; said again, it corrects the number.

    Locks: order, lines. Raises: NotFound, AfterSaleMoved.
    """
    case = locked_case(number, member_id=member_id)
    parcel = {"carrier": carrier, "tracking_no": tracking_no}
    if case.state == State.RETURNING:
        AfterSale.objects.filter(pk=case.pk).update(**parcel)
        write_down(case, "corrected", before=case.state, at=at, actor=actor, note=tracking_no)
        return case
    note = f"{carrier} {tracking_no}"
    step(case, State.RETURNING, at=at, actor=actor, note=note, **parcel)
    return case


def locked_case(number: str, *, member_id: int | None = None) -> AfterSale:
    """The case, its order and lines locked first, in the order of the house. Queries: 4.

    Raises: NotFound.
    """
    cases = AfterSale.objects.filter(number=number)
    if member_id is not None:
        cases = cases.of_member(member_id)
    order_id = cases.values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound
    order = Order.objects.filter(pk=order_id).locked().get()
    list(order.lines.locked())
    case: AfterSale = cases.locked().get()
    case.order = order
    return case


def require(case: AfterSale, *states: str) -> None:
    """Raises: AfterSaleMoved unless the case is in one of these states."""
    if case.state not in states:
        raise AfterSaleMoved(state=case.state)
