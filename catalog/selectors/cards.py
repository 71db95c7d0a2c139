"""Cards: what lists, search, home and carts show of a product. One query a page."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from catalog.models import Category, Product, ShelfCard
from catalog.paging import Cursor, Ordering, Page, cut, decode, front, page_of
from catalog.selectors.conditions import conditions
from catalog.selectors.filters import CardFilters
from catalog.selectors.pictures import first_picture
from catalog.selectors.ranking import ranked
from catalog.selectors.regions import forward_in, sold_to
from catalog.selectors.searching import Ask, matching, question
from catalog.shared import shows_products, shows_shelf
from mall.kernel.db import Prepared, Replanned

RELEVANCE = Ordering("relevance", ("score", "sales_count", "product_id"))
ORDERINGS = {
    "relevance": RELEVANCE,
    "sales": Ordering("sales", ("sales_count", "product_id")),
    "newest": Ordering("newest", ("listed_at", "product_id")),
    "price": Ordering("price", ("price_fen", "product_id"), is_descending=False),
    "-price": Ordering("-price", ("price_fen", "product_id")),
}
LOCAL = Ordering("local", ("forward", "sales_count", "product_id"))
"""The usual order for shoppers of a region: what is put forward there comes first."""
WORDS = ("slug", "title_zh", "title_en", "subtitle_zh", "subtitle_en", "brand_id", "category_id")
FIGURES = (
    "price_fen",
    "price_to_fen",
    "list_price_fen",
    "is_list_price_suggested",
    "badges",
    "in_stock",
    "rating_x10",
)
COUNTS = ("sales_count", "buyers_count", "rating_count", "listed_at")
COMPUTED = ("score", "forward")

Rows = QuerySet[ShelfCard, dict[str, Any]]


def list_cards(
    filters: CardFilters, *, cursor: str | None = None, page_size: int = 20, at: datetime
) -> Page:
    """One page of cards that answer ``filters``. Rows are for ``presenting.card``.

    Queries: 1; with words to search, 2 or 3. Raises: InvalidInput for a foreign cursor.
    """
    is_local = bool(filters.region_code) and filters.ordering == "sales"
    ordering = LOCAL if is_local else ORDERINGS[filters.ordering]
    shows_shelf(filters.category.pk if filters.category else None)
    place = decode(cursor, ordering) if cursor else None
    if filters.q:
        return _search(Asking(filters, ordering, place, page_size, at))
    plain = CardFilters(category=filters.category, ordering=filters.ordering)
    if place is None and filters == plain:
        category_id = filters.category.pk if filters.category else None
        first = _first_page(ordering, page_size, category_id=category_id, at=at)
        return cut(first, ordering=ordering, cursor=None, page_size=page_size)
    rows = _filtered(ShelfCard.objects.at(at), filters)
    rows = rows.filter(product__status=Product.Status.ON_SALE)
    if is_local:
        rows = rows.annotate(forward=forward_in(filters.region_code))
    rows = card_rows(rows, *_computed(ordering))
    return page_of(rows, ordering=ordering, cursor=place, page_size=page_size)


@Replanned
def _first_page(
    ordering: Ordering, page_size: int, *, category_id: int | None, at: datetime
) -> Any:
    """How most lists are opened: a category or everything, from its beginning."""
    category = None if category_id is None else Category(pk=category_id)
    rows = _filtered(ShelfCard.objects.at(at), CardFilters(category=category))
    rows = card_rows(rows.filter(product__status=Product.Status.ON_SALE))
    return front(rows, ordering=ordering, cursor=None, page_size=page_size)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a page of a search is read by, beside its words."""

    filters: CardFilters
    ordering: Ordering
    place: Cursor | None
    page_size: int
    at: datetime

    @property
    def is_usual(self) -> bool:
        """How most searches are: words alone, from the beginning."""
        filters = self.filters
        words = CardFilters(q=filters.q, ordering=filters.ordering, is_exact=filters.is_exact)
        return self.place is None and filters == words


