"""All that one product's page shows of the catalogue; stock, prices and offers come from above."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.models import Category, Media, Product, ProductAttribute, ProductMedia, Sku
from catalog.selectors.cards import cards_of
from catalog.selectors.pictures import JOINED_PICTURE, joined_picture, stored_picture
from catalog.selectors.pricing_facts import OptionWords, option_words
from mall.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True, slots=True)
class ProductPage:
    """One product on sale: its card row, SKU rows, words of options, attributes, pictures, path.

    ``pictures`` are those of the detail blocks, by id.
    """

    card: dict[str, Any]
    product: Product
    skus: list[dict[str, Any]]
    options: OptionWords
    attributes: list[Mapping[str, Any]]
    gallery: list[dict[str, Any]]
    pictures: dict[int, dict[str, Any]]
    path: list[Category]

    @property
    def sku_ids(self) -> list[int]:
        return [sku["id"] for sku in self.skus]


def product_page(product_id: int, *, at: datetime) -> ProductPage:
    """A product as shoppers see it. Queries: 8. Raises: NotFound unless it is on sale."""
    product = (
        Product.objects.on_sale()
        .select_related("brand", "category")
        .filter(pk=product_id)
        .defer("search")
        .first()
    )
    if product is None:
        raise NotFound
    return ProductPage(
        card=cards_of([product_id], at=at)[product_id],
        product=product,
        skus=_skus(product_id),
        options=option_words([product_id]).get(product_id, {}),
        attributes=_attributes(product_id),
        gallery=_gallery(product_id),
        pictures=_block_pictures(product),
        path=_path(product.category),
    )


def _skus(product_id: int) -> list[dict[str, Any]]:
    rows = (
        Sku.objects.filter(product_id=product_id, is_active=True)
        .order_by("sort", "pk")
        .values("id", "code", "options", "price_fen", "list_price_fen", *JOINED_PICTURE)
    )
    return [{**row, "image": joined_picture(row)} for row in rows]


def _attributes(product_id: int) -> list[Mapping[str, Any]]:
    return list(
        ProductAttribute.objects.filter(product_id=product_id)
        .order_by("definition__category__level", "definition__sort", "definition_id")
        .values(
            "definition__code",
            "definition__title_zh",
            "definition__title_en",
            "definition__unit_zh",
            "definition__unit_en",
            "value_zh",
            "value_en",
        )
    )


def _gallery(product_id: int) -> list[dict[str, Any]]:
    rows = ProductMedia.objects.filter(product_id=product_id).order_by("sort", "pk")
    return [picture for row in rows.values(*JOINED_PICTURE) if (picture := joined_picture(row))]


def _block_pictures(product: Product) -> dict[int, dict[str, Any]]:
    wanted = [block["media_id"] for block in product.blocks if block.get("media_id")]
    pictures = Media.objects.filter(pk__in=wanted) if wanted else ()
    return {picture.pk: stored_picture(picture) for picture in pictures}


def _path(category: Category) -> list[Category]:
    rows = {row.pk: row for row in Category.objects.filter(pk__in=category.path_ids)}
    return [rows[pk] for pk in category.path_ids if pk in rows]
