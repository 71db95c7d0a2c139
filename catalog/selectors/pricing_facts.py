"""What a price, a parcel and a receipt need to know of SKUs."""

import dataclasses
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from catalog.models import FreightTemplate, Product, Sku
from catalog.selectors.bundles import Kit, Parts, are_buyable, kit_of, parts_column, read_parts
from catalog.selectors.options import chosen_words, option_words
from catalog.selectors.pictures import JOINED_PICTURE, first_picture, joined_picture
from catalog.selectors.prices import Tag, due_price, in_force
from catalog.selectors.regions import limits_of
from mall.kernel.db import Prepared


@dataclasses.dataclass(frozen=True, slots=True)
class ShopFacts:
    """The shop whose counter a SKU is from; shops come in the order of ``sort``, then id (X-57)."""

    id: int
    title_zh: str
    title_en: str
    sort: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SkuFacts:
    """One SKU as the price engine and an order's snapshot see it.

    ``options`` are (axis zh, axis en, value zh, value en) in the order shown; ``image`` is the
    stored picture, the SKU's own or the product's first: file, width, height, widths, alts.
    ``list_price_fen`` is what may be struck through: the price itself where nothing may.
    ``parts`` are what a bundle is made of; none but bundles have any, and it ``is_buyable`` only
    while they are.
    """

    id: int
    code: str
    product_id: int
    product_slug: str
    title_zh: str
    title_en: str
    category_path: tuple[int, ...]
    brand_id: int | None
    price_fen: int
    list_price_fen: int
    cost_fen: int
    weight_grams: int
    volume_cm3: int
    shop: ShopFacts
    template_id: int
    is_buyable: bool
    is_gift_only: bool
    is_list_price_suggested: bool
    options: tuple[tuple[str, str, str, str], ...]
    option_codes: dict[str, str]
    image: dict[str, Any] | None
    order_limit: int | None = None
    edition: str = ""
    partner_zh: str = ""
    partner_en: str = ""
    total_limit: int | None = None
    member_limit: int | None = None
    sold_prefixes: tuple[str, ...] = ()
    parts: Parts = ()

    @property
    def kit(self) -> Kit:
        """What one bundle takes from stock: SKU id and pieces of each part."""
        return kit_of(self.parts)

    def is_sold_to(self, region_code: str) -> bool:
        """True when no region set limits the product, or one of them holds the region; of a bundle
        each of its parts too."""
        limits = (self.sold_prefixes, *(part.sold_prefixes for part in self.parts))
        return all(not prefixes or region_code.startswith(prefixes) for prefixes in limits)

    @property
    def most_pieces(self) -> int | None:
        """The most pieces that one order of one member may hold, None without a limit."""
        limits = (self.order_limit, self.member_limit, self.total_limit)
        return min((limit for limit in limits if limit is not None), default=None)


COLUMNS = (
    "id",
    "code",
    "product_id",
    "options",
    "price_fen",
    "list_price_fen",
    "list_price_kind",
    "cost_fen",
    "weight_grams",
    "volume_cm3",
    "is_active",
    "is_gift_only",
    "due",
    "sold_prefixes",
    "words",
    "parts",
    "product_image",
    "product__slug",
    "product__title_zh",
    "product__title_en",
    "product__brand_id",
    "product__freight_template_id",
    "product__shop_id",
    "product__shop__title_zh",
    "product__shop__title_en",
    "product__shop__sort",
    "product__status",
    "product__on_shelf_at",
    "product__off_shelf_at",
    "product__category__path_ids",
    "order_limit",
    "product__edition",
    "product__partner_zh",
    "product__partner_en",
    "product__total_limit",
    "product__member_limit",
    *JOINED_PICTURE,
)


def skus_for_pricing(sku_ids: Collection[int], at: datetime) -> dict[int, SkuFacts]:
    """Facts of these SKUs by id, with the prices in force at ``at``; unknown ids are left out.

    Queries: 1, however many.
    """
    return {row["id"]: _facts(row, at) for row in _of_skus(sku_ids=sorted(set(sku_ids)), at=at)}


