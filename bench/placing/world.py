"""The mall's side of the bench: a shop filled set-based, and the books after it. Needs Django."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Max, Sum
from django.test import RequestFactory

from bench.placing.plan import Plan
from catalog.models import ProductMedia, Sku
from catalog.testing import make_category, make_freight_template, make_product
from inventory.models import StockItem, StockMovement
from inventory.testing import make_stock
from mall.api.auth.tokens import open_device
from members.testing import make_address, make_member
from orders.models import Order, OrderLine, RiskPolicy
from promotions.models import Campaign
from promotions.testing import make_campaign, make_pricing_settings, make_sale, make_threshold_off

CATEGORIES = 30
PIECES = 100_000
MOST_OF_ONE = 30_000
"""Of what is limited a member: a buyer of the bench stands for many."""
PRICE_FEN, SALE_FEN = 10_000, 9_000
ON_SALE = 100


def open_shop(plan: Plan, at: datetime) -> dict[str, Any]:
    """Goods with stock, campaigns as many as the demo has, buyers with addresses and tokens."""
    categories = [make_category() for _n in range(CATEGORIES)]
    skus = _goods(plan.products, categories)
    hot = _one(categories[0], pieces=plan.hot_pieces)
    _campaigns([category.pk for category in categories], skus[:ON_SALE], at)
    make_pricing_settings(approval_over_fen=None)
    RiskPolicy.objects.update(
        **dict.fromkeys(("burst_score", "shared_score", "small_score", "place_score"), 0),
        most_unpaid_orders=MOST_OF_ONE,
        most_unpaid_pieces=MOST_OF_ONE,
    )
    world = {"skus": skus, "hot_sku": hot.pk, "buyers": [_buyer() for _n in range(plan.buyers)]}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return world


def _one(category: Any, *, pieces: int) -> Sku:
    product = make_product(
        price_fen=PRICE_FEN, category=category, freight_template=make_freight_template()
    )
    sku = Sku.objects.get(product=product)
    make_stock(sku=sku, on_hand=pieces)
    return sku


def _goods(products: int, categories: list[Any]) -> list[int]:
    """A pattern in each category by the verbs, then as many copies as are needed."""
    skus: list[int] = []
    for category in categories:
        pattern = _one(category, pieces=PIECES)
        skus += [pattern.pk, *_copies(pattern, products // len(categories) - 1)]
    return skus


def _copies(sku: Sku, number: int) -> range:
    item = StockItem.objects.get(sku=sku)
    movement = StockMovement.objects.get(item=item)
    picture = ProductMedia.objects.get(product=sku.product_id)
    code = {"code": "code || '-' || n"}
    products = copy_rows(sku.product, number, {**code, "slug": "slug || '-' || n"})
    skus = copy_rows(sku, number, {**code, "product_id": f"{products.start} + n"})
    items = copy_rows(item, number, {"sku_id": f"{skus.start} + n"})
    copy_rows(movement, number, {"item_id": f"{items.start} + n"})
    copy_rows(picture, number, {"product_id": f"{products.start} + n"})
    return skus


def copy_rows(row: models.Model, number: int, changed: Mapping[str, str]) -> range:
    """Insert copies of a row in one statement, with consecutive ids; gives those ids.

    ``changed`` columns are SQL over the row and ``n``, which counts from 0.
    """
    meta = row._meta
    first = (type(row)._base_manager.aggregate(most=Max("pk"))["most"] or 0) + 1
    changed = {"id": f"{first} + n", **changed}
    columns = [
        str(field.column)
        for field in meta.concrete_fields
        if not getattr(field, "generated", False)
    ]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({names}) SELECT {values}"  # noqa: S608 - our own names
            f" FROM {meta.db_table}, generate_series(0, %s) n WHERE id = %s",
            [number - 1, row.pk],
        )
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{meta.db_table}', 'id'), %s)",  # noqa: S608
            [first + number],
        )
    return range(first, first + number)


def _campaigns(category_ids: list[int], skus: list[int], at: datetime) -> None:
    """Twenty that are on: for everything, for categories, fixed prices; most baskets meet a few."""
    window = {"starts_at": at - timedelta(days=1), "ends_at": at + timedelta(days=1)}
    make_threshold_off(steps=((30_000, 3_000), (100_000, 15_000)), **window)
    make_threshold_off(steps=((200_000, 40_000),), exclusive_group="large", **window)
    for n, category_id in enumerate(category_ids[:15]):
        scope = {"scope_kind": "category", "scope_ids": [category_id]}
        make_threshold_off(steps=((20_000 + 1_000 * n, 1_500),), **scope, **window)
    for n in range(3):
        make_sale(prices=dict.fromkeys(skus[n::3], SALE_FEN), **window)
    assert Campaign.objects.filter(status=Campaign.Status.LIVE).count() >= 20, make_campaign


def _buyer() -> dict[str, Any]:
    member = make_member()
    tokens = open_device(RequestFactory().get("/"), member.account)
    address = make_address(member=member)
    return {"token": tokens["access"], "address_id": address.pk, "member_id": member.pk}


def close_shop(world: Mapping[str, Any]) -> dict[str, Any]:
    """What the books say of the run: of the hot SKU, and whether an order lacks its goods."""
    hot = StockItem.objects.get(sku=world["hot_sku"])
    sold = OrderLine.objects.filter(sku=world["hot_sku"]).aggregate(n=Sum("quantity"))["n"] or 0
    held = StockItem.objects.aggregate(n=Sum("reserved"))["n"] or 0
    lines = OrderLine.objects.aggregate(n=Sum("quantity"))["n"] or 0
    return {
        "orders": Order.objects.count(),
        "paid": Order.objects.filter(status=Order.Status.PAID).count(),
        "hot_sold": sold,
        "hot_reserved": hot.reserved,
        "pieces_without_stock": lines - held,
    }
