"""Landing pages as they stand, and what came of their visits. Source: requirement X-13."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from mall.kernel.errors import NotFound
from promotions.models import LandingPage, LandingVisit


def live_landing(slug: str, at: datetime) -> LandingPage:
    """A landing page that is shown at ``at``. Queries: 1. Raises: NotFound."""
    begun = Q(starts_at=None) | Q(starts_at__lte=at)
    rows = LandingPage.objects.filter(begun, Q(ends_at=None) | Q(ends_at__gt=at))
    page = rows.filter(slug=slug, is_active=True).first()
    if page is None:
        raise NotFound
    return page


@dataclass(frozen=True, slots=True)
class Came:
    """Visits of one landing page by channel and variant: how many, who joined, as members."""

    landing: str
    variant: str
    channel: str
    visits: int
    registered: int


def landing_figures(since: datetime, until: datetime) -> list[Came]:
    """What landing pages brought in [since, until). Queries: 1."""
    rows = LandingVisit.objects.filter(at__gte=since, at__lt=until)
    names = ("landing__title", "variant__page__title_zh", "channel")
    grouped: Any = rows.values(*names).annotate(
        visits=Count("pk"), joined=Count("pk", filter=Q(registered_at__isnull=False))
    )
    return [
        Came(
            landing=row["landing__title"],
            variant=row["variant__page__title_zh"] or "",
            channel=row["channel"],
            visits=row["visits"],
            registered=row["joined"],
        )
        for row in grouped.order_by("landing__title", "-visits", *names[1:])
    ]
