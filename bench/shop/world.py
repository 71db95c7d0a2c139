"""A shop of any size, filled set-based: goods, stock, shelf cards, search words. Needs Django."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from bench.placing.world import PIECES, copy_rows
from catalog.models import ProductMedia, ShelfCard, Sku
from catalog.testing import make_brand, make_category, make_freight_template, make_product
from inventory.models import StockItem, StockMovement
from inventory.testing import make_stock
from orders.services import refresh_shelf
from promotions.testing import make_coupon, make_pricing_settings, make_sale, make_threshold_off

NOUNS = (
    "耳机", "茶壶", "沐浴露", "跑鞋", "台灯", "背包", "键盘", "水杯", "毛巾", "雨伞",
    "书架", "枕头", "地毯", "闹钟", "铅笔", "花瓶", "围巾", "手套", "帽子", "皮带",
    "相机", "音箱", "鼠标", "风扇", "剪刀", "镜子", "衣架", "餐盘", "筷子", "饭盒",
)  # fmt: skip
PRICE_FEN = 10_000
SPREAD_FEN = 30_000
GOODS = """
    COPY (
        SELECT product.id, product.code, product.slug, product.title_zh AS title,
            category.slug AS category, category.title_zh AS category_title,
            sku.price_fen, item.on_hand AS pieces
        FROM catalog_product product
        JOIN catalog_category category ON category.id = product.category_id
        JOIN catalog_sku sku ON sku.product_id = product.id
        JOIN inventory_stockitem item ON item.sku_id = sku.id
        ORDER BY product.id
    ) TO STDOUT WITH (FORMAT csv, HEADER)
"""


def open_shop(products: int, spread: int, departments: int, *, at: datetime) -> dict[str, Any]:
    """Categories of goods, a sale, offers and a coupon; what the visitors may ask for."""
    make_pricing_settings()
    nouns = NOUNS[:departments]
    categories = [make_category(title_zh=noun) for noun in nouns]
    asked: list[dict[str, Any]] = []
    for category, noun in zip(categories, nouns, strict=True):
        asked += _goods(category, noun, products // departments, at)
    window = {"starts_at": at - timedelta(days=1), "ends_at": at + timedelta(days=1)}
    make_threshold_off(steps=((30_000, 3_000),), **window)
    make_sale(prices={one["sku"]: 9_000 for one in asked[::2]}, **window)
    make_coupon(off_fen=1_000, threshold_fen=10_000)
    refresh_shelf(at, [one["product"] for one in asked[::2]])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "goods": asked[:: max(len(asked) // spread, 1)][:spread],
        "categories": [category.slug for category in categories],
        "words": list(nouns),
    }


def write_goods(path: str) -> None:
    """Every product with its price and its pieces, for a shop that stands beside this one."""
    with Path(path).open("w", encoding="utf-8") as file, connection.cursor() as cursor:
        cursor.copy_expert(GOODS, file)


def _goods(category: Any, noun: str, number: int, at: datetime) -> list[dict[str, Any]]:
    """A pattern by the verbs, its copies beside it; some of them by product and SKU id."""
    pattern = make_product(
        f"{noun} 经典款",
        price_fen=PRICE_FEN,
        category=category,
        brand=make_brand(),
        freight_template=make_freight_template(),
    )
    sku = Sku.objects.get(product=pattern)
    make_stock(sku=sku, on_hand=PIECES)
    refresh_shelf(at, [pattern.pk])
    products, skus = _copies(sku, number - 1)
    step = max(len(skus) // 4, 1)
    found = [{"product": pattern.pk, "sku": sku.pk}]
    pairs = zip(products[::step], skus[::step], strict=True)
    return found + [{"product": product, "sku": copy} for product, copy in pairs]


def _copies(sku: Sku, number: int) -> tuple[range, range]:
    item = StockItem.objects.get(sku=sku)
    movement = StockMovement.objects.get(item=item)
    more = f"price_fen + (n * 37) %% {SPREAD_FEN}"
    price = {"price_fen": more, "list_price_fen": f"{more} + 2000"}
    product = {"code": "code || '-' || n", "slug": "slug || '-' || n", "sales_count": "n %% 997"}
    products = copy_rows(sku.product, number, {**product, "listed_at": _earlier("listed_at")})
    own = {"product_id": f"{products.start} + n"}
    skus = copy_rows(sku, number, {**own, **price, "code": "code || '-' || n"})
    items = copy_rows(item, number, {"sku_id": f"{skus.start} + n"})
    copy_rows(movement, number, {"item_id": f"{items.start} + n"})
    for picture in ProductMedia.objects.filter(product=sku.product_id):
        copy_rows(picture, number, own)
    figures = {"price_to_fen": more, "sales_count": "n %% 997"}
    for card in ShelfCard.objects.filter(product=sku.product_id).order_by("valid_from"):
        copy_rows(card, number, {**own, **price, **figures, "listed_at": _earlier("listed_at")})
    return products, skus


def _earlier(column: str) -> str:
    return f"{column} - n * interval '1 minute'"
