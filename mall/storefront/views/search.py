"""Searching the shelf; without words, everything on it. What is suggested while somebody types."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors import Page, near_phrases, suggestions
from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.context import hot_words, region_of
from mall.storefront.facets import Shelf, is_narrowed
from mall.storefront.going import with_query
from mall.storefront.goods import picked
from mall.storefront.links import here
from mall.storefront.shopper import member_of
from mall.tracks import place_of, say_found
from members.models import Member
from orders.services import Touch, source_of

NOTHING_ROW = 8
LONGEST_TYPED = 60
MOST_TRIED = 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers the words. Queries: 10 at most; 12 when nothing does."""
    shelf = Shelf.read(request, at=(at := clock.now()))
    query, meant = shelf.filters.q, meant_words(shelf.page)
    context = {
        **shelf.context(request),
        "query": query,
        "heading": query or _("All products"),
        "breadcrumb": [{"label": _("Search")}],
        "corrected": corrected(request, shelf.page),
        "is_near": shelf.page.is_loose and not meant,
    }
    if query:
        context["cards"] = placed(context["cards"], query)
    if not shelf.page.rows:
        context |= way_on(shelf, query, meant, member_of(request), at)
    response = render(request, "storefront/search.html", context)
    if query and is_fresh(request):
        note(response, shelf, meant)
    return response


def note(response: HttpResponse, shelf: Shelf, meant: list[str]) -> None:
    """Say with the page what was searched and how much was found."""
    fixed = meant[0] if shelf.page.rows and meant else ""
    words, found = shelf.page.asked, shelf.numbers.total
    say_found(response, shelf.filters.q, found, words=words, corrected=fixed)


def way_on(
    shelf: Shelf, query: str, meant: list[str], member: Member | None, at: datetime
) -> dict[str, Any]:
    """What a page without results shows: goods, the words that were tried, words near them."""
    there = shelf.filters.region_code
    return {
        "recommended": picked(member, at, region_code=there, count=NOTHING_ROW),
        "tried": list(dict.fromkeys([query, *meant]))[:MOST_TRIED] if query else [],
        "near_words": near_words(query),
    }


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what is typed so far, as a fragment of JSON. Queries: 2."""
    typed = request.GET.get("q", "").replace("\x00", "")[:LONGEST_TYPED]
    region = region_of(request, member_of(request))
    language = get_language() or ""
    rows = suggestions(typed, at=clock.now(), region_code=region, language=language)
    return JsonResponse({"items": [suggested(row) for row in rows]})


def suggested(row: dict[str, Any]) -> dict[str, str]:
    """Words, kind and address of one suggestion."""
    name = localized(row, "title")
    addresses = {
        "category": lambda: reverse("storefront:category", args=[row["slug"]]),
        "brand": lambda: reverse("storefront:brand", args=[row["slug"]]),
        "product": lambda: reverse("storefront:product", args=[row["id"]]),
        "query": lambda: with_query(reverse("storefront:search"), q=name),
    }
    kinds = {"category": _("Category"), "brand": _("Brand"), "product": _("Product"), "query": ""}
    return {"text": name, "kind": str(kinds[row["kind"]]), "url": addresses[row["kind"]]()}


def is_fresh(request: HttpRequest) -> bool:
    """True for words as somebody typed them: not the next page, not narrowed, not sorted anew."""
    return not {"cursor", "ordering", "exact"} & request.GET.keys() and not is_narrowed(request)


def meant_words(page: Page) -> list[str]:
    """The words that a loose search was made with."""
    words = page.asked if page.is_loose else ()
    return [text if text.isascii() else text.replace(" ", "") for text in words]


def corrected(request: HttpRequest, page: Page) -> dict[str, str] | None:
    """What was shown instead of what was typed, with the way back."""
    meant = meant_words(page)
    if not meant or not page.rows:
        return None
    return {"query": " / ".join(meant[:2]), "url": here(request, exact="true")}


def placed(cards: list[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    """The cards, their links saying which search they come from and where they stood."""
    source = source_of(Touch.SEARCH)
    return [
        {**card, "tail": f"?source={source}&found={place_of(query, place)}"}
        for place, card in enumerate(cards, 1)
    ]


def near_words(query: str) -> list[dict[str, Any]]:
    """Words that do find something: those that share a part with the query, then hot ones."""
    there = reverse("storefront:search")
    near = [localized(row, "title") for row in near_phrases(query)] if query else []
    words = dict.fromkeys([*near, *hot_words()])
    return [{"word": word, "url": with_query(there, q=word)} for word in words]
