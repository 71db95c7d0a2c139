"""When something that operators placed begins or ends by the clock alone.

Source: docs/caching.md.
"""

from datetime import datetime

from mall.kernel.caching import first_edge
from promotions.models import (
    Announcement,
    Campaign,
    Coupon,
    HotPin,
    LandingPage,
    PageRelease,
    PopUp,
)

WINDOWS = (Announcement, Campaign, Coupon, HotPin, LandingPage, PopUp)
EDGES = ("starts_at", "ends_at")


def content_edge(at: datetime) -> datetime | None:
    """The first instant after ``at`` at which a campaign, a coupon or a block begins or ends.

    Queries: 1.
    """
    windows = [(model.objects.all(), edge) for model in WINDOWS for edge in EDGES]
    return first_edge(at, *windows, (PageRelease.objects.all(), "live_at"))
