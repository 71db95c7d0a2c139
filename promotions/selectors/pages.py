"""Pages of blocks as they stand at an instant, and as their operators see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Case, F, Q, QuerySet, When

from catalog.selectors import region_sets_with, stored_picture
from mall.kernel.caching import holds_until
from mall.kernel.errors import NotFound
from members.models import Member, SegmentMember
from promotions.content import (
    Block,
    Viewer,
    default_home,
    next_edge,
    regions_of,
    segments_of,
    shown,
)
from promotions.models import HOME_SLUG, ContentPage, PageRelease, PageVersion

PREVIEW_SALT = "promotions.preview"
PREVIEW_LASTS = timedelta(days=7)
NEW_MEMBER = timedelta(days=30)
"""So long after joining somebody is a new member."""


@dataclass(frozen=True, slots=True)
class LivePage:
    """What a page shows: its blocks, for all eyes and all windows; version 0 is the house's own.
    ``cover`` is a stored picture."""

    slug: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    version: int
    blocks: Sequence[Block]
    live_at: datetime | None = None
    cover: Mapping[str, Any] | None = None

    def next_edge(self, at: datetime) -> datetime | None:
        """When something on it next begins or ends by its own window."""
        return next_edge(self.blocks, at)


def home_page(at: datetime) -> LivePage:
    """The front page; the house's own while nobody has released one. Queries: 1."""
    return _live(HOME_SLUG, at) or default_front()


def live_page(slug: str, at: datetime, kind: str = ContentPage.Kind.TOPIC) -> LivePage:
    """A topic as it is shown now. Queries: 1. Raises: NotFound."""
    page = _live(slug, at, kind)
    if page is None:
        raise NotFound
    return page


def page_of_id(page_id: int, at: datetime) -> LivePage:
    """The page with this number as it is shown now. Queries: 1. Raises: NotFound."""
    found = _releases(PageRelease.objects.filter(page_id=page_id), at)
    if not found:
        raise NotFound
    return found[0]


def _live(slug: str, at: datetime, kind: str | None = None) -> LivePage | None:
    rows = PageRelease.objects.filter(page__slug=slug)
    found = _releases(rows.filter(page__kind=kind) if kind else rows, at)
    return found[0] if found else None


def _releases(rows: Any, at: datetime) -> list[LivePage]:
    live = rows.live(at).select_related("page__cover", "version")
    return [
        _page(release.page, release.version, release.live_at)
        for release in live
        if release.version is not None
    ]


def _page(page: ContentPage, version: PageVersion, live_at: datetime | None) -> LivePage:
    words = {name: getattr(page, name) for name in ("title_zh", "title_en", "text_zh", "text_en")}
    return LivePage(
        slug=page.slug,
        version=version.number,
        blocks=version.blocks,
        live_at=live_at,
        cover=stored_picture(page.cover) if page.cover else None,
        **words,
    )


def next_release(slug: str, at: datetime) -> datetime | None:
    """When the page next changes as a whole. Queries: 1."""
    rows = PageRelease.objects.filter(page__slug=slug, live_at__gt=at, cancelled_at=None)
    return rows.order_by("live_at").values_list("live_at", flat=True).first()


def topic_pages(at: datetime, limit: int = 100) -> list[ContentPage]:
    """The topics that are shown now and listed, in the operator's order. Queries: 1."""
    live = PageRelease.objects.live(at).values("pk", "version_id")
    ids = PageRelease.objects.filter(pk__in=live.values("pk"), version__isnull=False)
    pages = ContentPage.objects.filter(
        kind=ContentPage.Kind.TOPIC, is_listed=True, releases__in=ids
    )
    return list(pages.select_related("cover").order_by("sort", "pk")[:limit])


def home_and_topics(at: datetime, limit: int = 100) -> tuple[LivePage, list[ContentPage]]:
    """The front page, and the topics that it may list (``topic_pages``). Queries: 1."""
    listed = Q(page__kind=ContentPage.Kind.TOPIC, page__is_listed=True)
    blocks = Case(When(page__slug=HOME_SLUG, then=F("version__blocks")))
    rows = PageRelease.objects.filter(Q(page__slug=HOME_SLUG) | listed).live(at)
    rows = rows.select_related("page__cover", "version").defer("version__blocks")
    home, topics = default_front(), []
    for release in rows.annotate(home_blocks=blocks):
        if release.version is None:
            continue
        if release.page.slug == HOME_SLUG:
            release.version.blocks = release.home_blocks
            home = _page(release.page, release.version, release.live_at)
        else:
            topics.append(release.page)
    topics.sort(key=lambda page: (page.sort, page.pk))
    return home, topics[:limit]


def default_front() -> LivePage:
    """The house's own front page."""
    return LivePage(HOME_SLUG, "", "", "", "", 0, default_home())


def viewer_of(
    member: Member | None, blocks: Sequence[Block], at: datetime, region_code: str = ""
) -> Viewer:
    """Who looks, and where they are, as far as the blocks ask for it. Queries: 0, 1 more when they
    name segments, 1 more when they name region sets and the region is known."""
    named = regions_of(blocks)
    regions = region_sets_with(region_code, named) if named and region_code else None
    if member is None:
        return Viewer(regions=regions)
    codes = segments_of(blocks)
    mine: frozenset[str] = frozenset()
    if codes:
        rows = SegmentMember.objects.filter(member=member, segment__code__in=codes)
        mine = frozenset(rows.values_list(F("segment__code"), flat=True))
    return Viewer(
        is_member=True,
        is_new=at - member.joined_at < NEW_MEMBER,
        tier=member.tier.code,
        segments=mine,
        regions=regions,
    )


def blocks_for(
    member: Member | None, blocks: Sequence[Block], at: datetime, region_code: str = ""
) -> list[Block]:
    """The blocks that this member or guest, who wants parcels there, sees now. Queries: those of
    ``viewer_of``."""
    holds_until(next_edge(blocks, at))
    return shown(blocks, viewer_of(member, blocks, at, region_code), at)


def preview_token(version: PageVersion) -> str:
    """What opens a version for who has the link, for a week."""
    return signing.dumps(version.pk, salt=PREVIEW_SALT)


def previewed(token: str) -> LivePage:
    """The version behind a link of the builder, draft or not. Queries: 1. Raises: NotFound."""
    try:
        version_id = signing.loads(token, salt=PREVIEW_SALT, max_age=PREVIEW_LASTS)
    except signing.BadSignature:
        raise NotFound from None
    version = PageVersion.objects.filter(pk=version_id).select_related("page__cover").first()
    if version is None:
        raise NotFound
    return _page(version.page, version, None)


def versions_of(page_id: int) -> QuerySet[PageVersion]:
    """The versions of a page, newest first, with their authors. Queries: 1."""
    rows = PageVersion.objects.filter(page_id=page_id).select_related("author")
    return rows.order_by("-number")


def releases_of(page_id: int, limit: int = 30) -> list[PageRelease]:
    """What was and will be shown on a page, newest first. Queries: 1."""
    rows = PageRelease.objects.filter(page_id=page_id).select_related("version", "actor")
    return list(rows.order_by("-live_at", "-pk")[:limit])
