"""Everything that the blocks of a page show, read at once: as many statements for forty blocks as
for one of each kind. Source: requirements X-01, C-10, C-11, C-24.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Value

from catalog.models import Category, Media, Product, SeasonTag, ShelfCard, Video
from catalog.selectors import (
    BESTSELLERS,
    NEWEST,
    cards_of,
    home_cards,
    reduced_cards,
    unsold_in,
)
from mall.kernel import clock
from promotions.content import Block, references
from promotions.models import Campaign, ContentPage, Coupon
from promotions.selectors.activities import ActivityOffer, activities_of_kind
from promotions.selectors.pages import topic_pages
from promotions.selectors.site import hot_ids, zone_days
from promotions.selectors.wallets import claimable_coupons

SHELF_ROWS = 20
MOST_OFFERS = 50
SHELVES = frozenset({"hot", "new", "seasonal", "feed"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filling:
    """Rows for ``presenting.block_dict``, by what blocks name them."""

    at: datetime
    cards: Mapping[int, Row] = field(default_factory=dict)
    shelves: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    hot: Sequence[int] = ()
    seasons: Mapping[str, Sequence[int]] = field(default_factory=dict)
    tops: Mapping[str, Sequence[int]] = field(default_factory=dict)
    flash: ActivityOffer | None = None
    reduced: Sequence[Row] = ()
    coupons: Sequence[Any] = ()
    pictures: Mapping[int, Media] = field(default_factory=dict)
    videos: Mapping[int, Video] = field(default_factory=dict)
    topics: Sequence[ContentPage] = ()

    def chosen(self, product_ids: Sequence[int]) -> list[Row]:
        """The cards of these products that are on sale here, in this order."""
        return [self.cards[one] for one in product_ids if one in self.cards]

    def newest(self) -> list[Row]:
        """Goods that came on the shelf within the days of the new zone."""
        since = self.at - timedelta(days=zone_days()[1])
        rows = self.shelves.get(NEWEST, ())
        return [row for row in rows if row["listed_at"] and row["listed_at"] > since]

    def hottest(self, count: int) -> list[Row]:
        """Pins, then what sold in the last days, then what sells at all."""
        rows = [*self.chosen(self.hot), *self.shelves.get(BESTSELLERS, ())]
        return list({row["product_id"]: row for row in rows}.values())[:count]


def fill(
    blocks: Sequence[Block],
    *,
    at: datetime,
    member_id: int | None = None,
    region_code: str = "",
    offers: Sequence[Any] | None = None,
) -> Filling:
    """Read what these blocks show; ``offers`` are the coupons given out now, when known.

    Queries: 15 at most, 1 for each sort of thing that is there; equal for 1 and 40 blocks.
    """
    kinds, named = {block["kind"] for block in blocks}, references(blocks)
    flash = _flash(at) if "flash" in kinds else None
    hot = hot_ids(at, SHELF_ROWS) if "hot" in kinds else []
    seasons = _seasons(named.get("season", ()), at)
    tops = _tops(named.get("category", ()), at)
    wanted = [*named.get("product", ()), *hot, *_flat(seasons), *_flat(tops), *_goods(flash)]
    videos = {row.pk: row for row in _of(Video, named.get("video", ()))}
    posters = [row.poster_id for row in videos.values() if row.poster_id]
    return Filling(
        at=at,
        cards=_cards(wanted, at, region_code),
        shelves=home_cards(at=at, count=SHELF_ROWS + SHELF_ROWS // 2, region_code=region_code)
        if kinds & SHELVES
        else {},
        hot=hot,
        seasons=seasons,
        tops=tops,
        flash=flash,
        reduced=reduced_cards(at=at) if "flash" in kinds and flash is None else (),
        coupons=_coupons(blocks, member_id, at, offers) if "coupons" in kinds else (),
        pictures={row.pk: row for row in _of(Media, [*named.get("media", ()), *posters])},
        videos=videos,
        topics=topic_pages(at) if _lists_topics(blocks) else (),
    )


def hot_cards(at: datetime, count: int, region_code: str = "") -> list[Row]:
    """The ranking of what sells: pins, then the last days, then what sells at all. Queries: 3, 1
    more with a region."""
    hot = hot_ids(at, count)
    filling = Filling(
        at=at,
        cards=_cards(hot, at, region_code),
        shelves=home_cards(at=at, count=count, region_code=region_code),
        hot=hot,
    )
    return filling.hottest(count)


def _flash(at: datetime) -> ActivityOffer | None:
    """The flash sale that is on and ends first."""
    running = (one for one in activities_of_kind(Campaign.Kind.FLASH, at) if one.is_on(at))
    return next(running, None)


def _goods(flash: ActivityOffer | None) -> list[int]:
    return [item.sku.product_id for item in flash.items.values()] if flash else []


def _seasons(codes: Collection[str], at: datetime) -> dict[str, list[int]]:
    """The goods of these seasons while they are on, what sells best first."""
    if not codes:
        return {}
    tags = SeasonTag.objects.in_season(clock.day_of(at)).filter(code__in=codes)
    rows = tags.filter(products__status=Product.Status.ON_SALE)
    found: dict[str, list[int]] = {}
    ordered = rows.order_by("-products__sales_count", "-products").values_list("code", "products")
    for code, product_id in ordered:
        if len(found.setdefault(code, [])) < SHELF_ROWS:
            found[code].append(product_id)
    return found


def _tops(slugs: Collection[str], at: datetime) -> dict[str, list[int]]:
    """What sells in these categories and below them."""
    found: dict[str, list[int]] = {slug: [] for slug in slugs}
    shelves = [_top(slug, at) for slug in slugs]
    if not shelves:
        return {}
    rows = reduce(lambda one, other: one.union(other, all=True), shelves)
    for slug, product_id, _sales in sorted(rows, key=lambda row: (-row[2], -row[1])):
        found[slug].append(product_id)
    return found


def _top(slug: str, at: datetime) -> Any:
    roots = Category.objects.filter(slug=slug).values("pk")
    below = Category.objects.filter(path_ids__overlap=ArraySubquery(roots))
    rows = ShelfCard.objects.at(at).filter(
        product__status=Product.Status.ON_SALE, product__category_id__in=below.values("pk")
    )
    rows = rows.annotate(shelf=Value(slug)).order_by("-sales_count", "-product_id")
    return rows.values_list("shelf", "product_id", "sales_count")[:SHELF_ROWS]


def _flat(found: Mapping[str, Sequence[int]]) -> list[int]:
    return [one for ids in found.values() for one in ids]


def _cards(product_ids: Sequence[int], at: datetime, region_code: str) -> dict[int, Row]:
    """Those of the products that are on sale and sold in the region."""
    rows = cards_of(dict.fromkeys(product_ids).keys(), at=at)
    away = unsold_in(rows, region_code)
    return {
        product_id: row
        for product_id, row in rows.items()
        if row["status"] == Product.Status.ON_SALE
        and row["price_fen"] is not None
        and product_id not in away
    }


def _of(model: Any, keys: Collection[int]) -> list[Any]:
    return list(model.objects.filter(pk__in=keys)) if keys else []


def _coupons(
    blocks: Sequence[Block], member_id: int | None, at: datetime, offers: Sequence[Any] | None
) -> list[Any]:
    """Coupons of the coupon centre, and those that a block names."""
    if offers is None:
        offers = list(claimable_coupons(member_id, at)[:MOST_OFFERS])
    known = {coupon.pk for coupon in offers}
    others = [one for one in references(blocks).get("coupon", ()) if one not in known]
    if not others:
        return list(offers)
    more: list[Coupon] = list(claimable_coupons(member_id, at).filter(pk__in=others))
    return [*offers, *more]


def _lists_topics(blocks: Sequence[Block]) -> bool:
    return any(block["kind"] == "topics" and not block["settings"]["tiles"] for block in blocks)
