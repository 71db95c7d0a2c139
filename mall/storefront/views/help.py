"""Help and policies, found by their words. Source: X-12."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel.words import in_one_line, localized
from promotions.models import HelpPage, HelpVersion
from promotions.selectors import found_help, help_page, help_version, help_versions

LONGEST_QUERY = 60
BEFORE, AFTER = 20, 160
"""Characters of a body shown around the word that was found; the page shows two lines of them."""
POLICIES = frozenset({HelpPage.Topic.AGREEMENT, HelpPage.Topic.PRIVACY})
"""Pages that are a column of their own: its name would say their title again."""


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
    body = in_one_line(localized(page, "body"))
    first = asked.split()[0].lower() if asked else ""
    place = max(body.lower().find(first), 0)
    start = max(place - BEFORE, 0)
    text = body[start : place + AFTER]
    if len(body) > start + len(text) and text[-1:].isascii():
        text = text.rpartition(" ")[0]  # not in the middle of a word
    return {
        "slug": page.slug,
        "title": localized(page, "title"),
        "topic": "" if page.topic in POLICIES else page.get_topic_display(),
        "text": ("…" if start else "") + text + ("…" if len(body) > len(text) else ""),
    }


@require_safe
def help_text(request: HttpRequest, slug: str) -> HttpResponse:
    """One help page, and under it what it said before. Queries: 2."""
    row = help_page(slug)
    versions = [
        {"version": one.version, "at": one.published_at, "current": one.version == row.version}
        for one in help_versions(row)
    ]
    return _drawn(request, slug, row, versions=versions if len(versions) > 1 else [])


@require_safe
def help_past(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """A help page as it was published under a version that a consent may name, which
    nobody changes; search engines are sent to the one that holds. Queries: 1."""
    row = help_version(slug, version)
    holds = row.page.version == row.version
    return _drawn(request, slug, row, published_at=row.published_at, is_old=not holds)


def _drawn(
    request: HttpRequest, slug: str, row: HelpPage | HelpVersion, **more: Any
) -> HttpResponse:
    title = localized(row, "title")
    page = {"slug": slug, "title": title, "body": localized(row, "body"), "version": row.version}
    context = {
        "page": page,
        "breadcrumb": [
            {"label": _("Help centre"), "url": reverse("storefront:help_index")},
            {"label": title},
        ],
        **more,
    }
    return render(request, "storefront/help.html", context)
