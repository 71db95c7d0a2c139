"""Operators decide: approve (never more than the share), refuse with a reason, the second yes.
Source: O-45, O-48; ATK-84."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from catalog.selectors import bundle_parts, kit_of
from inventory.models import Warehouse
from inventory.services import expect_return, reserve_stock
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from members.models import Account
from orders.errors import (
    AfterSaleNotOffered,
    AfterSaleReasonMissing,
    AmountTooHigh,
    SecondPersonNeeded,
)
from orders.models import AfterSale, AfterSaleLine
from orders.services.after_sales.limiting import refund_is_within, refuse_own
from orders.services.after_sales.paying_back import pay_back
from orders.services.after_sales.requesting import close_case, locked_case, require
from orders.services.after_sales.stepping import step
from orders.services.goods import pieces_of

Kind, State = AfterSale.Kind, AfterSale.State


@atomic_retry()
def approve_after_sale(
    *,
    number: str,
    at: datetime,
    actor: Account | None = None,
    amounts_fen: Mapping[int, int] | None = None,
    freight_fen: int | None = None,
    note: str = "",
) -> AfterSale:
    """Grant a case, at most what the sums gave: ``amounts_fen`` by case line, less freight.

    A refund without return is paid at once, or waits for a second yes above the operator's limit;
    for the others the goods are awaited, and what an exchange sends is reserved now. No actor: the
    house's own rule grants it. Locks: order, lines, case, then as `pay_back`. Raises: NotFound,
    AfterSaleMoved, AmountTooHigh, SecondPersonNeeded, OutOfStock.
    """
    case = locked_case(number)
    require(case, State.REQUESTED)
    refuse_own(case, actor)
    _grant(case, amounts_fen or {}, freight_fen)
    case.approved_by, case.decided_at = actor, at
    case.save(update_fields=["approved_by", "decided_at", *GRANTED])
    _record(case, "orders.approve_after_sale", actor, at, note)
    if case.kind != Kind.REFUND_ONLY:
        step(case, State.AWAITING_RETURN, at=at, actor=actor, note=note)
        _expect_goods(case, at)
    elif refund_is_within(case, actor, at):
        pay_back(case, at=at, actor=actor)
    else:
        step(case, State.APPROVED, at=at, actor=actor, note=note)
    return case


GRANTED = ("goods_fen", "freight_fen", "gift_charge_fen")


def _grant(case: AfterSale, amounts_fen: Mapping[int, int], freight_fen: int | None) -> None:
    """Freeze what is granted. Raises: AmountTooHigh."""
    rows = list(case.lines.all())
    for row in rows:
        wanted = amounts_fen.get(row.pk, row.amount_fen)
        if not 0 <= wanted <= row.entitled_fen:
            raise AmountTooHigh(most_fen=row.entitled_fen)
        row.amount_fen = wanted
    AfterSaleLine.objects.bulk_update(rows, ["amount_fen"])
    if freight_fen is not None:
        if not 0 <= freight_fen <= case.freight_fen:
            raise AmountTooHigh(most_fen=case.freight_fen)
        case.freight_fen = freight_fen
    case.goods_fen = sum(row.amount_fen for row in rows)
    case.gift_charge_fen = min(case.gift_charge_fen, case.goods_fen + case.freight_fen)


def _expect_goods(case: AfterSale, at: datetime) -> None:
    """Tell the warehouse what comes back, and keep what is sent instead; stock comes last."""
    rows = list(case.lines.select_related("line"))
    if case.kind == Kind.EXCHANGE:
        _hold_replacement(case, rows, at)
    pieces: Counter[int] = Counter()
    for row in rows:
        pieces.update(pieces_of(row.line, row.quantity - row.unshipped))
    house = Warehouse.objects.filter(kind=Warehouse.Kind.OWN, is_active=True).first()
    if house is not None and pieces:
        expect_return(after_sale_number=case.number, pieces=pieces, warehouse_id=house.pk, at=at)


def _hold_replacement(case: AfterSale, rows: Iterable[AfterSaleLine], at: datetime) -> None:
    """Keep what is sent instead, where we pack ourselves: partners are told of orders, not of
    cases. A bundle is sent as it is made now."""
    wanted = {
        str(row.pk): (row.exchange_sku_id, row.quantity)
        for row in rows
        if row.exchange_sku_id is not None
    }
    bundles = bundle_parts({sku_id for sku_id, _pieces in wanted.values()}, at)
    reserve_stock(
        order_number=case.number,
        wanted=wanted,
        kits={
            key: kit_of(bundles[sku_id])
            for key, (sku_id, _pieces) in wanted.items()
            if sku_id in bundles
        },
        region_code=case.order.region_code,
        excluded=_packed_by_others(),
        at=at,
    )


def _packed_by_others() -> tuple[int, ...]:
    """Warehouses of which others send what lies there. Queries: 1."""
    theirs = Warehouse.objects.filter(kind__in=Warehouse.PACKED_BY_OTHERS)
    return tuple(theirs.values_list("pk", flat=True))


@atomic_retry()
def confirm_refund(*, number: str, actor: Account, at: datetime) -> AfterSale:
    """The second yes to a refund above the limit of who approved it: another person's.

    Locks: order, lines, case, then as `pay_back`. Raises: NotFound, AfterSaleMoved,
    SecondPersonNeeded.
    """
    case = locked_case(number)
    require(case, State.APPROVED, State.INSPECTED)
    _require_money(case)
    refuse_own(case, actor)
    if actor.pk == case.approved_by_id:
        raise SecondPersonNeeded
    _record(case, "orders.confirm_refund", actor, at, "")
    pay_back(case, at=at, actor=actor)
    return case


@atomic_retry()
def refund_after_sale(*, number: str, actor: Account, at: datetime) -> AfterSale:
    """Pay an inspected return back; above the operator's limit a second person does it.

    Locks: order, lines, case, then as `pay_back`. Raises: NotFound, AfterSaleMoved,
    SecondPersonNeeded.
    """
    case = locked_case(number)
    require(case, State.INSPECTED)
    _require_money(case)
    refuse_own(case, actor)
    if not refund_is_within(case, actor, at):
        raise SecondPersonNeeded
    _record(case, "orders.refund_after_sale", actor, at, "")
    pay_back(case, at=at, actor=actor)
    return case


@atomic_retry()
def refuse_after_sale(*, number: str, reason: str, actor: Account, at: datetime) -> AfterSale:
    """Say no, and why; the pieces are free again.

    Locks: order, lines, case, stock. Raises: NotFound, AfterSaleMoved, AfterSaleReasonMissing.
    """
    if not reason.strip():
        raise AfterSaleReasonMissing
    case = locked_case(number)
    _record(case, "orders.refuse_after_sale", actor, at, reason)
    close_case(case, State.REFUSED, at=at, actor=actor, note=reason)
    return case


def _require_money(case: AfterSale) -> None:
    """An exchange sends goods, not money. Raises: AfterSaleNotOffered."""
    if case.kind == Kind.EXCHANGE:
        raise AfterSaleNotOffered


def _record(case: AfterSale, verb: str, actor: Account | None, at: datetime, reason: str) -> None:
    after: dict[str, Any] = {"money_fen": case.money_fen, "kind": case.kind}
    audit.record(actor=actor, verb=verb, target=case, after=after, reason=reason[:200], at=at)