def _search(asking: Asking) -> Page:
    filters, place = asking.filters, asking.place
    asked = question(filters.q)
    if place is None or not place.is_loose:
        page = _answer(asking, asked.strict, is_loose=False)
        is_last = filters.is_exact or asked.loose.literal == asked.strict.literal
        if page.rows or place is not None or is_last:
            return page
    return _answer(asking, asked.loose, is_loose=True)


def _answer(asking: Asking, ask: Ask, *, is_loose: bool) -> Page:
    if not ask.literal:
        return Page(rows=[])
    page = cut(
        _usually_found(asking, ask) if asking.is_usual else list(_found(asking, ask)),
        ordering=asking.ordering,
        cursor=asking.place,
        page_size=asking.page_size,
        is_loose=is_loose,
    )
    return replace(page, asked=ask.texts, literal=ask.literal)


def _usually_found(asking: Asking, ask: Ask) -> list[dict[str, Any]]:
    is_plain = ask.plain == ask.literal
    return _first_found(
        asking.ordering,
        asking.page_size,
        is_plain,
        literal=ask.literal,
        plain=None if is_plain or asking.ordering is not RELEVANCE else ask.plain or None,
        named=ask.named or None if asking.ordering is RELEVANCE else None,
        at=asking.at,
    )


@Replanned
def _first_found(
    ordering: Ordering,
    page_size: int,
    is_plain: bool,
    *,
    literal: str,
    plain: str | None,
    named: str | None,
    at: datetime,
) -> Any:
    """What answers words alone, from its beginning."""
    ask = Ask(literal, literal if is_plain else plain or "", named=named or "")
    return _found(Asking(CardFilters(), ordering, None, page_size, at), ask)


def _found(asking: Asking, ask: Ask) -> Any:
    """The cards of a page that answer, and one more. Queries: none until read."""
    edge: Any = {
        "ordering": asking.ordering,
        "cursor": asking.place,
        "page_size": asking.page_size,
    }
    rows: Any = _filtered(ShelfCard.objects.at(asking.at), asking.filters)
    if asking.ordering is LOCAL:
        rows = rows.annotate(forward=forward_in(asking.filters.region_code))
    if asking.ordering is RELEVANCE:
        rows = ranked(rows, ask, asking.filters)
    else:
        first = front(matching(rows, ask.literal), **edge)
        rows = rows.filter(pk__in=first.values("pk"))
    return front(card_rows(rows, *_computed(asking.ordering)), **edge)


def _computed(ordering: Ordering) -> list[str]:
    return [column for column in ordering.columns if column in COMPUTED]


def _filtered(rows: Any, filters: CardFilters) -> Any:
    rows = sold_to(rows, filters.region_code)
    for condition in conditions(filters).values():
        rows = rows.filter(condition)
    return rows


def card_rows(rows: Any, *more: str) -> Rows:
    """The columns of a card, and ``more`` of the shelf's own. Adds no query."""
    words = {name: F(f"product__{name}") for name in WORDS}
    rows = rows.annotate(image=first_picture("product_id"), **words)
    return rows.values("product_id", *WORDS, *FIGURES, *COUNTS, "image", *more)


def cards_of(product_ids: Collection[int], *, at: datetime) -> dict[int, dict[str, Any]]:
    """Cards of these products, by id: also of those off sale or not on the shelf yet.

    Such a row has None for price_fen and in_stock. Queries: 1.
    """
    if not product_ids:
        return {}
    shows_products(product_ids)
    rows = _cards(product_ids=sorted(set(product_ids)), at=at)
    return {row["product_id"]: row for row in rows}


@Prepared
def _cards(*, product_ids: Collection[int], at: datetime) -> QuerySet[Any]:
    window = Q(shelf_cards__valid_from__lte=at, shelf_cards__valid_until__gt=at)
    return (
        Product.objects.filter(pk__in=product_ids)
        .annotate(
            product_id=F("pk"),
            card=FilteredRelation("shelf_cards", condition=window),
            image=first_picture("pk"),
            **{name: F(f"card__{name}") for name in FIGURES},
        )
        .values("product_id", *WORDS, *FIGURES, *COUNTS, "image", "status")
    )
