"""Builders of catalogue rows, with the least that is valid. Importable from every floor above."""

import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from PIL import Image

from catalog.films import film
from catalog.models import (
    AttributeDefinition,
    Brand,
    Category,
    FreightTemplate,
    Media,
    Product,
    PublishingPolicy,
    Shop,
    Sku,
)
from catalog.search import beginnings, keys_of, words_of
from catalog.services import (
    CardRow,
    OptionPlan,
    SkuPlan,
    ValuePlan,
    approve_product,
    build_skus,
    indexed_once,
    publish_product,
    publishing_policy,
    put_cards,
    save_category,
    save_product,
    save_skus,
    set_attributes,
    set_bundle_parts,
    set_gallery,
)
from catalog.services.noting import forget_noted
from catalog.tokens import vector_literal

__all__ = [
    "AT",
    "FOREVER",
    "beginnings",
    "film",
    "forget_noted",
    "keys_of",
    "make_attribute",
    "make_brand",
    "make_category",
    "make_freight_template",
    "make_media",
    "make_operator",
    "make_picture_file",
    "make_product",
    "make_root",
    "make_shop",
    "make_sku",
    "make_video_file",
    "shelve",
    "vector_literal",
    "words_of",
]

AT = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
FOREVER = timedelta(days=3650)
_numbers = itertools.count(1)


def make_operator(**values: Any) -> Any:
    """An account that may sign in to admin, whatever model the house has for it."""
    defaults = {"username": f"operator-{next(_numbers)}", "is_staff": True}
    return get_user_model().objects.create(**{**defaults, **values})


def make_category(
    parent: Category | None = None, *, title_zh: str = "", slug: str = "", **values: Any
) -> Category:
    """A category below ``parent``; without one, a level-2 category below a root of its own."""
    number = next(_numbers)
    if parent is None:
        parent = make_root()
    title = title_zh or f"分类{number}"
    return save_category(
        Category(
            parent=parent,
            slug=slug or f"category-{number}",
            title_zh=title,
            title_en=values.pop("title_en", f"Category {number}"),
            **values,
        )
    )


def make_root(**values: Any) -> Category:
    """A category of level 1."""
    number = next(_numbers)
    defaults = {
        "slug": f"root-{number}",
        "title_zh": f"大类{number}",
        "title_en": f"Root {number}",
    }
    return save_category(Category(**{**defaults, **values}))


def make_attribute(category: Category, *, code: str, **values: Any) -> AttributeDefinition:
    """An attribute of the goods of ``category``."""
    defaults = {"title_zh": code, "title_en": code}
    return AttributeDefinition.objects.create(
        category=category, code=code, **{**defaults, **values}
    )


def make_brand(**values: Any) -> Brand:
    """A brand."""
    number = next(_numbers)
    defaults = {
        "slug": f"brand-{number}",
        "title_zh": f"品牌{number}",
        "title_en": f"Brand {number}",
    }
    return Brand.objects.create(**{**defaults, **values})


def make_shop(**values: Any) -> Shop:
    """A shop beside our own."""
    number = next(_numbers)
    defaults = {
        "code": f"shop-{number}",
        "title_zh": f"店铺{number}",
        "title_en": f"Shop {number}",
    }
    return Shop.objects.create(**{**defaults, **values})


def make_freight_template(**values: Any) -> FreightTemplate:
    """¥5.00 the first kilogram, ¥1.00 each further one, never free."""
    number = next(_numbers)
    defaults = {
        "code": f"freight-{number}",
        "title_zh": f"运费模板{number}",
        "title_en": f"Freight {number}",
    }
    return FreightTemplate.objects.create(**{**defaults, **values})


def make_media(**values: Any) -> Media:
    """A picture's row, without files."""
    number = next(_numbers)
    defaults = {
        "file": f"pictures/test/{number}.webp",
        "sha256": f"{number:064x}",
        "width": 800,
        "height": 800,
        "widths": [400, 200],
        "alt_zh": f"图片{number}",
        "alt_en": f"Picture {number}",
    }
    return Media.objects.create(**{**defaults, **values})