@Prepared
def _of_skus(*, sku_ids: Collection[int], at: datetime) -> QuerySet[Any]:
    return (
        Sku.objects.filter(pk__in=sku_ids)
        .annotate(
            product_image=first_picture("product_id"),
            due=due_price("pk", at),
            sold_prefixes=limits_of(),
            words=chosen_words(),
            parts=parts_column(at),
        )
        .values(*COLUMNS)
    )


OptionWords = dict[tuple[str, str], tuple[str, str, str, str]]


def _facts(row: dict[str, Any], at: datetime) -> SkuFacts:
    tag = shown_tag(row)
    is_offered = row["is_active"] and not row["is_gift_only"]
    parts = read_parts(row["parts"])
    return SkuFacts(
        id=row["id"],
        code=row["code"],
        product_id=row["product_id"],
        product_slug=row["product__slug"],
        title_zh=row["product__title_zh"],
        title_en=row["product__title_en"],
        category_path=tuple(row["product__category__path_ids"]),
        brand_id=row["product__brand_id"],
        price_fen=tag.price_fen,
        list_price_fen=tag.list_price_fen,
        cost_fen=row["cost_fen"],
        weight_grams=row["weight_grams"],
        volume_cm3=row["volume_cm3"],
        shop=ShopFacts(
            row["product__shop_id"],
            row["product__shop__title_zh"],
            row["product__shop__title_en"],
            row["product__shop__sort"],
        ),
        template_id=row["product__freight_template_id"],
        is_buyable=is_offered and _is_on_shelf(row, at) and are_buyable(parts),
        is_gift_only=row["is_gift_only"],
        is_list_price_suggested=is_suggested(row),
        options=option_words(row["words"]),
        option_codes=row["options"],
        image=joined_picture(row) or row["product_image"],
        order_limit=row["order_limit"],
        edition=row["product__edition"],
        partner_zh=row["product__partner_zh"],
        partner_en=row["product__partner_en"],
        total_limit=row["product__total_limit"],
        member_limit=row["product__member_limit"],
        sold_prefixes=tuple(row["sold_prefixes"]),
        parts=parts,
    )


def _is_on_shelf(row: dict[str, Any], at: datetime) -> bool:
    starts_at, ends_at = row["product__on_shelf_at"], row["product__off_shelf_at"]
    return (
        row["product__status"] == Product.Status.ON_SALE
        and (starts_at is None or starts_at <= at)
        and (ends_at is None or ends_at > at)
    )


def shown_tag(row: dict[str, Any]) -> Tag:
    """Price and list price as shoppers may see them: an unproven list price is the price (C-32)."""
    tag = in_force(row)
    if row["list_price_kind"] == Sku.ListPriceKind.UNPROVEN:
        return Tag(tag.price_fen, tag.price_fen)
    return tag


def is_suggested(row: dict[str, Any]) -> bool:
    """True when the list price stands above the price and has to be called a suggested one."""
    tag = in_force(row)
    is_dearer = tag.list_price_fen > tag.price_fen
    return is_dearer and row["list_price_kind"] == Sku.ListPriceKind.SUGGESTED


@dataclasses.dataclass(frozen=True, slots=True)
class ShelfGoods:
    """A product for its card: offered SKUs, when it was first shown, pieces paid for."""

    listed_at: datetime | None
    sales: int
    sku_ids: list[int]


def shelf_goods(product_ids: Collection[int]) -> dict[int, ShelfGoods]:
    """Each product on sale with its offered SKUs, for the shelf. Queries: 1."""
    found: dict[int, ShelfGoods] = {}
    rows = Sku.objects.buyable().filter(product_id__in=product_ids).order_by("sort", "pk")
    columns = ("product_id", "pk", "product__listed_at", "product__sales_count")
    for product_id, sku_id, listed_at, sales in rows.values_list(*columns):
        found.setdefault(product_id, ShelfGoods(listed_at, sales, [])).sku_ids.append(sku_id)
    return found


def freight_templates(ids: Iterable[int]) -> dict[int, FreightTemplate]:
    """Freight templates by id with their regions fetched. Queries: 2."""
    rows = FreightTemplate.objects.filter(pk__in=set(ids)).prefetch_related("regions")
    return {template.pk: template for template in rows}
