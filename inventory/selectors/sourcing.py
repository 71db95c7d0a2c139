"""What is asked about suppliers: terms in force, offers, rules, who is told. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q

from inventory.models import Supplier, SupplierAgreement, SupplierPolicy, SupplierSku
from inventory.scoring import Offer, Rules, chosen_offer
from mall.kernel.money import FULL_RATE_BP


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """What holds between a supplier and us on one day."""

    ships_within_hours: int
    answers_within_minutes: int = 120
    return_freight_bp: int = FULL_RATE_BP
    quality_bp: int = FULL_RATE_BP
    dropship_fee_fen: int = 0


def supplier_policy() -> SupplierPolicy:
    """Targets, grades and limits; the defaults when nobody has saved any. Queries: 1."""
    return SupplierPolicy.objects.filter(pk=1).first() or SupplierPolicy(pk=1)


def score_rules(policy: SupplierPolicy) -> Rules:
    """The part of the rules that scores."""
    return Rules(**{name: getattr(policy, name) for name in Rules.__slots__})


def agreement_of(supplier_id: int, day: date) -> SupplierAgreement | None:
    """The agreement in force: of several the latest. Queries: 1."""
    valid = SupplierAgreement.objects.valid_on(day).filter(supplier_id=supplier_id)
    return valid.order_by("-starts_on", "-pk").first()


def terms_of(supplier: Supplier, day: date) -> SupplierTerms:
    """Its agreement's terms; without one, its own hours and the usual rest. Queries: 1."""
    agreement = agreement_of(supplier.pk, day)
    if agreement is None:
        return SupplierTerms(ships_within_hours=supplier.ships_within_hours)
    return SupplierTerms(
        ships_within_hours=agreement.ships_within_hours,
        answers_within_minutes=agreement.answers_within_minutes,
        return_freight_bp=agreement.return_freight_bp,
        quality_bp=agreement.quality_bp,
        dropship_fee_fen=agreement.dropship_fee_fen,
    )


def payment_term_days(supplier: Supplier, policy: SupplierPolicy) -> int:
    """Days after the month: its own, else what its grade is given; ungraded counts as B (I-27)."""
    if supplier.payment_term_days is not None:
        return supplier.payment_term_days
    days = {"A": policy.term_days_a, "C": policy.term_days_c}
    return days.get(supplier.grade, policy.term_days_b)


def offers_of(sku_ids: Iterable[int]) -> dict[int, list[Offer]]:
    """Who offers each SKU, from suppliers that may be ordered from. Queries: 1."""
    offers: dict[int, list[Offer]] = defaultdict(list)
    rows = SupplierSku.objects.offered().filter(sku__in=list(sku_ids)).select_related("supplier")
    for goods in rows:
        offers[goods.sku_id].append(offer_of(goods))
    return dict(offers)


def offer_of(goods: SupplierSku) -> Offer:
    """Goods with the terms that hold for them: their own, else the supplier's (I-37)."""
    supplier = goods.supplier
    return Offer(
        goods_id=goods.pk,
        supplier_id=supplier.pk,
        grade=supplier.grade,
        cost_fen=goods.cost_fen,
        moq=goods.moq or supplier.moq,
        lead_days=supplier.lead_days if goods.lead_days is None else goods.lead_days,
    )


def best_offers(sku_ids: Iterable[int]) -> dict[int, Offer]:
    """The offer to buy each SKU from; A before B before C (I-27). Queries: 1."""
    chosen = {sku_id: chosen_offer(offers) for sku_id, offers in offers_of(sku_ids).items()}
    return {sku_id: offer for sku_id, offer in chosen.items() if offer is not None}


def told_of_suppliers() -> list[int]:
    """Accounts of the operators that are told of alarms about suppliers. Queries: 1."""
    right = Permission.objects.filter(
        codename="get_supplier_alerts", content_type__app_label="inventory"
    )
    given = Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    operators = get_user_model().objects.filter(is_staff=True, is_active=True)
    told = operators.filter(Q(is_superuser=True) | given)
    return list(told.order_by("pk").values_list("pk", flat=True).distinct())
