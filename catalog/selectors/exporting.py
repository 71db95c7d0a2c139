"""Goods as rows of a file, in the columns that an import takes. Source: requirement C-50."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from catalog.models import Category, OptionValue, Product, ProductAttribute, ProductOption

CHUNK = 500


@dataclasses.dataclass(frozen=True, slots=True)
class GoodsQuery:
    """Which goods: below the category of that address, in that status; empty: all."""

    category: str = ""
    status: str = ""

    def products(self) -> QuerySet[Product]:
        """The products, by pk."""
        rows = Product.objects.order_by("pk")
        if self.category:
            category = Category.objects.filter(slug=self.category).values_list("pk", flat=True)
            rows = rows.filter(category__path_ids__contains=list(category[:1]) or [0])
        return rows.filter(status=self.status) if self.status else rows


@dataclasses.dataclass(frozen=True, slots=True)
class Axes:
    """The titles of all options and attributes of some goods: the further columns of a table."""

    options: list[str]
    attributes: list[str]


def export_axes(asked: GoodsQuery) -> Axes:
    """Queries: 2."""
    products = asked.products().order_by()
    options = ProductOption.objects.filter(product__in=products)
    attributes = ProductAttribute.objects.filter(product__in=products)
    return Axes(
        sorted(set(options.values_list("title_zh", flat=True))),
        sorted(set(attributes.values_list("definition__title_zh", flat=True))),
    )


def export_goods(asked: GoodsQuery) -> Iterator[dict[str, Any]]:
    """One row a SKU; ``options`` and ``attributes`` by title. Queries: 6 for each 500 products."""
    rows = asked.products().defer("search", "blocks")
    whole = rows.select_related("category", "brand", "freight_template").prefetch_related(
        "skus",
        Prefetch("options", ProductOption.objects.prefetch_related("values")),
        Prefetch("attribute_values", ProductAttribute.objects.select_related("definition")),
    )
    for product in whole.iterator(chunk_size=CHUNK):
        yield from _rows(product)


def category_choices() -> list[tuple[str, str]]:
    """Every category as (address, indented title), in the order of the tree. Queries: 1."""
    rows = list(Category.objects.order_by("path_ids"))
    return [(row.slug, f"{'　' * (row.level - 1)}{row.title_zh}") for row in rows]


def _rows(product: Product) -> Iterator[dict[str, Any]]:
    words = {
        "product_code": product.code,
        "title_zh": product.title_zh,
        "title_en": product.title_en,
        "subtitle_zh": product.subtitle_zh,
        "subtitle_en": product.subtitle_en,
        "keywords": product.keywords,
        "category": product.category.slug,
        "brand": product.brand.slug if product.brand else "",
        "freight_template": product.freight_template.code,
        "status": "on_sale" if product.status == Product.Status.ON_SALE else "draft",
        "attributes": {
            row.definition.title_zh: row.value_zh for row in product.attribute_values.all()
        },
    }
    titles = {option.code: option for option in product.options.all()}
    for sku in product.skus.all():
        yield {
            **words,
            "sku_id": sku.pk,
            "is_bundle": sku.is_bundle,
            "sku_code": sku.code,
            "barcode": sku.barcode,
            "price_yuan": _amount(sku.price_fen),
            "list_price_yuan": _amount(sku.list_price_fen),
            "cost_yuan": _amount(sku.cost_fen),
            "weight_grams": sku.weight_grams,
            "volume_cm3": sku.volume_cm3,
            "options": {
                titles[axis].title_zh: _title(titles[axis], code)
                for axis, code in sku.options.items()
                if axis in titles
            },
        }


def _amount(amount_fen: int) -> str:
    """Fen as an import reads them: no sign, no thousands separator."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def _title(option: ProductOption, code: str) -> str:
    value: OptionValue | None = next((row for row in option.values.all() if row.code == code), None)
    return value.title_zh if value else code
