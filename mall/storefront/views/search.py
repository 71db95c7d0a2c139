"""Searching the shelf; without words, everything on it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import presenting
from catalog.selectors import CardFilters, list_cards
from mall.kernel import clock
from mall.storefront.context import hot_words
from mall.storefront.facets import Shelf
from mall.storefront.going import with_query

NOTHING_ROW = 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers the words. Queries: 8 at most; 9 when nothing does."""
    at = clock.now()
    shelf = Shelf.read(request, at=at)
    context = {
        **shelf.context(request),
        "query": shelf.filters.q,
        "heading": shelf.filters.q or _("All products"),
        "total": None,
        "breadcrumb": [{"label": _("Search")}],
    }
    if not shelf.page.rows:
        here = CardFilters(region_code=shelf.filters.region_code)
        bestsellers = list_cards(here, page_size=NOTHING_ROW, at=at).rows
        context["recommended"] = [presenting.card(row) for row in bestsellers]
        context["near_words"] = near_words()
    return render(request, "storefront/search.html", context)


def near_words() -> list[dict[str, Any]]:
    """Words that do find something."""
    here = reverse("storefront:search")
    return [{"word": word, "url": with_query(here, q=word)} for word in hot_words()]
