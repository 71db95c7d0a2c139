"""Everything that the blocks of a page show, read at once: as many statements for forty blocks as
for one of each kind. Source: requirements X-01, C-10, C-11, C-24.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Value

from catalog.models import Category, Media, Product, SeasonTag, ShelfCard, Video
from catalog.selectors import (
    BESTSELLERS,
    CHOSEN,
    NEWEST,
    home_cards,
)
from mall.kernel import clock
from promotions.content import Block, references
from promotions.models import Campaign, ContentPage, Coupon
from promotions.selectors.activities import ActivityOffer, running_activity
from promotions.selectors.pages import topic_pages
from promotions.selectors.site import hot_ids, zone_days
from promotions.selectors.wallets import claimable_coupons

SHELF_ROWS = 20
MOST_OFFERS = 50
MOST_REDUCED = 12
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
    coupons: Sequence[Any] = ()
    pictures: Mapping[int, Media] = field(default_factory=dict)
    videos: Mapping[int, Video] = field(default_factory=dict)
    topics: Sequence[ContentPage] = ()
    shows: Sequence[Mapping[str, Any]] = ()

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
    topics: Sequence[ContentPage] | None = None,
    shows: Sequence[Mapping[str, Any]] = (),
) -> Filling:
    """Read what these blocks show; ``offers`` are the coupons given out now, ``topics`` the pages
    listed, when known; ``shows`` what buyers show of goods, which only higher floors know.

    Queries: 10 at most, 1 for each sort of thing that is there; equal for 1 and 40 blocks.
    """
    kinds, named = {block["kind"] for block in blocks}, references(blocks)
    flash = running_activity(Campaign.Kind.FLASH, at) if "flash" in kinds else None
    hot = hot_ids(at, SHELF_ROWS) if "hot" in kinds else []
    seasons = _seasons(named.get("season", ()), at)
    tops = _tops(named.get("category", ()), at)
    wanted = [*named.get("product", ()), *hot, *_flat(seasons), *_flat(tops), *_goods(flash)]
    videos = {row.pk: row for row in _of(Video, named.get("video", ()))}
    posters = [row.poster_id for row in videos.values() if row.poster_id]
    shelves = home_cards(
        at=at,
        count=SHELF_ROWS + SHELF_ROWS // 2 if kinds & SHELVES else 0,
        region_code=region_code,
        reduced=MOST_REDUCED if "flash" in kinds and flash is None else 0,
        chosen=list(dict.fromkeys(wanted)),
    )
    return Filling(
        at=at,
        cards=_by_id(shelves),
        shelves=shelves,
        hot=hot,
        seasons=seasons,
        tops=tops,
        flash=flash,
        coupons=_coupons(blocks, member_id, at, offers) if "coupons" in kinds else (),
        pictures={row.pk: row for row in _of(Media, [*named.get("media", ()), *posters])},
        videos=videos,
        topics=_topics(blocks, at, topics),
        shows=shows,
    )


def hot_cards(at: datetime, count: int, region_code: str = "") -> list[Row]:
    """The ranking of what sells: pins, then the last days, then what sells at all. Queries: 1, and
    those of ``site_words``."""
    hot = hot_ids(at, count)
    shelves = home_cards(at=at, count=count, region_code=region_code, chosen=hot)
    return Filling(at=at, cards=_by_id(shelves), shelves=shelves, hot=hot).hottest(count)


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
    """What sells in these categories and below them, goods of the season that is on in front
    (C-24)."""
    found: dict[str, list[int]] = {slug: [] for slug in slugs}
    shelves = [_top(slug, at) for slug in slugs]
    if not shelves:
        return {}
    rows = reduce(lambda one, other: one.union(other, all=True), shelves)
    for slug, product_id, *_rank in sorted(rows, key=lambda row: (-row[2], -row[3], -row[1])):
        found[slug].append(product_id)
    return found


def _top(slug: str, at: datetime) -> Any:
    roots = Category.objects.filter(slug=slug).values("pk")
    below = Category.objects.filter(path_ids__overlap=ArraySubquery(roots))
    rows = ShelfCard.objects.at(at).filter(
        product__status=Product.Status.ON_SALE, product__category_id__in=below.values("pk")
    )
    tags = SeasonTag.objects.in_season(clock.day_of(at)).filter(products=OuterRef("product"))
    rows = rows.annotate(shelf=Value(slug), seasonal=Exists(tags))
    ranked = rows.order_by("-seasonal", "-sales_count", "-product_id")
    return ranked.values_list("shelf", "product_id", "seasonal", "sales_count")[:SHELF_ROWS]


def _flat(found: Mapping[str, Sequence[int]]) -> list[int]:
    return [one for ids in found.values() for one in ids]


def _by_id(shelves: Mapping[str, Sequence[Row]]) -> dict[int, Row]:
    """The cards of products that were named."""
    return {row["product_id"]: row for row in shelves.get(CHOSEN, ())}


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


def _topics(
    blocks: Sequence[Block], at: datetime, known: Sequence[ContentPage] | None
) -> Sequence[ContentPage]:
    """The topics listed, where a block lists them."""
    lists = (one for one in blocks if one["kind"] == "topics" and not one["settings"]["tiles"])
    if not any(lists):
        return ()
    return topic_pages(at) if known is None else known
