"""Which products somebody looked at: written down for them alone, theirs to clear. Source: C-08."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from catalog.models import Product, ProductView
from mall.kernel.errors import NotFound

KEPT_DAYS = 90
"""What is older is forgotten, as the privacy statement says."""
MOST_KEPT = 200
"""Products of one account; the oldest make room."""
FORGOTTEN_AT_ONCE = 5_000


@transaction.atomic
def record_view(*, account: Any, product_id: int, at: datetime, path: str = "") -> None:
    """Write down that somebody looks at a product now, once a product. Raises: NotFound.

    Queries: 3.
    """
    if not Product.objects.on_shelf(at).filter(pk=product_id).exists():
        raise NotFound
    ProductView.objects.bulk_create(
        [ProductView(account=account, product_id=product_id, path=path[:200], at=at)],
        update_conflicts=True,
        unique_fields=["account", "product"],
        update_fields=["path", "at"],
    )
    rows = ProductView.objects.filter(account=account).order_by("-at", "-pk")
    ProductView.objects.filter(pk__in=rows.values("pk")[MOST_KEPT:]).delete()


def drop_view(*, account: Any, product_id: int) -> bool:
    """Forget one product; True when it was there."""
    deleted, _rows = ProductView.objects.filter(account=account, product_id=product_id).delete()
    return bool(deleted)


def clear_views(*, account: Any) -> int:
    """Forget all that an account looked at; how many products it was."""
    deleted, _rows = ProductView.objects.filter(account=account).delete()
    return deleted


def forget_old_views(at: datetime) -> int:
    """Forget what is older than KEPT_DAYS; how many rows. Safe to run again."""
    old = ProductView.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).order_by("pk")
    total, deleted = 0, FORGOTTEN_AT_ONCE
    while deleted == FORGOTTEN_AT_ONCE:
        some = ProductView.objects.filter(pk__in=old.values("pk")[:FORGOTTEN_AT_ONCE])
        deleted = some.delete()[0]
        total += deleted
    return total
