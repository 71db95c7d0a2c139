"""The shelf: marks say which cards are stale, the refresher above puts new ones down.

A verb inserts marks in its own transaction; after commit the refresher that ``orders`` registered
runs; beat sweeps what a crash left. Source: design.md, section 6 (the shelf).
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from catalog.models import Product, ShelfCard, ShelfMark, Sku
from catalog.shared import SHELF, category_tag, product_tag
from mall.kernel.caching import changed

SHELF_LOCK = 7301  # first key of pg_advisory_xact_lock(int, int): one refresher per product

FIGURES = (
    "id",
    "sales_count",
    "buyers_count",
    "rating_sum",
    "rating_count",
    "listed_at",
    "on_shelf_at",
    "off_shelf_at",
    "version",
    "status",
    "category__path_ids",
)
"""What a card takes from its product, and the lists in which it stands."""

Refresher = Callable[[list[int]], Collection[int]]
_refreshers: list[Refresher] = []


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One product in one price window, as the refresher computed it.

    ``badges`` are ``{"kind": .., "label_zh": .., "label_en": ..}``.
    """

    product_id: int
    valid_from: datetime
    valid_until: datetime
    price_fen: int
    price_to_fen: int
    list_price_fen: int
    in_stock: bool
    is_list_price_suggested: bool = False
    badges: tuple[dict[str, Any], ...] = ()


def register_refresher(refresh: Refresher) -> None:
    """Let ``refresh(product_ids)`` run after a commit that left marks; called from ``apps.py``.

    It decides what to do in this process and what to leave to the worker, and returns the ids of
    what it did.
    """
    if refresh not in _refreshers:
        _refreshers.append(refresh)


@transaction.atomic
def mark_shelf(product_ids: Iterable[int]) -> None:
    """Say that the cards of these products are stale, and refresh them after commit. Queries: 1."""
    ids = sorted(set(product_ids))
    if not ids:
        return
    ShelfMark.objects.bulk_create([ShelfMark(product_id=product_id) for product_id in ids])
    waiting = [getattr(entry[1], "__self__", None) for entry in connection.run_on_commit]
    others = [deed.done for deed in waiting if isinstance(deed, _Refresh) and not deed.done]
    transaction.on_commit(_Refresh(ids, others[-1] if others else set()).run, robust=True)


@dataclasses.dataclass(frozen=True, slots=True)
class _Refresh:
    """What one mark leaves to do after commit: what another mark of the same transaction has had
    refreshed is fresh, for it shows what both have changed."""

    product_ids: Collection[int]
    done: set[int]

    def run(self) -> None:
        """Refresh what is not fresh yet."""
        stale = sorted(set(self.product_ids) - self.done)
        if stale:
            did = [refresh(stale) for refresh in _refreshers]
            self.done.update(set(stale).intersection(*did))


def mark_offering(product_id: int) -> None:
    """The same of a product that begins or ceases to be sold, and of every bundle with a part of
    it. Queries: 2."""
    bundles = Sku.objects.filter(bundle_parts__part__product=product_id)
    mark_shelf([product_id, *bundles.values_list("product_id", flat=True)])


def take_marks(*, limit: int, product_ids: Collection[int] | None = None) -> list[int]:
    """Take up to ``limit`` marks away and hold their products' shelf until the transaction ends.

    Call it first in the refreshing transaction, then read prices and stock, then :func:`put_cards`:
    whoever waits here reads what the one before has committed. With ``product_ids`` those are held
    whether marked or not. Locks: shelf marks (skipping held ones), one advisory lock a product in
    id order. Queries: 3.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("take_marks() outside a transaction")
    marks = ShelfMark.objects.order_by("pk").select_for_update(skip_locked=True)
    if product_ids is not None:
        marks = marks.filter(product_id__in=product_ids)
    taken = list(marks[:limit].values_list("pk", "product_id"))
    if taken:
        ShelfMark.objects.filter(pk__in=[pk for pk, _product_id in taken]).delete()
    held = {product_id for _pk, product_id in taken} | set(product_ids or ())
    return _hold(sorted(held))


def _hold(product_ids: list[int]) -> list[int]:
    if product_ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_advisory_xact_lock(%s, (id %% 2147483647)::int))"
                " FROM (SELECT id FROM unnest(%s::bigint[]) AS id ORDER BY id) AS held",
                [SHELF_LOCK, product_ids],
            )
    return product_ids


@transaction.atomic
def put_cards(*, cards: Iterable[CardRow], product_ids: Collection[int], at: datetime) -> int:
    """Replace the cards of ``product_ids`` by ``cards``; a product without a card leaves the shelf.

    Cards are cut where a product's shelf times begin and end (C-06). Sales, rating and listing time
    are filled in from the products. Returns the number of cards put down. Queries: 3, however many
    products. Locks: none; the caller holds the shelf (take_marks).
    """
    products = Product.objects.filter(pk__in=product_ids).values(*FIGURES)
    facts = {row["id"]: row for row in products if row["status"] == Product.Status.ON_SALE}
    known = [(card, facts[card.product_id]) for card in cards if card.product_id in facts]
    cut = [(_within_shelf_times(card, row), row) for card, row in known]
    rows = [_row(card, row, at) for card, row in cut if card.valid_from < card.valid_until]
    ShelfCard.objects.filter(product_id__in=product_ids).delete()
    ShelfCard.objects.bulk_create(rows)
    changed(SHELF, *map(product_tag, product_ids), *_lists_of(products))
    return len(rows)


def _lists_of(products: Iterable[Mapping[str, Any]]) -> set[str]:
    """The lists in which these products stand."""
    return {category_tag(pk) for row in products for pk in row["category__path_ids"]}


def _within_shelf_times(card: CardRow, facts: dict[str, Any]) -> CardRow:
    """The part of a window in which the product is shown; it may be empty."""
    starts_at, ends_at = facts["on_shelf_at"], facts["off_shelf_at"]
    return dataclasses.replace(
        card,
        valid_from=max(card.valid_from, starts_at or card.valid_from),
        valid_until=min(card.valid_until, ends_at or card.valid_until),
    )


def _row(card: CardRow, facts: dict[str, Any], at: datetime) -> ShelfCard:
    return ShelfCard(
        product_id=card.product_id,
        valid_from=card.valid_from,
        valid_until=card.valid_until,
        price_fen=card.price_fen,
        price_to_fen=card.price_to_fen,
        list_price_fen=card.list_price_fen,
        is_list_price_suggested=card.is_list_price_suggested,
        badges=list(card.badges),
        in_stock=card.in_stock,
        sales_count=max(facts["sales_count"], 0),
        buyers_count=facts["buyers_count"],
        rating_x10=_average_x10(facts["rating_sum"], facts["rating_count"]),
        rating_count=facts["rating_count"],
        listed_at=facts["listed_at"] or at,
        version=facts["version"],
    )


def _average_x10(rating_sum: int, rating_count: int) -> int:
    return (20 * rating_sum + rating_count) // (2 * rating_count) if rating_count else 0