def make_picture_file(
    width: int = 900, height: int = 900, image_format: str = "PNG", colour: str = "#c8102e"
) -> io.BytesIO:
    """An upload: the bytes of a plain picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, image_format)
    buffer.seek(0)
    return buffer


def make_video_file(seconds: float = 15, width: int = 64, height: int = 36) -> io.BytesIO:
    """An upload: the bytes of a small MP4 that plays (AV1, three plain frames)."""
    return io.BytesIO(film(seconds, width, height))


def make_product(
    title_zh: str = "",
    *,
    price_fen: int = 10_000,
    list_price_fen: int | None = None,
    skus: int = 1,
    category: Category | None = None,
    brand: Brand | None = None,
    freight_template: FreightTemplate | None = None,
    attributes: dict[str, tuple[str, str]] | None = None,
    weight_grams: int = 500,
    on_sale: bool = True,
    at: datetime = AT,
    **values: Any,
) -> Product:
    """A product with a picture and ``skus`` SKUs (of one axis, size, when more than one)."""
    number = next(_numbers)
    known: dict[str, Any] = {
        "code": f"P{number}",
        "title_zh": title_zh or f"商品{number}",
        "title_en": f"Product {number}",
        "category": category or make_category(),
        "brand": brand,
        "freight_template": freight_template or make_freight_template(),
        **values,
    }
    sizes = [ValuePlan(f"s{index}", f"{index}号", f"Size {index}") for index in range(1, skus + 1)]
    with transaction.atomic(), indexed_once():
        product = save_product(values=known, at=at)  # type: ignore[arg-type]
        if attributes:
            set_attributes(product=product, values=attributes, at=at)
        set_gallery(product=product, pictures=[make_media()])
        build_skus(
            product=product,
            options=[OptionPlan("size", "尺码", sizes, "Size")] if skus > 1 else [],
            price_fen=price_fen,
            list_price_fen=list_price_fen,
            weight_grams=weight_grams,
            at=at,
        )
        if on_sale:
            product = publish_product(product=product, at=at)
            is_asked = publishing_policy().approval == PublishingPolicy.Approval.ALWAYS
            if is_asked and product.status == Product.Status.PENDING:
                approve_product(product=product, at=at)
    product.refresh_from_db()
    return product


def make_sku(product: Product | None = None, *, price_fen: int = 10_000, **values: Any) -> Sku:
    """The first SKU of ``product``, or of a new product on sale at that price."""
    if product is None:
        product = make_product(price_fen=price_fen, **values)
        return product.skus.get()
    number = next(_numbers)
    plan = SkuPlan(code=f"{product.code}-X{number}", price_fen=price_fen, **values)
    return save_skus(product=product, skus=[plan], at=AT)[0]


def shelve(*products: Product, at: datetime = AT, **values: Any) -> None:
    """Put one card a product on the shelf, valid for years, without the refresher of orders."""
    cards = []
    for product in products:
        prices = [sku.price_fen for sku in product.skus.all()]
        figures = {
            "price_fen": min(prices),
            "price_to_fen": max(prices),
            "list_price_fen": max(prices),
            "in_stock": True,
            "valid_from": at - FOREVER,
            "valid_until": at + FOREVER,
        }
        cards.append(CardRow(product_id=product.pk, **{**figures, **values}))
    put_cards(cards=cards, product_ids=[product.pk for product in products], at=at)


def make_bundle(parts: dict[Sku, int], *, price_fen: int = 10_000, **values: Any) -> Sku:
    """A bundle of a new product: SKU -> pieces in each."""
    sku = make_sku(price_fen=price_fen, **values)
    return set_bundle_parts(sku_id=sku.pk, parts={row.pk: n for row, n in parts.items()}, at=AT)
