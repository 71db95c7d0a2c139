"""All that one product's page shows of the catalogue; stock, prices and offers come from above."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject

from catalog.blocks import picture_ids, video_ids
from catalog.models import (
    Category,
    Favourite,
    Media,
    OptionValue,
    Product,
    ProductAttribute,
    ProductCertificate,
    ProductMedia,
    Sku,
    Video,
)
from catalog.selectors.bundles import Kit, are_buyable, kit_of, parts_column, read_parts
from catalog.selectors.cards import COUNTS, FIGURES, WORDS
from catalog.selectors.pictures import COLUMNS, stored_picture, stored_video
from catalog.selectors.prices import due_price
from catalog.selectors.pricing_facts import (
    OptionWords,
    ShopFacts,
    SkuFacts,
    is_suggested,
    shown_tag,
)
from catalog.selectors.regions import limits_of
from catalog.shared import counts_favourites, shows_products
from mall.kernel import clock
from mall.kernel.db import Prepared
from mall.kernel.errors import NotFound
from mall.kernel.money import half_up

UNTIL = "valid_until"
PICTURE = {f"media__{column}": f"media__{column}" for column in ("id", *COLUMNS)}
SKU_COLUMNS = (
    "id", "code", "options", "price_fen", "list_price_fen", "cost_fen", "weight_grams",
    "volume_cm3",
)  # fmt: skip
KIND = "list_price_kind"
ATTRIBUTE_COLUMNS = (
    "definition__code", "definition__title_zh", "definition__title_en",
    "definition__unit_zh", "definition__unit_en", "value_zh", "value_en",
)  # fmt: skip
PAPER_COLUMNS = (
    "kind", "number", "agency_zh", "agency_en", "file", "starts_on", "expires_on",
)  # fmt: skip
OPTION_COLUMNS = (
    "option__code",
    "code",
    "option__title_zh",
    "option__title_en",
    "title_zh",
    "title_en",
)


@dataclasses.dataclass(frozen=True, slots=True)
class ProductPage:
    """One product on sale: its card row, SKU rows, words of options, attributes, pictures, path.

    ``pictures`` and ``videos`` are those of the detail blocks, by id; ``swatches`` those of option
    values, by (axis code, value code); ``papers`` are valid today.
    """

    card: dict[str, Any]
    product: Any
    skus: list[dict[str, Any]]
    options: OptionWords
    swatches: dict[tuple[str, str], dict[str, Any]]
    attributes: list[Mapping[str, Any]]
    gallery: list[dict[str, Any]]
    pictures: dict[int, dict[str, Any]]
    path: list[Category]
    papers: list[Mapping[str, Any]] = dataclasses.field(default_factory=list)
    video: dict[str, Any] | None = None
    videos: dict[int, dict[str, Any]] = dataclasses.field(default_factory=dict)
    is_favourite: bool = False
    favourites_count: int = 0

    @property
    def sku_ids(self) -> list[int]:
        return [sku["id"] for sku in self.skus]

    @property
    def kits(self) -> dict[int, Kit]:
        """What each bundle among these SKUs takes from stock; none of one with a part that is not
        sold, so that there are 0 of it."""
        made = {sku["id"]: sku["parts"] for sku in self.skus if sku["parts"]}
        return {sku_id: kit_of(parts) for sku_id, parts in made.items() if are_buyable(parts)}

    def facts(self) -> dict[int, SkuFacts]:
        """What pricing asks of these SKUs, as ``skus_for_pricing`` gives it; no query."""
        return {sku["id"]: self._facts(sku) for sku in self.skus}

    def _facts(self, sku: Mapping[str, Any]) -> SkuFacts:
        product, chosen = self.product, sku["options"].items()
        shop = product.shop
        return SkuFacts(
            **{name: sku[name] for name in SKU_COLUMNS if name != "options"},
            product_id=product.pk,
            product_slug=product.slug,
            title_zh=product.title_zh,
            title_en=product.title_en,
            category_path=tuple(product.category.path_ids),
            brand_id=product.brand_id,
            shop=ShopFacts(shop.pk, shop.title_zh, shop.title_en, shop.sort),
            template_id=product.freight_template_id,
            is_buyable=True,
            is_gift_only=False,
            is_list_price_suggested=sku["is_list_price_suggested"],
            options=tuple(words for pair, words in self.options.items() if pair in chosen),
            option_codes=sku["options"],
            image=sku["image"] or self.card["image"],
            edition=product.edition,
            partner_zh=product.partner_zh,
            partner_en=product.partner_en,
            total_limit=product.total_limit,
            member_limit=product.member_limit,
            sold_prefixes=tuple(product.sold_prefixes),
            parts=sku["parts"],
        )


def product_page(product_id: int, *, at: datetime, account_id: int | None = None) -> ProductPage:
    """A product as shoppers see it, and whether the account keeps it in mind.

    Queries: 1; 1 more when a detail block shows a picture that is not in the gallery, 1 more when
    one plays a video.
    Raises: NotFound unless it is on sale.
    """
    shows_products([product_id])
    counts_favourites(product_id)
    product = _on_shelf.one(
        product_id=product_id, at=at, today=clock.day_of(at), account_id=account_id or 0
    )
    if product is None:
        raise NotFound
    page = _page(product)
    shows_products({part.product_id for sku in page.skus for part in sku["parts"]})
    return page


@Prepared
def _on_shelf(*, product_id: int, at: datetime, today: date, account_id: int) -> QuerySet[Any]:
    """The product with all that its page shows of the catalogue."""
    window = Q(shelf_cards__valid_from__lte=at, shelf_cards__valid_until__gt=at)
    return (
        Product.objects.on_shelf(at)
        .select_related("brand", "category__parent__parent", "shop", "main_video__poster")
        .defer("search")
        .annotate(
            card=FilteredRelation("shelf_cards", condition=window),
            **{f"card_{name}": F(f"card__{name}") for name in (*FIGURES, UNTIL)},
            **{f"{name}_rows": ArraySubquery(rows) for name, rows in _parts(at, today).items()},
            is_favourite=Exists(_favourites(account_id)),
            favourites_count=_kept_by(),
            sold_prefixes=limits_of("pk"),
        )
        .filter(pk=product_id)
    )


def check_on_sale(product_id: int, at: datetime) -> None:
    """Raises: NotFound unless shoppers may see the product. Queries: 1."""
    if not Product.objects.on_shelf(at).filter(pk=product_id).exists():
        raise NotFound


def favourite_ids(account_id: int, limit: int = 100) -> list[int]:
    """Products on sale that an account keeps in mind, the latest first. Queries: 1."""
    kept = Favourite.objects.filter(
        account_id=account_id, product__status=Product.Status.ON_SALE
    ).order_by("-at", "-pk")
    return list(kept.values_list("product_id", flat=True)[:limit])


def _kept_by() -> Any:
    """How many accounts keep the product of the outer row in mind (C-07)."""
    rows = Favourite.objects.filter(product=OuterRef("pk")).order_by().values("product")
    counted = rows.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _favourites(account_id: int) -> QuerySet[Favourite]:
    return Favourite.objects.filter(account_id=account_id, product=OuterRef("pk"))


def _parts(at: datetime, today: date) -> dict[str, Any]:
    """The rows below a product, each a JSON object, in the order shown."""
    pictures = ProductMedia.objects.filter(product=OuterRef("pk")).order_by("sort", "pk")
    skus = Sku.objects.filter(product=OuterRef("pk"), is_active=True, is_gift_only=False)
    tagged = {"due": due_price("pk", at), KIND: KIND}
    values = OptionValue.objects.filter(option__product=OuterRef("pk")).order_by(
        "option__sort", "option_id", "sort", "pk"
    )
    attributes = ProductAttribute.objects.filter(product=OuterRef("pk")).order_by(
        "definition__category__level", "definition__sort", "definition_id"
    )
    papers = ProductCertificate.objects.valid_on(today).filter(product=OuterRef("pk"))
    return {
        "picture": pictures.values(row=JSONObject(**PICTURE)),
        "sku": skus.order_by("sort", "pk").values(
            row=JSONObject(**_same(SKU_COLUMNS), **tagged, **PICTURE, parts=parts_column(at))
        ),
        "option": values.values(row=JSONObject(**_same(OPTION_COLUMNS), **PICTURE)),
        "attribute": attributes.values(row=JSONObject(**_same(ATTRIBUTE_COLUMNS))),
        "paper": papers.order_by("sort", "pk").values(row=JSONObject(**_same(PAPER_COLUMNS))),
    }


def _same(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in names}


def _page(product: Any) -> ProductPage:
    gallery = [_picture(row) for row in product.picture_rows]
    shown = {row["media__id"]: _picture(row) for row in product.picture_rows}
    return ProductPage(
        card=_card(product, gallery),
        product=product,
        skus=[_sku(row) for row in product.sku_rows],
        options={_pair(row): _words(row) for row in product.option_rows},
        swatches={_pair(row): picture for row in product.option_rows if (picture := _picture(row))},
        attributes=product.attribute_rows,
        gallery=[picture for picture in gallery if picture],
        pictures=_block_pictures(product, shown),
        papers=product.paper_rows,
        video=stored_video(product.main_video) if product.main_video else None,
        videos=_block_videos(product),
        path=_path(product.category),
        is_favourite=product.is_favourite,
        favourites_count=product.favourites_count,
    )


def _card(product: Any, gallery: list[Any]) -> dict[str, Any]:
    """The row that ``cards_of`` gives of the product, and until when its card holds."""
    return {
        "product_id": product.pk,
        **{name: getattr(product, name) for name in (*WORDS, *COUNTS, "status")},
        **{name: getattr(product, f"card_{name}") for name in (*FIGURES, UNTIL)},
        "rating_x10": _average_x10(product.rating_sum, product.rating_count),
        "image": gallery[0] if gallery else None,
    }


def _average_x10(rating_sum: int, rating_count: int) -> int:
    """Ten times the average of now; the card's own may be a moment old."""
    return half_up(10 * rating_sum, rating_count) if rating_count else 0


