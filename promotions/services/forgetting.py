"""Who saw and followed what is forgotten after a time. Source: requirements P-62, X-13, M-65."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from mall.kernel import clock
from promotions.models import LandingVisit, PopUpSight, ShareVisit

KEPT_DAYS = 365
"""Visits of landing pages and shared pages: as long as reports of a year ask for them."""
SEEN_DAYS = 30
"""Pop-ups that were seen: they count for the day only."""
CLOSED_DAYS = 366
"""Pop-ups that were closed: they may rest for a year."""
AT_ONCE = 5_000


def forget_old_visits(at: datetime) -> int:
    """Forget what is older than it is kept for; how many rows. Safe to run again.

    Units: AT_ONCE rows a transaction. Queries: 2 a batch, and 2 for each of three tables.
    """
    return sum(_forget(rows) for rows in _old(at))


def _old(at: datetime) -> Iterator[QuerySet[Any]]:
    today = clock.day_of(at)
    seen, closed = (today - timedelta(days=days) for days in (SEEN_DAYS, CLOSED_DAYS))
    yield PopUpSight.objects.filter(Q(day__lt=closed) | Q(day__lt=seen, closed_at=None))
    yield LandingVisit.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS))
    yield ShareVisit.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS))


def _forget(old: QuerySet[Any]) -> int:
    total, deleted = 0, AT_ONCE
    while deleted == AT_ONCE:
        some = list(old.order_by().values_list("pk", flat=True)[:AT_ONCE])
        deleted = old.model._default_manager.filter(pk__in=some).delete()[0] if some else 0
        total += deleted
    return total
