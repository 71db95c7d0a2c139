"""The shop of the first sale: five products with pictures, offers, a coupon, an operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from catalog.models import Category, Media, Product
from catalog.services import (
    OptionPlan,
    ValuePlan,
    add_media,
    build_skus,
    publish_product,
    save_product,
    set_gallery,
)
from catalog.testing import make_brand, make_category, make_freight_template, make_root
from inventory.testing import make_stock
from mall.kernel import clock
from mall.storefront.tests.shop import make_words
from members.models import Account
from members.testing import make_operator
from orders.services import refresh_shelf
from promotions.testing import make_coupon, make_pricing_settings, make_sale, make_threshold_off

PICTURES = Path(settings.BASE_DIR) / "mall" / "console" / "demo" / "media"
SCENT = OptionPlan(
    "scent",
    "香型",
    [ValuePlan("c", "山茶花", "Camellia"), ValuePlan("t", "白茶", "White tea")],
    "Scent",
)
SIZE = OptionPlan(
    "size", "规格", [ValuePlan("s", "500ml", "500ml"), ValuePlan("l", "1L", "1L")], "Size"
)


@dataclass
class Sale:
    """What the steps of the sale talk about."""

    wash: Product
    tea: Product
    operator: Account


def open_shop() -> Sale:
    """Put everything up; the tea waits for its operator to put it on sale."""
    make_words()
    make_pricing_settings()
    wash = _wash()
    tea = _goods("明前龙井 一级 250g 罐装", "tea", "茶与咖啡", "longjing", price_fen=19_800)
    make_stock(sku=tea.skus.get(), on_hand=5, safety_stock=5)
    others = [
        _goods("头戴式降噪耳机", "digital", "数码家电", "headphones-n1", price_fen=35_900),
        _goods("手工釉里红茶壶", "home", "家居家装", "teapot-red", price_fen=25_600),
    ]
    for product in others:
        make_stock(sku=product.skus.get(), on_hand=30)
        _publish(product)
    make_threshold_off(steps=((30_000, 5_000), (60_000, 12_000)), title_zh="满 300 减 50")
    first = wash.skus.get(options={"scent": "c", "size": "s"})
    make_sale(prices={first.pk: 5_900}, ends_at=clock.now() + timedelta(days=2))
    make_coupon(off_fen=2_000, threshold_fen=20_000, title_zh="满 200 减 20")
    refresh_shelf(clock.now(), [product.pk for product in (wash, *others)])
    return Sale(wash, tea, make_operator(username="admin"))


def put_up(title_zh: str, slug: str, department: str, picture: str, *, price_fen: int) -> Product:
    """One product with pictures, on sale, thirty pieces in stock, with its card."""
    product = _goods(title_zh, slug, department, picture, price_fen=price_fen)
    make_stock(sku=product.skus.get(), on_hand=30)
    _publish(product)
    refresh_shelf(clock.now(), [product.pk])
    return product


def _wash() -> Product:
    product = _goods("山茶花氨基酸沐浴露 细泡留香", "beauty", "美妆个护", "bodywash")
    product.skus.update(is_active=False)
    build_skus(
        product=product,
        options=[SCENT, SIZE],
        price_fen=6_600,
        list_price_fen=7_900,
        weight_grams=600,
        at=clock.now(),
    )
    for sku in product.skus.filter(is_active=True):
        make_stock(sku=sku, on_hand=0 if sku.options == {"scent": "t", "size": "l"} else 20)
    _publish(product)
    return product


def _goods(
    title_zh: str, slug: str, department: str, picture: str, *, price_fen: int = 6_600
) -> Product:
    """A draft with a picture, a brand, a freight template and one SKU."""
    at = clock.now()
    product = save_product(
        values={
            "code": slug.upper(),
            "title_zh": title_zh,
            "title_en": f"Goods of {slug}",
            "subtitle_zh": "当季新到，产地直发",
            "category": _leaf(slug, department),
            "brand": make_brand(),
            "freight_template": make_freight_template(),
        },
        at=at,
    )
    set_gallery(product=product, pictures=[_picture(picture), _picture(f"{picture}-2")])
    build_skus(product=product, options=[], price_fen=price_fen, weight_grams=500, at=at)
    return product


def _leaf(slug: str, department: str) -> Category:
    root = make_root(slug=slug, title_zh=department, title_en=slug.title())
    middle = make_category(root, slug=f"{slug}-care", title_zh=f"{department}精选")
    return make_category(middle, slug=f"{slug}-leaf", title_zh=f"{department}细选")


def _picture(name: str) -> Media:
    """A picture of the demo mall."""
    with (PICTURES / f"{name}.webp").open("rb") as file:
        return add_media(file=file, alt_zh=name, alt_en=name)


def _publish(product: Product) -> None:
    publish_product(product=product, at=clock.now())
