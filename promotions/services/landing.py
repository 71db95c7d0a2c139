"""Who came to a landing page, by which link, and who of them joined. Source: requirement X-13."""

from datetime import datetime

from django.db import transaction

from mall.kernel.experiments import arm_of
from promotions.models import LandingPage, LandingVariant, LandingVisit


def variant_of(landing: LandingPage, visitor: str) -> LandingVariant | None:
    """The page that a visitor sees, always the same one. Queries: 1."""
    variants = list(landing.variants.select_related("page").order_by("pk"))
    return arm_of(f"landing:{landing.pk}", visitor, [(one, one.weight) for one in variants])


@transaction.atomic
def note_landing(
    *,
    variant: LandingVariant,
    visitor: str,
    channel: str,
    campaign: str,
    at: datetime,
) -> None:
    """Note the first visit of a browser; it counts once, for the link that brought it.

    Queries: 1.
    """
    visit = LandingVisit(
        landing_id=variant.landing_id,
        variant=variant,
        visitor=visitor,
        channel=channel,
        campaign=campaign,
        at=at,
    )
    LandingVisit.objects.bulk_create([visit], ignore_conflicts=True)


@transaction.atomic
def note_registered(*, visitor: str, member_id: int, at: datetime) -> int:
    """Note that the browser's owner joined; returns how many landings brought them. Queries: 1."""
    rows = LandingVisit.objects.filter(visitor=visitor, member=None, at__lte=at)
    return rows.update(member_id=member_id, registered_at=at)
