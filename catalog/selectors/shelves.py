"""Shelves of a page: several short rows of cards in one query. Source: C-10..C-12, C-24,
C-25."""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value

from catalog.models import (
    BoughtTogether,
    Category,
    Product,
    RelatedCategory,
    RelatedProduct,
    SeasonTag,
    ShelfCard,
)
from catalog.selectors.cards import COUNTS, FIGURES, WORDS, card_rows
from catalog.selectors.product import ProductPage
from catalog.selectors.regions import forward_in, sold_to
from catalog.shared import shows_products, shows_shelf
from mall.kernel import clock
from mall.kernel.db.rows import as_json
from mall.kernel.errors import NotFound

BESTSELLERS, NEWEST, SEASONAL, REDUCED = "bestsellers", "newest", "seasonal", "reduced"
CHOSEN, TOGETHER = "chosen", "together"
COMPANIONS, NEIGHBOURS = "companions", "neighbours"
FORWARD = "forward"
CARD = ("product_id", *WORDS, *FIGURES, *COUNTS)
BY_SALES = ("sales_count", "product_id")
BY_DATE = ("listed_at", "product_id")
BY_END = ("valid_until", "product_id")
SALE = "sale"
"""The kind of badge that a sale price puts on a card."""
FIRST_RANK = 32_767
"""Links are ranked by their order, the smallest first; shelves go by the largest."""
PLAIN = {"heading_zh": Value("", CharField()), "heading_en": Value("", CharField())}


@dataclasses.dataclass(frozen=True, slots=True)
class _Shelf:
    """So many cards of ``rows``, the largest ``order`` first, or the smallest; ``heading`` columns
    for its title."""

    rows: Any
    count: int
    order: tuple[str, ...] = BY_SALES
    is_descending: bool = True
    heading: Mapping[str, Any] = dataclasses.field(default_factory=lambda: PLAIN)

    def query(self, name: str) -> Any:
        rows = self.rows.annotate(shelf=Value(name, CharField()), **self.heading)
        sign = "-" if self.is_descending else ""
        ordered = card_rows(rows, "shelf", FORWARD, "valid_until", *self.heading).order_by(
            *(f"{sign}{column}" for column in self.order)
        )
        return ordered[: self.count]


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
    rows = _on_sale(at, region_code)
    shelves: dict[str, _Shelf] = {}
    if count:
        shelves = _usual(rows, count, at)
    if reduced:
        shelves[REDUCED] = _Shelf(_below_list_price(rows), reduced, BY_END, is_descending=False)
    if count or reduced:
        shows_shelf()
    if chosen:
        shelves[CHOSEN] = _Shelf(rows.filter(product__in=chosen), len(chosen))
        shows_products(chosen)
    found = _cards(shelves) if shelves else {}
    return {name: cards for name, cards in found.items() if cards or name != SEASONAL}


def _usual(rows: Any, count: int, at: datetime) -> dict[str, _Shelf]:
    """What is shown when nobody chose."""
    tag = SeasonTag.objects.in_season(clock.day_of(at)).values("pk")[:1]
    seasonal = rows.filter(in_stock=True, product__season_tags__in=tag)
    heading = {f"heading_{code}": F(f"product__season_tags__title_{code}") for code in ("zh", "en")}
    return {
        BESTSELLERS: _Shelf(rows, count, (FORWARD, *BY_SALES)),
        NEWEST: _Shelf(rows, count, BY_DATE),
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
) -> list[dict[str, Any]]:
    """What goes with the product ``beside``, or with any goods of a category path.

    First what an operator chose for it, then what its buyers took with it (C-12), then up to
    ``companions`` goods in stock of the related categories (C-25), then what sells in the category
    ``around``; each product once and never itself, ``count`` in all. Queries: 1.
    """
    shelves = _beside(
        category_path,
        _on_sale(at, region_code).exclude(product=beside),
        around=around,
        companions=companions,
        count=count,
        beside=beside,
    )
    return _each_once(_cards(shelves), count)


def related_rows(page: ProductPage, at: datetime, *, companions: int, count: int) -> dict[str, Any]:
    """What goes with the product of a page, by shelf; each as JSON, for a statement that reads
    more. See ``related_of_rows``."""
    path = [step.pk for step in page.path]
    rows = _on_sale(at, "").exclude(product=page.product.pk)
    shelves = _beside(
        path,
        rows,
        around=path[-2:][0],
        companions=companions,
        count=count,
        beside=page.product.pk,
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
    pairs = RelatedCategory.objects.filter(category__in=category_path).values("related")
    related = Category.objects.filter(path_ids__overlap=ArraySubquery(pairs)).values("pk")
    near = Category.objects.filter(path_ids__contains=[around]).values("pk")
    chosen = RelatedProduct.objects.filter(product=beside, related=OuterRef("product"))
    rank = Subquery(chosen.values(rank=FIRST_RANK - F("sort"))[:1])
    taken = BoughtTogether.objects.filter(product=beside, related=OuterRef("product"))
    orders = Subquery(taken.values("orders")[:1])
    return {
        CHOSEN: _Shelf(
            rows.filter(Exists(chosen)).annotate(forward=rank), count, (FORWARD, *BY_SALES)
        ),
        TOGETHER: _Shelf(
            rows.filter(Exists(taken), in_stock=True).annotate(forward=orders),
            count,
            (FORWARD, *BY_SALES),
        ),
        COMPANIONS: _Shelf(
            rows.filter(product__category_id__in=related, in_stock=True), companions
        ),
        NEIGHBOURS: _Shelf(rows.filter(product__category_id__in=near), count),
    }


def _each_once(found: Mapping[str, list[dict[str, Any]]], count: int) -> list[dict[str, Any]]:
    """The cards of several shelves in their order."""
    shows_products(row["product_id"] for shelf in found.values() for row in shelf)
    cards = {row["product_id"]: row for shelf in found.values() for row in shelf}
    return list(cards.values())[:count]


def related_cards(
    product_id: int, at: datetime, region_code: str = "", *, companions: int = 2, count: int = 5
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
    )


def _on_sale(at: datetime, region_code: str) -> Any:
    rows = ShelfCard.objects.at(at).filter(product__status=Product.Status.ON_SALE)
    return sold_to(rows, region_code).annotate(forward=forward_in(region_code))


def _cards(shelves: Mapping[str, _Shelf]) -> dict[str, list[dict[str, Any]]]:
    """The cards of all shelves by their names. One statement puts no order over its parts, so each
    shelf is put in order here."""
    first, *others = [shelf.query(name) for name, shelf in shelves.items()]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in shelves}
    for row in first.union(*others, all=True):
        found[row.pop("shelf")].append(row)
    for name, shelf in shelves.items():
        found[name].sort(
            key=lambda row: [row[column] for column in shelf.order], reverse=shelf.is_descending
        )
    return found
