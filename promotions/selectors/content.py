"""What operators placed on the storefront, as it stands at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from mall.kernel.errors import NotFound
from promotions.models import Announcement, Banner, HelpPage, HotWord

NEWS_SHOWN = 5
WORDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class HomeContent:
    """Banners by place, in the operator's order, and the newest announcements."""

    banners: Mapping[str, Sequence[Banner]]
    announcements: Sequence[Announcement]


def home_content(at: datetime) -> HomeContent:
    """Everything that operators placed on the home page. Queries: 2."""
    shown = Banner.objects.filter(
        Q(starts_at__isnull=True) | Q(starts_at__lte=at),
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
    )
    banners: dict[str, list[Banner]] = {place: [] for place in Banner.Place.values}
    for banner in shown.select_related("media").order_by("place", "sort", "pk"):
        banners[banner.place].append(banner)
    return HomeContent(banners, announcements(at))


def announcements(at: datetime, limit: int = NEWS_SHOWN) -> list[Announcement]:
    """Shop news that is not over, newest first. Queries: 1."""
    news = Announcement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return list(news.filter(starts_at__lte=at).order_by("-starts_at", "-pk")[:limit])


def hot_words(limit: int = WORDS_SHOWN) -> list[HotWord]:
    """Search words that the shop suggests, in the operator's order. Queries: 1."""
    return list(HotWord.objects.order_by("sort", "pk")[:limit])


def help_pages() -> list[HelpPage]:
    """All help pages without their texts, in the operator's order. Queries: 1."""
    return list(HelpPage.objects.defer("body_zh", "body_en").order_by("sort", "pk"))


def help_page(slug: str) -> HelpPage:
    """One help page. Queries: 1. Raises: NotFound."""
    page = HelpPage.objects.filter(slug=slug).first()
    if page is None:
        raise NotFound
    return page
