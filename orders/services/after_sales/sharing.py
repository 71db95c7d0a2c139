"""Who pays for sending back, and for bad goods: the buyer is repaid what the shop or its supplier
bears, the supplier its share by agreement. Source: O-48, I-42."""

from datetime import datetime

from inventory.models import SupplierSku
from inventory.services import post_quality_refund, post_return_freight
from members.models import WalletEntry
from members.services import credit_wallet
from orders.models import AfterSale, Reason, ReturnFreightRule, SubOrder
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


def share_refund(case: AfterSale, *, at: datetime) -> None:
    """Deduct from the supplier's next statement what was paid back for its bad goods, once.

    What a supplier sent itself is its fault for every faulty reason; of what we sent only quality
    is. Locks: the supplier's amounts. Queries: none without a fault, else 2 to 9.
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
            amount_fen=case.goods_fen,
            at=at,
        )


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
