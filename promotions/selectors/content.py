"""What operators placed on the storefront, as it stands at an instant."""

from collections.abc import Mapping

from django.db.models import Q

from mall.kernel.errors import NotFound
from promotions.models import HelpPage, HelpVersion, HotWord

WORDS_SHOWN = 10
MOST_WORDS = 6
WORDS = ("title_zh", "title_en", "body_zh", "body_en")
"""What a help page says: it is searched, and kept under its version."""


def hot_words(limit: int = WORDS_SHOWN) -> list[HotWord]:
    """Search words that the shop suggests, in the operator's order. Queries: 1."""
    return list(HotWord.objects.order_by("sort", "pk")[:limit])


def found_help(text: str) -> list[HelpPage]:
    """Published help pages that have every word of ``text``, in title or body. Queries: 1."""
    pages = HelpPage.objects.filter(is_published=True)
    for word in text.split()[:MOST_WORDS]:
        has = [Q(**{f"{name}__icontains": word}) for name in WORDS]
        pages = pages.filter(has[0] | has[1] | has[2] | has[3])
    return list(pages.order_by("sort", "pk"))


def help_page(slug: str) -> HelpPage:
    """One published help page. Queries: 1. Raises: NotFound."""
    page = HelpPage.objects.filter(slug=slug, is_published=True).first()
    if page is None:
        raise NotFound
    return page


def help_versions(page: HelpPage) -> list[HelpVersion]:
    """What a page said in each of its versions, the newest first, without the words. Queries: 1."""
    rows = HelpVersion.objects.filter(page=page).order_by("-published_at", "-pk")
    return list(rows.defer("body_zh", "body_en"))


def help_version(slug: str, version: str) -> HelpVersion:
    """A version of a published help page, as it was published. Queries: 1. Raises: NotFound."""
    rows = HelpVersion.objects.filter(page__slug=slug, page__is_published=True, version=version)
    found = rows.select_related("page").first()
    if found is None:
        raise NotFound
    return found


def is_kept_otherwise(page_id: int, version: str, words: Mapping[str, str]) -> bool:
    """True when a page was published under ``version`` with other words than these; breaks of lines
    are the same however they were typed. Queries: 1."""
    kept = HelpVersion.objects.filter(page=page_id, version=version).values(*WORDS).first()
    return kept is not None and any(_plain(kept[name]) != _plain(words[name]) for name in WORDS)


def _plain(text: str) -> str:
    return "\n".join(text.splitlines()).strip()
