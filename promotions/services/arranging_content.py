"""Pages of blocks: drafts, releases now or later, going back. Source: X-01, X-05, P-61.

Locks: the page's row, first of all; nothing after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalog.errors import TextsRefused
from catalog.models import Category, Media, Product, RegionSet, SeasonTag, Video
from catalog.services import Text, TextFinding, blocking_words, screen_texts
from mall.kernel import audit
from mall.kernel.errors import NotFound
from mall.kernel.words import label_of
from members.models import Segment
from promotions.content import (
    Block,
    BlocksRefused,
    Problem,
    default_home,
    read_blocks,
    references,
    regions_of,
    segments_of,
    texts,
)
from promotions.content_words import problem_text
from promotions.errors import (
    BlocksNotValid,
    DraftMoved,
    NothingToRelease,
    ReleaseInPast,
    ReleaseNotPlanned,
)
from promotions.models import HOME_SLUG, ContentPage, Coupon, PageRelease, PageVersion
from promotions.services.placing import show_afresh

NAMED: dict[str, tuple[Any, str]] = {
    "media": (Media, "pk"),
    "video": (Video, "pk"),
    "product": (Product, "pk"),
    "coupon": (Coupon, "pk"),
    "category": (Category, "slug"),
    "season": (SeasonTag, "code"),
    "segment": (Segment, "code"),
    "region_set": (RegionSet, "code"),
}
WORDED = ("title_zh", "title_en", "text_zh", "text_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageValues:
    """What a page is called and how it is listed."""

    kind: str = ContentPage.Kind.TOPIC
    slug: str
    title_zh: str
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    cover_id: int | None = None
    is_listed: bool = True
    sort: int = 0


@transaction.atomic
def save_page(
    *, values: PageValues, at: datetime, actor: Any, page_id: int | None = None
) -> ContentPage:
    """Make a page, or change its names. Raises: TextsRefused, NotFound. Queries: 5."""
    page = _locked(page_id) if page_id else ContentPage(made_at=at)
    columns = [name for name in PageValues.__slots__ if name not in ("kind", "slug") or not page.pk]
    before = {name: getattr(page, name) for name in columns} if page.pk else {}
    for name in columns:
        setattr(page, name, getattr(values, name))
    _check_words(page.title_zh, _page_texts(page))
    page.save()
    after = {name: getattr(page, name) for name in columns}
    audit.record(
        actor=actor, verb="promotions.save_page", target=page, at=at, before=before, after=after
    )
    show_afresh()
    return page


def ensure_home(*, at: datetime, actor: Any) -> ContentPage:
    """The front page, made with its usual blocks when there is none yet. Queries: 1, or 8."""
    page = ContentPage.objects.filter(kind=ContentPage.Kind.HOME).first()
    if page is not None:
        return page
    with transaction.atomic():
        values = PageValues(
            kind=ContentPage.Kind.HOME, slug=HOME_SLUG, title_zh="首页", title_en="Home"
        )
        page = save_page(values=values, at=at, actor=actor)
        save_draft(page_id=page.pk, blocks=default_home(), at=at, actor=actor)
    return page


@transaction.atomic
def save_draft(
    *,
    page_id: int,
    blocks: Any,
    at: datetime,
    actor: Any,
    note: str = "",
    revision: int | None = None,
) -> PageVersion:
    """Put these blocks into the page's draft; a new version is begun when there is none.

    ``revision`` is the one that the writer saw: when somebody saved since, nothing is written.
    Locks: the page. Raises: BlocksNotValid, DraftMoved, NotFound. Queries: 5 and 1 for each sort
    of thing that the blocks name.
    """
    page = _locked(page_id)
    draft = PageVersion.objects.filter(page=page, frozen_at=None).first()
    if revision is not None and revision != (draft.revision if draft else 0):
        raise DraftMoved
    values = {"blocks": checked_blocks(blocks), "note": note[:120], "saved_at": at}
    before = len(draft.blocks) if draft else None
    if draft is None:
        draft = PageVersion(page=page, number=_next_number(page), author=actor, made_at=at)
    else:
        draft.revision += 1
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save()
    audit.record(
        actor=actor,
        verb="promotions.save_draft",
        target=page,
        at=at,
        before={"blocks": before},
        after={"version": draft.number, "blocks": len(draft.blocks)},
    )
    return draft


def checked_blocks(raw: Any) -> list[Block]:
    """The blocks in one shape, all that they name being there. Raises: BlocksNotValid."""
    try:
        blocks = read_blocks(raw)
    except BlocksRefused as error:
        raise BlocksNotValid(
            findings="; ".join(problem_text(one) for one in error.problems),
            problems=error.problems,
        ) from error
    problems = missing_things(blocks)
    if problems:
        findings = "; ".join(problem_text(one) for one in problems)
        raise BlocksNotValid(findings=findings, problems=tuple(problems))
    return blocks


def missing_things(blocks: Sequence[Block]) -> list[Problem]:
    """What the blocks name and the shop does not have. Queries: 1 for each sort of thing."""
    wanted = _named(blocks)
    found: dict[str, set[Any]] = {}
    for name, keys in wanted.items():
        model, column = NAMED[name]
        if keys:
            rows = model._default_manager.filter(**{f"{column}__in": keys})
            found[name] = set(keys) - set(rows.values_list(column, flat=True))
    problems = []
    for number, block in enumerate(blocks):
        for name, told in _named([block]).items():
            lost = sorted(str(key) for key in told if key in found.get(name, ()))
            if lost:
                path = (number, "settings", name)
                problems.append(Problem(path, "missing", {"missing": ", ".join(lost)}))
    return problems


def _named(blocks: Sequence[Block]) -> dict[str, list[Any]]:
    """What the blocks show, and for whom and where, by what it is."""
    audiences = {"segment": sorted(segments_of(blocks)), "region_set": sorted(regions_of(blocks))}
    return {**references(blocks), **audiences}


@transaction.atomic
def release_version(
    *,
    page_id: int,
    at: datetime,
    actor: Any,
    number: int | None = None,
    live_at: datetime | None = None,
) -> PageRelease:
    """Show a version from ``live_at`` on, now when it is left out: the draft, or the one with
    ``number``, which is how one goes back. From its first release on it stays as it is.

    Locks: the page. Raises: NothingToRelease, ReleaseInPast, TextsRefused. Queries: 8.
    """
    page = _locked(page_id)
    wanted = {"frozen_at": None} if number is None else {"number": number}
    version = PageVersion.objects.filter(page=page, **wanted).first()
    if version is None:
        raise NothingToRelease(title=page.title_zh)
    if live_at is not None and live_at < at:
        raise ReleaseInPast
    _check_words(page.title_zh, [*_page_texts(page), *block_texts(version.blocks)])
    if version.is_draft:
        version.frozen_at = at
        version.save(update_fields=["frozen_at"])
    return _release(page, version, live_at or at, at, actor)


@transaction.atomic
def take_down_page(
    *, page_id: int, at: datetime, actor: Any, live_at: datetime | None = None
) -> PageRelease:
    """Show nothing from ``live_at`` on. Locks: the page. Raises: ReleaseInPast. Queries: 4."""
    page = _locked(page_id)
    if live_at is not None and live_at < at:
        raise ReleaseInPast
    return _release(page, None, live_at or at, at, actor)


@transaction.atomic
def cancel_release(*, page_id: int, release_id: int, at: datetime, actor: Any) -> None:
    """Call a planned release off. Locks: the page. Raises: ReleaseNotPlanned. Queries: 4."""
    page = _locked(page_id)
    planned = PageRelease.objects.filter(
        pk=release_id, page=page, live_at__gt=at, cancelled_at=None
    )
    if not planned.update(cancelled_at=at):
        raise ReleaseNotPlanned
    audit.record(
        actor=actor,
        verb="promotions.cancel_release",
        target=page,
        at=at,
        before={"release": release_id},
    )
    show_afresh()


@transaction.atomic
def copy_page(*, page_id: int, slug: str, title_zh: str, at: datetime, actor: Any) -> ContentPage:
    """A new topic with the newest blocks of another page as its draft. Queries: 16."""
    source = _locked(page_id)
    newest = PageVersion.objects.filter(page=source).order_by("-number").first()
    kind = ContentPage.Kind.TOPIC if source.kind == ContentPage.Kind.HOME else source.kind
    columns = ("title_en", "text_zh", "text_en", "cover_id", "is_listed", "sort")
    values = PageValues(
        kind=kind,
        slug=slug,
        title_zh=title_zh,
        **{name: getattr(source, name) for name in columns},
    )
    page = save_page(values=values, at=at, actor=actor)
    save_draft(page_id=page.pk, blocks=newest.blocks if newest else [], at=at, actor=actor)
    return page


def page_findings(page: ContentPage, blocks: Sequence[Block]) -> list[TextFinding]:
    """What the screen of words finds on a page, blocking or not. Queries: 2."""
    return screen_texts([*_page_texts(page), *block_texts(blocks)])


def block_texts(blocks: Sequence[Block]) -> list[Text]:
    """All that shoppers read of these blocks. Queries: 0."""
    return [
        Text(_("block %(number)s") % {"number": number}, text, is_title)
        for number, text, is_title in texts(blocks)
    ]


def _page_texts(page: ContentPage) -> list[Text]:
    return [Text(label_of(page, name), getattr(page, name), "title" in name) for name in WORDED]


def _check_words(title: str, found: Sequence[Text]) -> None:
    words = blocking_words(found)
    if words:
        raise TextsRefused(title=title, findings="; ".join(words))


def _locked(page_id: int) -> ContentPage:
    page: ContentPage | None = ContentPage.objects.filter(pk=page_id).locked().first()
    if page is None:
        raise NotFound
    return page


def _next_number(page: ContentPage) -> int:
    newest = PageVersion.objects.filter(page=page).aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def _release(
    page: ContentPage,
    version: PageVersion | None,
    live_at: datetime,
    at: datetime,
    actor: Any,
) -> PageRelease:
    show_afresh()
    release = PageRelease.objects.create(
        page=page, version=version, live_at=live_at, released_at=at, actor=actor
    )
    after: Mapping[str, Any] = {"version": version and version.number, "live_at": live_at}
    audit.record(actor=actor, verb="promotions.release_page", target=page, at=at, after=after)
    return release