def _sku(row: dict[str, Any]) -> dict[str, Any]:
    """A SKU's columns with the prices in force, and its picture."""
    return {
        **{name: row[name] for name in SKU_COLUMNS},
        **shown_tag(row)._asdict(),
        "is_list_price_suggested": is_suggested(row),
        "image": _picture(row),
        "parts": read_parts(row["parts"]),
    }


def _picture(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if not row["media__file"]:
        return None
    return {column: row[f"media__{column}"] for column in COLUMNS}


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["option__code"], row["code"]


def _words(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    axis_zh, zh = row["option__title_zh"], row["title_zh"]
    return axis_zh, row["option__title_en"] or axis_zh, zh, row["title_en"] or zh


def _block_pictures(product: Product, shown: Mapping[int, Any]) -> dict[int, dict[str, Any]]:
    wanted = picture_ids(product.blocks)
    missing = wanted - shown.keys()
    more = Media.objects.filter(pk__in=missing) if missing else ()
    found = {picture.pk: stored_picture(picture) for picture in more}
    return found | {pk: shown[pk] for pk in wanted - missing}


def _block_videos(product: Product) -> dict[int, dict[str, Any]]:
    wanted = video_ids(product.blocks)
    rows = Video.objects.filter(pk__in=wanted).select_related("poster") if wanted else ()
    return {video.pk: stored_video(video) for video in rows}


def _path(category: Category) -> list[Category]:
    """The category below its ancestors, the root first; the tree has three levels."""
    steps = [category]
    while steps[0].parent is not None:
        steps.insert(0, steps[0].parent)
    return steps
