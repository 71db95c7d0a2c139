"""The order of what answers a search: where the words stand, then how good the listing is.

Ranking reads the whole vector of each match. Of a word that thousands of goods have, those named
like the query and those that sell best are ranked; every other order has them all.
"""

from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, IntegerField
from django.db.models.functions import Cast

from catalog.models import Product, ShelfCard
from catalog.selectors.conditions import of_card, of_product
from catalog.selectors.filters import CardFilters
from catalog.selectors.regions import sold_to
from catalog.selectors.searching import Ask, Lexemes

WEIGHTS = [0.4, 0.2, 0.6, 1.0]
"""Of D to A: the category a product is in says more than its subtitle and attributes."""
SCORE_SCALE = 1000
"""A perfect listing goes a tenth before an empty one that matches as well (C-36)."""
MOST_RANKED, MOST_NAMED = 400, 200


def ranked(rows: Any, ask: Ask, filters: CardFilters) -> Any:
    """Those of the shelf cards whose products answer best, with their ``score``. No query.

    The candidates come out of the index of products alone: with the shelf in the same statement
    PostgreSQL walks the shelf by sales and looks at the words of each product it meets.
    """
    found = _best_selling(ask.literal, filters, MOST_RANKED)
    if ask.named:
        found = found.union(_best_selling(ask.named, filters, MOST_NAMED))
    rank = _rank(ask.literal)
    if ask.plain:
        rank = rank * 2 if ask.plain == ask.literal else rank + _rank(ask.plain)
    weight = SCORE_SCALE + F("product__quality_score")
    return rows.filter(product_id__in=found).annotate(score=Cast(rank * weight, IntegerField()))


def _best_selling(literal: str, filters: CardFilters, most: int) -> Any:
    rows = Product.objects.on_sale().filter(search=Lexemes(literal))
    for condition in of_product(filters).values():
        rows = rows.filter(condition)
    on_card = of_card(filters)
    if on_card:
        cards = ShelfCard.objects.all()
        for condition in on_card.values():
            cards = cards.filter(condition)
        rows = rows.filter(pk__in=cards.values("product_id"))
    rows = sold_to(rows, filters.region_code, "pk")
    return rows.order_by("-sales_count", "-pk").values("pk")[:most]


def _rank(literal: str) -> Any:
    return SearchRank(F("product__search"), Lexemes(literal), weights=WEIGHTS)
