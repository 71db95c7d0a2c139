"""Goods of an imported order history: they have a name and a SKU, and are never on sale."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from catalog.models import Category, FreightTemplate, Product, Sku

SLUG = "imported-goods"


class ArchivedSku(NamedTuple):
    """Where an old stock code went."""

    sku_id: int
    product_id: int
    title: str


@transaction.atomic
def archive_goods(*, titles: Mapping[str, str]) -> dict[str, ArchivedSku]:
    """A SKU for each stock code (code -> title), made where there is none.

    Codes are prefixed ``IM-``; products are off sale, without a price, in a hidden category.
    Queries: 10 and one a batch.
    """
    category, template = _place()
    wanted = {f"IM-{code}": code for code in titles}
    there = set(Sku.objects.filter(code__in=wanted).values_list("code", flat=True))
    products = Product.objects.bulk_create(
        [
            Product(
                code=name,
                title_zh=titles[code][:80] or code,
                title_en=titles[code][:120] or code,
                category=category,
                freight_template=template,
                status=Product.Status.OFF_SALE,
            )
            for name, code in wanted.items()
            if name not in there
        ],
        batch_size=1000,
    )
    Sku.objects.bulk_create(
        [
            Sku(product=product, code=product.code, price_fen=0, list_price_fen=0, is_active=False)
            for product in products
        ],
        batch_size=1000,
    )
    rows = Sku.objects.filter(code__in=wanted).values_list(
        "code", "pk", "product_id", "product__title_zh"
    )
    return {wanted[name]: ArchivedSku(pk, product, title) for name, pk, product, title in rows}


def _place() -> tuple[Category, FreightTemplate]:
    root, _made = Category.objects.get_or_create(
        slug=f"{SLUG}-root",
        defaults={"title_zh": "历史商品", "title_en": "Past goods", "level": 1, "is_active": False},
    )
    leaf, _made = Category.objects.get_or_create(
        slug=SLUG,
        defaults={
            "parent": root,
            "title_zh": "导入的商品",
            "title_en": "Imported goods",
            "level": 2,
            "is_active": False,
        },
    )
    for node, path in ((root, [root.pk]), (leaf, [root.pk, leaf.pk])):
        if node.path_ids != path:
            Category.objects.filter(pk=node.pk).update(path_ids=path)
    template, _made = FreightTemplate.objects.get_or_create(
        code=SLUG, defaults={"title_zh": "历史商品", "title_en": "Past goods"}
    )
    return leaf, template
