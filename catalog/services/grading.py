"""How good listings are, stored with them for lists and search. Source: C-34 to C-36."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count

from catalog.models import AttributeDefinition, OptionValue, Product, ProductAttribute, Sku
from catalog.quality import Listing, grade
from catalog.selectors.prices import price_guard
from catalog.services.submitting import publishing_policy

VIDEO = "video"


@transaction.atomic
def grade_products(product_ids: Collection[int]) -> int:
    """Grade these listings again and store what changed; returns how many did.

    The last one to look writes. Locks: products that change, pk order. Queries: 9, 8 where one
    changed, 7 where none did.
    """
    products = list(
        Product.objects.filter(pk__in=product_ids)
        .select_related("category")
        .annotate(pictures=Count("gallery"))
        .defer("search")
    )
    listings = _listings(products) if products else {}
    changed = []
    for product in products:
        found = grade(listings[product.pk])
        if (product.quality_score, product.quality_flags) != (found.score, list(found.flags)):
            product.quality_score, product.quality_flags = found.score, list(found.flags)
            changed.append(product)
    if len(changed) > 1:  # else the one statement takes them as it meets them: deadlocks
        list(Product.objects.filter(pk__in=[one.pk for one in changed]).only("pk").locked())
    if changed:
        Product.objects.bulk_update(changed, ["quality_score", "quality_flags"])
    return len(changed)


def _listings(products: list[Any]) -> dict[int, Listing]:
    ids = [product.pk for product in products]
    fields = _fields(products)
    values = _words(ProductAttribute.objects.filter(product_id__in=ids), "product_id", "value_zh")
    options = _words(
        OptionValue.objects.filter(option__product_id__in=ids), "option__product_id", "title_zh"
    )
    prices = defaultdict(list)
    skus = Sku.objects.filter(product_id__in=ids, is_active=True, is_gift_only=False)
    for product_id, price_fen in skus.values_list("product_id", "price_fen"):
        prices[product_id].append(price_fen)
    spread_bp, most_empty_bp = price_guard().spread_bp, publishing_policy().most_empty_bp
    return {
        product.pk: Listing(
            title=product.title_zh,
            core_words=frozenset([product.category.title_zh, *product.keywords.split()]),
            attribute_words=frozenset([*values[product.pk], *options[product.pk]]),
            attribute_fields=fields[product.pk],
            attributes_filled=min(len(values[product.pk]), fields[product.pk]),
            most_empty_bp=most_empty_bp,
            level=product.category.level,
            pictures=product.pictures,
            videos=_kinds(product)[VIDEO] + (product.main_video_id is not None),
            blocks=len(product.blocks),
            prices=tuple(prices[product.pk]),
            spread_bp=spread_bp,
        )
        for product in products
    }


def _fields(products: Iterable[Any]) -> dict[int, int]:
    """How many attributes each product's category asks for; one code counts once."""
    path_ids = {pk for product in products for pk in product.category.path_ids}
    codes: dict[int, set[str]] = defaultdict(set)
    rows = AttributeDefinition.objects.filter(category_id__in=path_ids)
    for category_id, code in rows.values_list("category_id", "code"):
        codes[category_id].add(code)
    return {
        product.pk: len(
            set(itertools.chain.from_iterable(codes[pk] for pk in product.category.path_ids))
        )
        for product in products
    }


def _words(rows: Any, product_column: str, column: str) -> dict[int, list[str]]:
    words: dict[int, list[str]] = defaultdict(list)
    for product_id, word in rows.values_list(product_column, column):
        words[product_id].append(word)
    return words


def _kinds(product: Product) -> Counter[str]:
    return Counter(block.get("kind", "") for block in product.blocks)
