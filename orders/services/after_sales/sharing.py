"""Who pays for sending back, and for bad goods: the buyer is repaid what the shop or its supplier
bears, the supplier its share by agreement; what it has back is not owed. Source: O-48, I-42."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, repeat

from django.db.models import Sum

from inventory.models import ReturnIntake, SupplierCharge, SupplierSku
from inventory.services import post_goods_given_back, post_quality_refund, post_return_freight
from members.models import WalletEntry
from members.services import credit_wallet
from orders.models import (
    AfterSale,
    AfterSaleLine,
    Reason,
    ReturnFreightRule,
    SubOrder,
    SubOrderLine,
)
from orders.refunds import FAULTS
from orders.services.after_sales.stepping import write_down

Payer = ReturnFreightRule.Payer


def share_freight(case: AfterSale, *, at: datetime) -> None:
    """Post the return freight of an inspected case by its reason's rule, once. Queries: 2 to 20.

    The caller holds the order. Without a supplier for the goods the shop bears it alone.
    """
    payer = _payer(case)
    supplier_id = _supplier_of(case) if payer == Payer.SUPPLIER else None
    if payer == Payer.SUPPLIER and supplier_id is None:
        payer = Payer.MERCHANT
    case.freight_payer = payer
    case.save(update_fields=["freight_payer"])
    if payer == Payer.BUYER or not case.return_freight_fen:
        return
    credit_wallet(
        member_id=case.member_id,
        amount_fen=case.return_freight_fen,
        kind=WalletEntry.Kind.RETURN_FREIGHT,
        reference=case.number,
        at=at,
    )
    if supplier_id is not None:
        post_return_freight(
            supplier_id=supplier_id,
            after_sale_number=case.number,
            amount_fen=case.return_freight_fen,
            at=at,
        )
    write_down(case, "freight_repaid", before=case.state, at=at)


def reverse_goods(case: AfterSale, rows: Sequence[AfterSaleLine], *, at: datetime) -> None:
    """Goods of a granted case that came back into the house of the supplier that had sent them are
    not owed any more, piece by piece at what they had cost; once a line of a case.

    A case that is refused after its inspection gives the supplier nothing. The caller holds the
    order. Locks: the supplier's amounts. Queries: none without a return, 1 into a house of ours.
    """
    supplier_id = _taken_in_by(case)
    if supplier_id is None:
        return
    sent = SubOrderLine.objects.filter(
        sub_order__state=SubOrder.State.SHIPPED, sub_order__warehouse__supplier=supplier_id
    )
    for row in rows:
        parts = sent.filter(line=row.line_id).order_by("pk").values_list("cost_fen", "quantity")
        costs = list(chain.from_iterable(repeat(cost_fen, number) for cost_fen, number in parts))
        start = _given_back(row, supplier_id)
        given = costs[start : start + sum(row.grades.values())]
        post_goods_given_back(
            supplier_id=supplier_id,
            reference=f"{case.number}/{row.line.position}",
            cost_fen=sum(given),
            pieces=len(given),
            at=at,
        )


def _taken_in_by(case: AfterSale) -> int | None:
    """The supplier in whose house the inspected goods lie."""
    if case.kind == AfterSale.Kind.REFUND_ONLY:
        return None
    intake = ReturnIntake.objects.filter(
        after_sale_number=case.number, status=ReturnIntake.Status.INSPECTED
    )
    house: int | None = intake.values_list("warehouse__supplier", flat=True).first()
    return house


def _given_back(row: AfterSaleLine, supplier_id: int) -> int:
    """Pieces of the line that the supplier had back by other cases. Queries: 1."""
    cases = AfterSale.objects.filter(lines__line=row.line_id).values_list("number", flat=True)
    references = [f"{number}/{row.line.position}" for number in cases]
    charges = SupplierCharge.objects.filter(
        supplier=supplier_id, kind=SupplierCharge.Kind.REVERSED, reference__in=references
    )
    return sum(facts["pieces"] for facts in charges.values_list("facts", flat=True))


def share_refund(case: AfterSale, *, at: datetime) -> None:
    """Deduct from the supplier's next statement what was paid back for its bad goods, once.

    What a supplier sent itself is its fault for every faulty reason; of what we sent only quality
    is. What it has back has lowered its statement by its cost: the rest is shared. Locks: the
    supplier's amounts. Queries: none without a fault, else 2 to 10.
    """
    if case.reason not in FAULTS or not case.goods_fen or _payer(case) != Payer.SUPPLIER:
        return
    supplier_id = _sender_of(case)
    if supplier_id is None and case.reason == Reason.QUALITY:
        supplier_id = _seller_of(case)
    if supplier_id is not None:
        post_quality_refund(
            supplier_id=supplier_id,
            after_sale_number=case.number,
            amount_fen=max(0, case.goods_fen - _reversed_fen(case, supplier_id)),
            at=at,
        )


def _reversed_fen(case: AfterSale, supplier_id: int) -> int:
    """What the case took off the supplier's goods. Queries: 1."""
    charges = SupplierCharge.objects.filter(
        supplier=supplier_id,
        kind=SupplierCharge.Kind.REVERSED,
        reference__startswith=f"{case.number}/",
    )
    return -int(charges.aggregate(total=Sum("amount_fen"))["total"] or 0)


def _payer(case: AfterSale) -> str:
    """Who bears the case's reason, by its rule; the buyer without one. Queries: 1."""
    rule = ReturnFreightRule.objects.filter(reason=case.reason).first()
    return rule.payer if rule is not None else Payer.BUYER


def _supplier_of(case: AfterSale) -> int | None:
    """Who sent the case's goods for us, else who supplies them. Queries: 1 to 2."""
    sender = _sender_of(case)
    return _seller_of(case) if sender is None else sender


def _sender_of(case: AfterSale) -> int | None:
    sent = SubOrder.objects.filter(
        state=SubOrder.State.SHIPPED,
        warehouse__supplier__isnull=False,
        lines__line__in=case.lines.filter(is_gift=False).values("line"),
    )
    sender: int | None = sent.order_by("pk").values_list("warehouse__supplier", flat=True).first()
    return sender


def _seller_of(case: AfterSale) -> int | None:
    """Of several the cheapest, as the shop buys there."""
    skus = case.lines.filter(is_gift=False).values("line__sku")
    found = SupplierSku.objects.offered().filter(sku__in=skus).order_by("cost_fen", "pk")
    return found.values_list("supplier_id", flat=True).first()
