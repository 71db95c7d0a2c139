"""Goods of the season, and goods that go with others. Source: requirements C-24, C-25."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery

from catalog.models import Category, Product, RelatedCategory, SeasonTag, ShelfCard
from catalog.selectors.cards import card_rows
from mall.kernel import clock


class Season(NamedTuple):
    """A season that is on, and its goods in stock, the best sellers first."""

    title_zh: str
    title_en: str
    cards: list[dict[str, Any]]


def season_now(at: datetime, count: int = 10) -> Season | None:
    """The first season whose window holds the day, with its goods; None out of season.

    Queries: 1 out of season, else 2.
    """
    tag = SeasonTag.objects.in_season(clock.day_of(at)).first()
    if tag is None:
        return None
    rows = ShelfCard.objects.at(at).filter(
        product__season_tags=tag, product__status=Product.Status.ON_SALE, in_stock=True
    )
    cards = card_rows(rows).order_by("-sales_count", "-product_id")[:count]
    return Season(tag.title_zh, tag.title_en, list(cards))


def companion_cards(
    category_path: Collection[int], *, at: datetime, count: int = 5
) -> list[dict[str, Any]]:
    """Goods in stock of the categories that go with one of a path, the best sellers first.

    Queries: 1.
    """
    pairs = RelatedCategory.objects.filter(category__in=category_path).values("related")
    below = Category.objects.filter(path_ids__overlap=ArraySubquery(pairs))
    rows = ShelfCard.objects.at(at).filter(
        product__category_id__in=below.values("pk"),
        product__status=Product.Status.ON_SALE,
        in_stock=True,
    )
    return list(card_rows(rows).order_by("-sales_count", "-product_id")[:count])
