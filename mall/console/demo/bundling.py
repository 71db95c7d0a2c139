"""One bundle of the demo: a pot, four cups and the tea for them, sold together for less. C-13."""

from datetime import datetime

from django.db import transaction

from catalog.models import Product, ProductAttribute, ProductMedia, Sku
from catalog.services import (
    SkuPlan,
    publish_approved,
    save_product,
    save_skus,
    set_attributes,
    set_bundle_parts,
    set_gallery,
)
from mall.console.demo.seeding import Seeding, Tally, operator

CODE = "tea-for-four"
PARTS = {"TEAPOT-RED": 1, "CUP-RU-SKY": 4, "LONGJING-G125": 1}
PRICE_FEN, LIST_PRICE_FEN = 49_900, 59_800
"""What the parts cost alone is the list price: 198 + 4 x 68 + 128."""
LISTED_DAYS_AGO = 12
WORDS = {
    "code": CODE,
    "slug": CODE,
    "title_zh": "四人茶席套装 釉里红壶配汝窑杯",
    "title_en": "Tea for four: pot, four cups and Longjing",
    "subtitle_zh": "一壶四杯一罐明前龙井，一次配齐",
    "subtitle_en": "One pot, four cups and one tin of first-flush tea, ready for a table",
}


def seed_bundles(seeding: Seeding) -> Tally:
    """The bundle, unless it is there or one of its parts is not."""
    parts = {sku.code: sku for sku in Sku.objects.filter(code__in=PARTS)}
    if len(parts) < len(PARTS):
        return Tally()
    if Product.objects.filter(code=CODE).exists():
        return Tally(there=1)
    _put_together(parts, seeding.ago(LISTED_DAYS_AGO))
    return Tally(made=1)


@transaction.atomic
def _put_together(parts: dict[str, Sku], at: datetime) -> None:
    """In the place and with the attributes of its first part, and pictures of all."""
    actor, shown = operator(), [parts[code].product for code in PARTS]
    first = shown[0]
    place = {name: getattr(first, name) for name in ("category", "brand", "freight_template")}
    product = save_product(values={**WORDS, **place}, at=at, actor=actor)  # type: ignore[typeddict-item]
    known = ProductAttribute.objects.filter(product=first).select_related("definition")
    values = {row.definition.code: (row.value_zh, row.value_en) for row in known}
    set_attributes(product=product, values=values, at=at, actor=actor)
    pictures = ProductMedia.objects.filter(product__in=shown, sort=0).select_related("media")
    by_product = {row.product_id: row.media for row in pictures}
    set_gallery(
        product=product, pictures=[by_product[one.pk] for one in shown if one.pk in by_product]
    )
    plan = SkuPlan(code="TEA-FOR-FOUR", price_fen=PRICE_FEN, list_price_fen=LIST_PRICE_FEN)
    sku = save_skus(product=product, skus=[plan], at=at, actor=actor)[0]
    pieces = {parts[code].pk: number for code, number in PARTS.items()}
    set_bundle_parts(sku_id=sku.pk, parts=pieces, at=at, actor=actor)
    publish_approved(product=product, at=at, actor=actor, checks_gradient=False)
