"""What operators placed on the storefront, as it stands at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Value

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


def site_words() -> dict[str, list[dict[str, str]]]:
    """What stands on every page: ``hot`` words, ``help`` pages by slug and title. Queries: 1."""
    columns = ("kind", "slug", "title_zh", "title_en", "sort", "pk")
    hot = HotWord.objects.order_by().annotate(
        kind=Value("hot"), slug=Value(""), title_zh=F("word_zh"), title_en=F("word_en")
    )
    pages = HelpPage.objects.order_by().annotate(kind=Value("help"))
    rows = hot.values(*columns).union(pages.values(*columns), all=True)
    found: dict[str, list[dict[str, str]]] = {"hot": [], "help": []}
    for row in rows.order_by("kind", "sort", "pk"):
        words = {name: row[name] for name in ("slug", "title_zh", "title_en")}
        found[row["kind"]].append(words)
    return {**found, "hot": found["hot"][:WORDS_SHOWN]}


def help_page(slug: str) -> HelpPage:
    """One help page. Queries: 1. Raises: NotFound."""
    page = HelpPage.objects.filter(slug=slug).first()
    if page is None:
        raise NotFound
    return page
