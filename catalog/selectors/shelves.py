"""Shelves of a page: several short rows of cards in one query. Source: C-10..C-12, C-24,
C-25."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from operator import itemgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value

from catalog.models import (
    BoughtTogether,
    Category,
    Favourite,
    Product,
    RelatedCategory,
    RelatedProduct,
    SeasonTag,
    ShelfCard,
)
from catalog.models.season import MONTH_DAY
from catalog.selectors.cards import COUNTS, FIGURES, WORDS, card_rows
from catalog.selectors.regions import forward_in, sold_to
from catalog.shared import shows_products, shows_shelf
from mall.kernel import clock
from mall.kernel.db import Prepared
from mall.kernel.db.rows import as_json
from mall.kernel.errors import NotFound

BESTSELLERS, NEWEST, SEASONAL, REDUCED = "bestsellers", "newest", "seasonal", "reduced"
CHOSEN, TOGETHER = "chosen", "together"
COMPANIONS, NEIGHBOURS = "companions", "neighbours"
FORWARD = "forward"
CARD = ("product_id", *WORDS, *FIGURES, *COUNTS)
MOST_SOLD = ("-sales_count", "-product_id")
FIRST_SOLD = (f"-{FORWARD}", *MOST_SOLD)
LATEST = ("-listed_at", "-product_id")
FIRST_ENDING = ("valid_until", "product_id")
SALE = "sale"
"""The kind of badge that a sale price puts on a card."""
FIRST_RANK = 32_767
"""Links are ranked by their order, the smallest first; shelves go by the largest."""
PLAIN = {"heading_zh": Value("", CharField()), "heading_en": Value("", CharField())}


@dataclasses.dataclass(frozen=True, slots=True)
class _Shelf:
    """So many cards of ``rows`` in an order; ``heading`` columns for its title."""

    rows: Any
    count: int
    order: tuple[str, ...] = MOST_SOLD
    heading: Mapping[str, Any] = dataclasses.field(default_factory=lambda: PLAIN)

    def query(self, name: str) -> Any:
        rows = self.rows.annotate(shelf=Value(name, CharField()), **self.heading)
        ordered = card_rows(rows, "shelf", FORWARD, "valid_until", *self.heading)
        return ordered.order_by(*self.order)[: self.count]


def home_cards(
    *,
    at: datetime,
    count: int = 12,
    region_code: str = "",
    reduced: int = 0,
    chosen: Collection[int] = (),
) -> dict[str, list[dict[str, Any]]]:
    """What a page of blocks shows, by name of the shelf; with ``region_code`` only what is sold
    there, bestsellers that are put forward there first. Queries: 1, none for nothing.

    ``bestsellers`` and ``newest`` are there with a ``count``; ``seasonal`` is while a season is on
    that has goods in stock, and its rows carry the season's ``heading_zh`` and ``heading_en``.
    ``reduced`` are so many goods in stock below their list price for now, those whose price ends
    first (``valid_until``) in front; ``chosen`` those of these products that are on sale.
    """
    if count or reduced:
        shows_shelf()
    shows_products(chosen)
    orders = {
        **({BESTSELLERS: FIRST_SOLD, NEWEST: LATEST, SEASONAL: MOST_SOLD} if count else {}),
        **({REDUCED: FIRST_ENDING} if reduced else {}),
        **({CHOSEN: MOST_SOLD} if chosen else {}),
    }
    today, chosen = clock.day_of(at).strftime(MONTH_DAY), list(dict.fromkeys(chosen))
    read = _home_rows.build if region_code else _home_rows
    day = today if count else None
    rows = read(count, reduced, region_code, at=at, today=day, chosen=chosen) if orders else ()
    found = _by_shelf(rows, orders)
    return {name: cards for name, cards in found.items() if cards or name != SEASONAL}


@Prepared
def _home_rows(
    count: int,
    reduced: int,
    region_code: str,
    *,
    at: datetime,
    today: str | None,
    chosen: Collection[int],
) -> Any:
    rows = _on_sale(at, region_code)
    shelves: dict[str, _Shelf] = {}
    if count and today:
        shelves = _usual(rows, count, today)
    if reduced:
        shelves[REDUCED] = _Shelf(_below_list_price(rows), reduced, FIRST_ENDING)
    if chosen:
        shelves[CHOSEN] = _Shelf(rows.filter(product__pk__in=chosen), len(chosen))
    return _together(shelves)


def _usual(rows: Any, count: int, today: str) -> dict[str, _Shelf]:
    """What is shown when nobody chose."""
    tag = SeasonTag.objects.holding(today).values("pk")[:1]
    seasonal = rows.filter(Exists(tag), in_stock=True, product__season_tags__in=tag)
    heading = {f"heading_{code}": F(f"product__season_tags__title_{code}") for code in ("zh", "en")}
    return {
        BESTSELLERS: _Shelf(rows, count, FIRST_SOLD),
        NEWEST: _Shelf(rows, count, LATEST),
        SEASONAL: _Shelf(seasonal, count, heading=heading),
    }


def _below_list_price(rows: Any) -> Any:
    return rows.filter(
        in_stock=True, price_fen__lt=F("list_price_fen"), badges__contains=[{"kind": SALE}]
    )


def cards_beside(
    category_path: Collection[int],
    *,
    around: int,
    at: datetime,
    companions: int,
    count: int,
    region_code: str = "",
    beside: int = 0,
    but: Collection[int] = (),
) -> list[dict[str, Any]]:
    """What goes with the product ``beside``, or with any goods of a category path; none of ``but``.

    First what an operator chose for it, then what its buyers took with it (C-12), then up to
    ``companions`` goods in stock of the related categories (C-25), then what sells in the category
    ``around``; each product once and never itself, ``count`` in all. Queries: 1.
    """
    shelves = _beside(
        category_path,
        _on_sale(at, region_code).exclude(product__in=[beside, *but]),
        around=around,
        companions=companions,
        count=count,
        beside=beside,
    )
    return _each_once(_cards(shelves), count)


def related_rows(
    category_path: Collection[int],
    at: datetime,
    *,
    around: int,
    companions: int,
    count: int,
    beside: int,
) -> dict[str, Any]:
    """What ``cards_beside`` finds, by shelf; each as JSON, for a statement that reads more. See
    ``related_of_rows``."""
    shelves = _beside(
        category_path,
        _on_sale(at, "").exclude(product=beside),
        around=around,
        companions=companions,
        count=count,
        beside=beside,
    )
    return {
        name: shelf.query(name).values(row=as_json(*CARD, image=F("image")))
        for name, shelf in shelves.items()
    }


def related_of_rows(found: Mapping[str, list[dict[str, Any]]], count: int) -> list[dict[str, Any]]:
    """The cards of ``related_rows`` as ``cards_beside`` gives them. Queries: 0."""
    names = (CHOSEN, TOGETHER, COMPANIONS, NEIGHBOURS)
    return _each_once({name: found[name] for name in names}, count)


def _beside(
    category_path: Collection[int],
    rows: Any,
    *,
    around: int,
    companions: int,
    count: int,
    beside: int,
) -> dict[str, _Shelf]:
    """The shelves of ``cards_beside``."""
    pairs = RelatedCategory.objects.filter(category__pk__in=category_path).values("related")
    related = Category.objects.filter(path_ids__overlap=ArraySubquery(pairs)).values("pk")
    companions_there = Product.objects.on_sale().filter(category__in=related)
    near = Category.objects.filter(path_ids__contains=[around]).values("pk")
    chosen = RelatedProduct.objects.filter(product=beside, related=OuterRef("product"))
    rank = Subquery(chosen.values(rank=FIRST_RANK - F("sort"))[:1])
    taken = BoughtTogether.objects.filter(product=beside, related=OuterRef("product"))
    orders = Subquery(taken.values("orders")[:1])
    return {
        CHOSEN: _Shelf(rows.filter(Exists(chosen)).annotate(forward=rank), count, FIRST_SOLD),
        TOGETHER: _Shelf(
            rows.filter(Exists(taken), in_stock=True).annotate(forward=orders),
            count,
            FIRST_SOLD,
        ),
        COMPANIONS: _Shelf(
            rows.filter(Exists(companions_there), product__category__in=related, in_stock=True),
            companions,
        ),
        NEIGHBOURS: _Shelf(rows.filter(product__category_id__in=near), count),
    }


def _each_once(found: Mapping[str, list[dict[str, Any]]], count: int) -> list[dict[str, Any]]:
    """The cards of several shelves in their order."""
    shows_products(row["product_id"] for shelf in found.values() for row in shelf)
    cards = {row["product_id"]: row for shelf in found.values() for row in shelf}
    return list(cards.values())[:count]


def related_cards(
    product_id: int,
    at: datetime,
    region_code: str = "",
    *,
    companions: int = 2,
    count: int = 5,
    but: Collection[int] = (),
) -> list[dict[str, Any]]:
    """What goes with a product of the shop (``cards_beside``). Queries: 2. Raises: NotFound."""
    product = Product.objects.on_shelf(at).select_related("category").filter(pk=product_id).first()
    if product is None:
        raise NotFound
    path = product.category.path_ids
    return cards_beside(
        path,
        around=path[-2:][0],
        at=at,
        companions=companions,
        count=count,
        region_code=region_code,
        beside=product_id,
        but=but,
    )


def liked_cards(
    category_ids: Sequence[int],
    *,
    account_id: int,
    at: datetime,
    count: int,
    region_code: str = "",
) -> list[dict[str, Any]]:
    """Goods in stock of these categories, what sells best of each in turn, but what the account
    keeps in mind already; then what sells best of all. Queries: 1."""
    rows = _on_sale(at, region_code).filter(in_stock=True)
    kept = Favourite.objects.filter(account_id=account_id, product=OuterRef("product"))
    new = rows.filter(~Exists(kept))
    shelves = {BESTSELLERS: _Shelf(rows, count, FIRST_SOLD)}
    for pk in category_ids:
        near = Category.objects.filter(path_ids__contains=[pk]).values("pk")
        shelves[str(pk)] = _Shelf(new.filter(product__category_id__in=near), count, FIRST_SOLD)
    found = _cards(shelves)
    turns = zip_longest(*(found[str(pk)] for pk in category_ids))
    liked = [card for turn in turns for card in turn if card is not None]
    return _each_once({"liked": liked, BESTSELLERS: found[BESTSELLERS]}, count)


def _on_sale(at: datetime, region_code: str) -> Any:
    rows = ShelfCard.objects.at(at).filter(product__status=Product.Status.ON_SALE)
    return sold_to(rows, region_code).annotate(forward=forward_in(region_code))


def _cards(shelves: Mapping[str, _Shelf]) -> dict[str, list[dict[str, Any]]]:
    """The cards of all shelves by their names."""
    return _by_shelf(_together(shelves), {name: shelf.order for name, shelf in shelves.items()})


def _together(shelves: Mapping[str, _Shelf]) -> Any:
    """The rows of all shelves in one statement."""
    first, *others = [shelf.query(name) for name, shelf in shelves.items()]
    return first.union(*others, all=True)


def _by_shelf(
    rows: Iterable[dict[str, Any]], orders: Mapping[str, tuple[str, ...]]
) -> dict[str, list[dict[str, Any]]]:
    """The cards by the names of their shelves. One statement puts no order over its parts, so each
    shelf is put in order here: all its columns run one way."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in orders}
    for row in rows:
        found[row.pop("shelf")].append(row)
    for name, order in orders.items():
        columns = [column.removeprefix("-") for column in order]
        is_descending = order[0].startswith("-")
        found[name].sort(key=itemgetter(*columns), reverse=is_descending)
    return found
