"""Three suppliers, two purchase orders, and last month's statement of the first."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from catalog.models import Sku
from inventory.models import (
    PurchaseOrderLine,
    Supplier,
    SupplierAgreement,
    SupplierContact,
    SupplierSku,
    SupplierStatement,
    Warehouse,
)
from inventory.services import (
    Delivered,
    approve_purchase,
    draft_purchase,
    draw_statement,
    move_supplier,
    receive_purchase,
    save_agreement,
    save_supplier,
    save_supplier_contact,
    save_supplier_goods,
    send_purchase,
)
from mall.console.demo.places import short_skus
from mall.console.demo.seeding import HISTORY_DAYS, Seeding, Tally, operator

SUPPLIERS = (
    ("hangzhou-knit", "杭州针织厂", "Hangzhou Knitting Mill", "王建国", True),
    ("ningbo-home", "宁波家居制造", "Ningbo Home Works", "李敏", True),
    ("suzhou-craft", "苏州工艺社", "Suzhou Craft House", "陈晓", False),
)
"""Code, both titles, the first contact, and whether it is admitted already."""
GOODS_EACH = 3
ORDERED, ARRIVED, FAILED = 300, 200, 1


def seed_suppliers(seeding: Seeding) -> Tally:
    """Files with agreements and goods; the last one is still being admitted."""
    known = Sku.objects.filter(is_active=True, cost_fen__gt=0).exclude(code__in=short_skus())
    skus = list(known.order_by("code"))
    made = 0
    for number, row in enumerate(SUPPLIERS):
        if not Supplier.objects.filter(code=row[0]).exists():
            ours = skus[number * GOODS_EACH : (number + 1) * GOODS_EACH]
            _seed_supplier(seeding, row, ours)
            made += 1
    return Tally(made, len(SUPPLIERS) - made)


@transaction.atomic
def _seed_supplier(
    seeding: Seeding, row: tuple[str, str, str, str, bool], skus: Sequence[Sku]
) -> None:
    code, title_zh, title_en, contact, is_admitted = row
    deed: dict[str, Any] = {
        "at": seeding.ago(HISTORY_DAYS + 1, hour=8),
        "actor": operator("purchasing"),
    }
    day = seeding.ago(HISTORY_DAYS + 1).date()
    supplier = Supplier(code=code, title_zh=title_zh, title_en=title_en)
    save_supplier(supplier=supplier, changed=["code"], **deed)
    person = SupplierContact(supplier=supplier, name=contact, is_first=True)
    save_supplier_contact(contact=person, changed=["name"], **deed)
    agreement = SupplierAgreement(supplier=supplier, number=f"HT-{code}", starts_on=day)
    save_agreement(agreement=agreement, changed=["number", "starts_on"], **deed)
    for sku in skus:
        goods = SupplierSku(supplier=supplier, sku=sku, cost_fen=sku.cost_fen)
        save_supplier_goods(goods=goods, changed=["cost_fen"], **deed)
    if is_admitted:
        move_supplier(supplier_id=supplier.pk, to=Supplier.Status.ACTIVE, reason="资料齐全", **deed)


def seed_purchases(seeding: Seeding) -> Tally:
    """One order received in part last month, with its statement, and one on its way."""
    if SupplierStatement.objects.exists():
        return Tally(0, 3)
    with transaction.atomic():
        first, second = Supplier.objects.filter(code__in=[row[0] for row in SUPPLIERS[:2]])
        month_end = seeding.today.replace(day=1) - timedelta(days=1)
        days = (seeding.today - month_end).days + 1
        _receive_part(_sent(seeding, first, days + 8), seeding, days)
        draw_statement(supplier_id=first.pk, month=month_end, at=seeding.at, actor=_buyer())
        _sent(seeding, second, 1)
    return Tally(3, 0)


def _buyer() -> object:
    return operator("purchasing")


def _sent(seeding: Seeding, supplier: Supplier, days: int) -> int:
    """An order of all the supplier's goods, sent so many days ago; its id."""
    house = Warehouse.objects.in_use().filter(supplier=None).order_by("priority", "pk")[0]
    at = seeding.ago(days)
    order = draft_purchase(
        supplier_id=supplier.pk,
        warehouse_id=house.pk,
        pieces=dict.fromkeys(supplier.goods.values_list("sku", flat=True), ORDERED),
        at=at,
        actor=_buyer(),
    )
    approve_purchase(order_id=order.pk, at=at, actor=operator())
    send_purchase(order_id=order.pk, at=at, actor=_buyer())
    return order.pk


def _receive_part(order_id: int, seeding: Seeding, days: int) -> None:
    lines = PurchaseOrderLine.objects.filter(order=order_id).order_by("pk")
    receive_purchase(
        order_id=order_id,
        note_number="DN-1",
        delivered={line.pk: Delivered(ARRIVED, FAILED) for line in lines},
        at=seeding.ago(days),
        actor=operator("warehouse"),
    )
