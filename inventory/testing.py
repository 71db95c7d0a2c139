"""Builders of stock for tests: through the verbs, so that the ledger always agrees."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from catalog.models import Sku
from inventory.models import (
    StockItem,
    Store,
    Supplier,
    SupplierAgreement,
    SupplierSku,
    Warehouse,
)
from inventory.services import receive_stock, save_store
from mall.kernel.invariants import audit

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_warehouse(
    *,
    code: str | None = None,
    served_prefixes: tuple[str, ...] = (),
    priority: int = 10,
    is_active: bool = True,
    kind: str = Warehouse.Kind.OWN,
    region_code: str = "330106",
    supplier: Supplier | None = None,
) -> Warehouse:
    """A warehouse in Hangzhou, serving nobody in particular."""
    code = code or f"wh-{next(_numbers)}-{uuid4().hex[:6]}"
    return Warehouse.objects.create(
        code=code,
        title_zh=f"仓库 {code}",
        title_en=f"Warehouse {code}",
        kind=kind,
        region_code=region_code,
        supplier=supplier,
        served_prefixes=list(served_prefixes),
        priority=priority,
        is_active=is_active,
    )


def make_stock(
    *,
    sku: Sku,
    on_hand: int = 10,
    warehouse: Warehouse | None = None,
    safety_stock: int = 0,
    cost_fen: int = 0,
    at: datetime = LONG_AGO,
) -> StockItem:
    """``on_hand`` received pieces of a SKU, in the shared test warehouse unless one is given."""
    if warehouse is None:
        warehouse = Warehouse.objects.filter(code="test-house").first() or make_warehouse(
            code="test-house"
        )
    if on_hand:
        receive_stock(
            sku=sku,
            warehouse=warehouse,
            quantity=on_hand,
            source_type="opening",
            source_id=uuid4().hex,
            at=at,
        )
    item, _made = StockItem.objects.get_or_create(sku=sku, warehouse=warehouse)
    if cost_fen:
        Sku.objects.filter(pk=sku.pk).update(cost_fen=cost_fen)
    if safety_stock:
        StockItem.objects.filter(pk=item.pk).update(safety_stock=safety_stock)
        item.safety_stock = safety_stock
    return item


def broken_books() -> list[str]:
    """Codes of the invariants of stock and money that do not hold; empty when all is well."""
    watched = ("INV-01", "INV-03", "INV-04", "INV-05", "INV-14", "INV-43")
    return [rule.code for rule, found in audit() if found and rule.code[:6] in watched]


def make_store(*, code: str | None = None, at: datetime = LONG_AGO, **values: Any) -> Store:
    """A store in Hangzhou that hands orders over; its stock is empty."""
    code = code or f"store-{next(_numbers)}"
    store = Store(
        code=code,
        **{
            "title_zh": f"门店 {code}",
            "title_en": f"Store {code}",
            "region_code": "330106",
            "address_zh": "文三路 1 号",
            "address_en": "1 Wensan Road",
            "latitude": Decimal("30.27"),
            "longitude": Decimal("120.13"),
            "hours_zh": "每天 10:00-21:00",
            "hours_en": "Daily 10:00-21:00",
            "phone": "0571-87000000",
            **values,
        },
    )
    return save_store(store=store, changed=[], at=at)


def make_supplier(
    *, status: str = Supplier.Status.ACTIVE, house: bool = False, **values: Any
) -> Supplier:
    """A supplier that works with us under an agreement; with ``house`` its stock has a place."""
    number = next(_numbers)
    supplier = Supplier.objects.create(
        **{
            "code": f"supplier-{number}-{uuid4().hex[:6]}",
            "title_zh": f"供应商 {number}",
            "title_en": f"Supplier {number}",
            "status": status,
            **values,
        }
    )
    make_agreement(supplier)
    if house:
        Warehouse.objects.create(
            code=f"of-{number}-{uuid4().hex[:6]}",
            title_zh=f"代发仓 {number}",
            title_en=f"Drop-ship {number}",
            kind=Warehouse.Kind.SUPPLIER,
            region_code="330106",
            supplier=supplier,
        )
    return supplier


def make_agreement(supplier: Supplier, **values: Any) -> SupplierAgreement:
    """What the supplier signed, in force since long ago."""
    return SupplierAgreement.objects.create(
        supplier=supplier,
        **{"number": f"HT-{next(_numbers)}", "starts_on": LONG_AGO.date(), **values},
    )


def make_goods(
    supplier: Supplier, sku: Sku, *, cost_fen: int = 3_000, **values: Any
) -> SupplierSku:
    """One SKU that the supplier offers."""
    return SupplierSku.objects.create(supplier=supplier, sku=sku, cost_fen=cost_fen, **values)
