"""Who pays for sending back: the buyer is repaid what the shop or its supplier bears, the supplier
its share by agreement. Source: O-48."""

from datetime import datetime

from inventory.models import SupplierSku
from inventory.services import post_return_freight
from members.models import WalletEntry
from members.services import credit_wallet
from orders.models import AfterSale, ReturnFreightRule, SubOrder
from orders.services.after_sales.stepping import write_down

Payer = ReturnFreightRule.Payer


def share_freight(case: AfterSale, *, at: datetime) -> None:
    """Post the return freight of an inspected case by its reason's rule, once. Queries: 2 to 20.

    The caller holds the order. Without a supplier for the goods the shop bears it alone.
    """
    rule = ReturnFreightRule.objects.filter(reason=case.reason).first()
    payer = rule.payer if rule is not None else Payer.BUYER
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


def _supplier_of(case: AfterSale) -> int | None:
    """Who sent the case's goods for us, else who supplies them; of several the cheapest, as the
    shop buys there. Queries: 1 to 2."""
    sent = SubOrder.objects.filter(
        state=SubOrder.State.SHIPPED,
        warehouse__supplier__isnull=False,
        lines__line__in=case.lines.filter(is_gift=False).values("line"),
    )
    sender: int | None = sent.order_by("pk").values_list("warehouse__supplier", flat=True).first()
    if sender is not None:
        return sender
    skus = case.lines.filter(is_gift=False).values("line__sku")
    found = SupplierSku.objects.offered().filter(sku__in=skus).order_by("cost_fen", "pk")
    return found.values_list("supplier_id", flat=True).first()
