"""What suppliers did and what it comes to, noted once as it happens; others call these down.

Drop-shipping notes parcels and their goods, after-sales note answers, quality and return freight,
receiving notes inspections and goods. A reference is the caller's own number: the same one notes
nothing twice. Source: I-26, I-28, I-34, I-42, O-48.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.models import Supplier, SupplierCharge, SupplierFact
from inventory.selectors.sourcing import SupplierTerms, terms_of
from mall.kernel import clock
from mall.kernel.db import advisory_lock
from mall.kernel.money import at_rate

Fact, Charge = SupplierFact.Kind, SupplierCharge.Kind


@transaction.atomic
def record_supplier_fact(
    *,
    kind: str,
    supplier_id: int,
    reference: str,
    at: datetime,
    good: int,
    total: int = 1,
    minutes: int | None = None,
) -> bool:
    """Note that ``good`` of ``total`` went well; False when it was noted before. Queries: 2."""
    if not 0 <= good <= total or total < 1:
        raise ValueError(f"{good} of {total} is no fact")
    _row, is_new = SupplierFact.objects.get_or_create(
        supplier_id=supplier_id,
        kind=Fact(kind),
        reference=reference,
        defaults={"good": good, "total": total, "minutes": minutes, "at": at},
    )
    return is_new


def record_shipping(
    *,
    supplier_id: int,
    reference: str,
    ordered_at: datetime,
    shipped_at: datetime | None,
    at: datetime,
) -> bool:
    """Note a drop-shipped parcel (``reference``: the sub-order) against the agreed hours.

    ``shipped_at`` is None when the hours are over and nothing has left; the parcel that comes later
    changes nothing any more. The fact lies in the month of ``at``.
    """
    allowed = _terms(supplier_id, ordered_at).ships_within_hours * 60
    minutes = None if shipped_at is None else _minutes(ordered_at, shipped_at)
    return record_supplier_fact(
        kind=Fact.SHIPPED,
        supplier_id=supplier_id,
        reference=reference,
        good=int(minutes is not None and minutes <= allowed),
        minutes=minutes,
        at=at,
    )


def record_answer(
    *,
    supplier_id: int,
    reference: str,
    asked_at: datetime,
    answered_at: datetime | None,
    at: datetime,
) -> bool:
    """Note the supplier's first answer to an after-sale against the agreed minutes.

    ``answered_at`` is None when they are over without a word; a later one changes nothing any more.
    """
    minutes = None if answered_at is None else _minutes(asked_at, answered_at)
    allowed = _terms(supplier_id, asked_at).answers_within_minutes
    return record_supplier_fact(
        kind=Fact.ANSWERED,
        supplier_id=supplier_id,
        reference=reference,
        good=int(minutes is not None and minutes <= allowed),
        minutes=minutes,
        at=at,
    )


def _minutes(start: datetime, end: datetime) -> int:
    """Minutes begun between two instants: a second over the hours is over."""
    return max(0, -(-int((end - start).total_seconds()) // 60))


@transaction.atomic
def post_supplier_charge(
    *,
    supplier_id: int,
    kind: str,
    reference: str,
    amount_fen: int,
    at: datetime,
    facts: dict[str, Any] | None = None,
) -> bool:
    """Note an amount for the supplier's next statement; goods add, everything else deducts.

    ``amount_fen`` is given without a sign. False when it was noted before, or is nothing.
    Locks: an advisory lock of the supplier's amounts, which drawing its statement takes too.
    """
    if amount_fen < 0:
        raise ValueError("amounts are given without a sign")
    if not amount_fen:
        return False
    lock_charges(supplier_id)
    owed = kind in (Charge.GOODS, Charge.DROPSHIP)
    _row, is_new = SupplierCharge.objects.get_or_create(
        supplier_id=supplier_id,
        kind=Charge(kind),
        reference=reference,
        defaults={
            "amount_fen": amount_fen if owed else -amount_fen,
            "facts": facts or {},
            "at": at,
        },
    )
    return is_new


def lock_charges(supplier_id: int) -> None:
    """Nobody adds an amount while a statement is drawn, and the other way round."""
    advisory_lock("supplier-charges", supplier_id)


def post_dropship_goods(*, supplier_id: int, sub_order: str, cost_fen: int, at: datetime) -> bool:
    """Note what a drop-shipped parcel cost, and the fee that the agreement keeps of it."""
    fee_fen = _terms(supplier_id, at).dropship_fee_fen
    with transaction.atomic():
        noted = post_supplier_charge(
            supplier_id=supplier_id,
            kind=Charge.DROPSHIP,
            reference=sub_order,
            amount_fen=cost_fen,
            at=at,
        )
        if noted:
            post_supplier_charge(
                supplier_id=supplier_id,
                kind=Charge.FEE,
                reference=sub_order,
                amount_fen=fee_fen,
                at=at,
            )
    return noted


def post_goods_given_back(
    *, supplier_id: int, reference: str, cost_fen: int, pieces: int, at: datetime
) -> bool:
    """Take off what drop-shipped goods had cost: they lie with the supplier again.

    ``reference`` is the case and its line, so that each is taken off once.
    """
    return post_supplier_charge(
        supplier_id=supplier_id,
        kind=Charge.REVERSED,
        reference=reference,
        amount_fen=cost_fen,
        facts={"pieces": pieces},
        at=at,
    )


def post_return_freight(
    *,
    supplier_id: int,
    after_sale_number: str,
    amount_fen: int,
    at: datetime,
    ratio_bp: int | None = None,
) -> int:
    """Deduct the supplier's share of a return's freight; returns the share in fen (O-48).

    ``ratio_bp`` is the agreement's of the day unless the caller names one.
    """
    if ratio_bp is None:
        ratio_bp = _terms(supplier_id, at).return_freight_bp
    share_fen = at_rate(amount_fen, ratio_bp)
    post_supplier_charge(
        supplier_id=supplier_id,
        kind=Charge.FREIGHT,
        reference=after_sale_number,
        amount_fen=share_fen,
        facts={"freight_fen": amount_fen, "ratio_bp": ratio_bp},
        at=at,
    )
    return share_fen


def post_quality_refund(
    *,
    supplier_id: int,
    after_sale_number: str,
    amount_fen: int,
    at: datetime,
    ratio_bp: int | None = None,
) -> int:
    """Deduct the supplier's share of what was given back because goods were bad; returns it."""
    if ratio_bp is None:
        ratio_bp = _terms(supplier_id, at).quality_bp
    share_fen = at_rate(amount_fen, ratio_bp)
    post_supplier_charge(
        supplier_id=supplier_id,
        kind=Charge.QUALITY,
        reference=after_sale_number,
        amount_fen=share_fen,
        facts={"refund_fen": amount_fen, "ratio_bp": ratio_bp},
        at=at,
    )
    return share_fen


def _terms(supplier_id: int, at: datetime) -> SupplierTerms:
    return terms_of(Supplier.objects.get(pk=supplier_id), clock.day_of(at))
