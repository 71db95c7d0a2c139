"""What operators placed on the storefront, as it stands at an instant."""

from django.db.models import Q

from mall.kernel.errors import NotFound
from promotions.models import HelpPage, HotWord

WORDS_SHOWN = 10
MOST_WORDS = 6
SEARCHED = ("title_zh", "title_en", "body_zh", "body_en")


def hot_words(limit: int = WORDS_SHOWN) -> list[HotWord]:
    """Search words that the shop suggests, in the operator's order. Queries: 1."""
    return list(HotWord.objects.order_by("sort", "pk")[:limit])


def found_help(text: str) -> list[HelpPage]:
    """Published help pages that have every word of ``text``, in title or body. Queries: 1."""
    pages = HelpPage.objects.filter(is_published=True)
    for word in text.split()[:MOST_WORDS]:
        has = [Q(**{f"{name}__icontains": word}) for name in SEARCHED]
        pages = pages.filter(has[0] | has[1] | has[2] | has[3])
    return list(pages.order_by("sort", "pk"))


def help_page(slug: str) -> HelpPage:
    """One published help page. Queries: 1. Raises: NotFound."""
    page = HelpPage.objects.filter(slug=slug, is_published=True).first()
    if page is None:
        raise NotFound
    return page
