"""Products that somebody keeps in mind. Source: C-07."""

from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Favourite, Product
from catalog.shared import favourites_tag
from mall.kernel.caching import changed
from mall.kernel.errors import NotFound


@transaction.atomic
def keep_favourite(*, account: Any, product_id: int, at: datetime) -> bool:
    """Keep a product in mind; doing it twice changes nothing. True when it is new. Raises:
    NotFound."""
    _check_seen(product_id, at)
    _row, is_new = Favourite.objects.get_or_create(
        account=account, product_id=product_id, defaults={"at": at}
    )
    if is_new:
        changed(favourites_tag(product_id))
    return is_new


def drop_favourite(*, account: Any, product_id: int) -> bool:
    """Let a product go, also one that is gone from the shop; True when it was kept."""
    deleted, _rows = Favourite.objects.filter(account=account, product_id=product_id).delete()
    if deleted:
        changed(favourites_tag(product_id))
    return bool(deleted)


@transaction.atomic
def toggle_favourite(*, account: Any, product_id: int, at: datetime) -> bool:
    """Keep a product in mind, or let it go; True when it is kept now. Raises: NotFound."""
    if drop_favourite(account=account, product_id=product_id):
        return False
    keep_favourite(account=account, product_id=product_id, at=at)
    return True


def _check_seen(product_id: int, at: datetime) -> None:
    if not Product.objects.on_shelf(at).filter(pk=product_id).exists():
        raise NotFound
