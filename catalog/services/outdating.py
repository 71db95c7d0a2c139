"""Listings whose measure changed: the attributes of their category, the shop's price guard.

Hundreds of thousands may follow from one form, so the worker grades them. Source: C-35, C-36.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.events import ListingsOutdated
from catalog.models import Category, Product
from mall.kernel.db import appended_together
from mall.kernel.outbox import publish

BATCH = 500
"""Listings an event: a good second of work for the relay."""
_gathered: ContextVar[set[int] | None] = ContextVar("outdated_categories", default=None)


@transaction.atomic
def outdate_listings(*, category: Category | None = None, at: datetime) -> None:
    """Have the goods of a category and below it (None: all) graded again.

    Queries: 2. Emits: a ListingsOutdated for each 500.
    """
    gathered = _gathered.get()
    if category is None:
        _tell(Product.objects.all(), at)
    elif gathered is None:
        _tell(Product.objects.filter(category__path_ids__contains=[category.pk]), at)
    else:
        gathered.add(category.pk)


@contextmanager
def outdated_once(at: datetime) -> Iterator[None]:
    """Outdate the goods of each category once, at the end: a file may bring it many attributes.

    Belongs inside the transaction. Queries: 2, none where nothing is outdated.
    """
    token = _gathered.set(set())
    try:
        yield
        ids = _gathered.get()
    finally:
        _gathered.reset(token)
    outer = _gathered.get()
    if outer is not None:
        outer.update(ids or ())
    elif ids:
        _tell(Product.objects.filter(category__path_ids__overlap=sorted(ids)), at)


def _tell(goods: Any, at: datetime) -> None:
    ids = list(goods.order_by("pk").values_list("pk", flat=True))
    with appended_together():
        for start in range(0, len(ids), BATCH):
            publish(ListingsOutdated(product_ids=tuple(ids[start : start + BATCH]), at=at))
