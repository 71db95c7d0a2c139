"""When something that operators placed begins or ends by the clock alone.

Source: docs/caching.md.
"""

from datetime import datetime

from mall.kernel.caching import first_edge
from promotions.content import next_edge
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

    Queries: 2.
    """
    windows = [(model.objects.all(), edge) for model in WINDOWS for edge in EDGES]
    found = first_edge(at, *windows, (PageRelease.objects.all(), "live_at"))
    arranged = PageRelease.objects.live(at).values_list("version__blocks", flat=True)
    edges = [found, *(next_edge(blocks or [], at) for blocks in arranged)]
    return min((edge for edge in edges if edge is not None), default=None)
