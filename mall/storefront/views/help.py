"""Help and policies, found by their words. Source: X-12."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel.words import localized
from promotions.models import HelpPage
from promotions.selectors import found_help, help_page

LONGEST_QUERY = 60
AROUND = 40
"""Characters of a body shown on each side of the word that was found."""


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """The help centre: all pages, or those that have the words asked for. Queries: 1."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    context = {
        "q": asked,
        "found": [_found(page, asked) for page in found_help(asked)],
        "breadcrumb": [{"label": _("Help centre")}],
    }
    return render(request, "storefront/help_index.html", context)


def _found(page: HelpPage, asked: str) -> dict[str, str]:
    body = " ".join(localized(page, "body").split())
    first = asked.split()[0].lower() if asked else ""
    place = max(body.lower().find(first), 0)
    start = max(place - AROUND, 0)
    text = body[start : place + AROUND * 2]
    return {
        "slug": page.slug,
        "title": localized(page, "title"),
        "topic": page.get_topic_display(),
        "text": ("…" if start else "") + text + ("…" if len(body) > len(text) else ""),
    }


@require_safe
def help_text(request: HttpRequest, slug: str) -> HttpResponse:
    """One help page."""
    row = help_page(slug)
    page = {
        "slug": slug,
        "title": localized(row, "title"),
        "body": localized(row, "body"),
        "version": row.version,
    }
    context = {"page": page, "breadcrumb": [{"label": _("Help")}, {"label": page["title"]}]}
    return render(request, "storefront/help.html", context)
