"""A list as its page shows it: cards, ways to sort and narrow it, chips that undo a choice."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import presenting
from catalog.models import Brand
from catalog.selectors import Branch, CardFilters, Facets, Page, list_cards, read_filters
from catalog.selectors import facets as counted
from mall.kernel.words import localized
from mall.storefront.context import region_of
from mall.storefront.facet_choices import ENDS, Facet, facets_of, is_facet
from mall.storefront.links import here, page_links, without_value
from mall.storefront.shopper import member_of

SIZE = 24
YUAN = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")
PRICE_UP, PRICE_DOWN = "price", "-price"


class Asked:
    """The query string as catalog reads it: a shopper types yuan, a filter takes fen."""

    def __init__(self, query: QueryDict) -> None:
        self.query = query
        self.fen = {f"{end}_fen": fen_of(query.get(end, "")) for end in ENDS}

    @property
    def is_clear(self) -> bool:
        """False when a price was typed that is none."""
        return all(not self.query.get(end) or self.fen[f"{end}_fen"] for end in ENDS)

    def get(self, name: str, /) -> str | None:
        return self.fen[name] if name in self.fen else self.query.get(name)

    def getlist(self, name: str, /) -> list[str]:
        return list(self.query.getlist(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.query)


def fen_of(text: str) -> str | None:
    """The fen of a typed price, full-width or not; None for what is no price."""
    found = YUAN.fullmatch(unicodedata.normalize("NFKC", text[:20]).strip().lstrip("¥"))
    return f"{found[1]}{(found[2] or '').ljust(2, '0')}".lstrip("0") or "0" if found else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of cards and what was asked for to get it."""

    filters: CardFilters
    page: Page
    numbers: Facets
    own: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls,
        request: HttpRequest,
        *,
        at: datetime,
        category: Branch | None = None,
        brand: Brand | None = None,
    ) -> "Shelf":
        """What the address asks for, within the page's category or brand. Queries: 3; 5 to search.

        Raises: InvalidInput.
        """
        asked = Asked(request.GET)
        if not asked.is_clear:
            messages.warning(request, _("A price is a number of yuan, such as 99 or 99.50."))
        filters = read_filters(asked, category=category)
        if not filters.region_code:
            filters = replace(filters, region_code=region_of(request, member_of(request)))
        if brand is not None:
            filters = replace(filters, brand=brand)
        page = list_cards(filters, cursor=request.GET.get("cursor"), page_size=SIZE, at=at)
        own = frozenset(n for n, it in (("category", category), ("brand", brand)) if it)
        numbers = counted(filters, literal=page.literal, at=at, own=own)
        return cls(filters, page, numbers, own)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The keys of docs/pages.md that every list has. Queries: 0."""
        page = self.page
        facets = self.facets(request)
        return {
            "cards": [presenting.card(row) for row in page.rows],
            "page": page_links(request, SIZE, after=page.next_cursor, before=page.previous_cursor),
            "sorts": self.sorts(request),
            "total": self.numbers.total,
            "total_is_more": self.numbers.is_more,
            "facets": facets,
            "kept": [(n, v) for n in ("q", "exact", "ordering") if (v := request.GET.get(n))],
            "chosen": chips(request, facets),
            "clear_url": here(request, without=[facet["name"] for facet in facets] + list(ENDS)),
        }

    def sorts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The ways to sort; price turns round when it is chosen again."""
        now = self.filters.ordering
        entries = [("sales", _("Sales")), ("newest", _("Newest"))]
        if self.filters.q:
            entries.insert(0, ("relevance", _("Best match")))
        sorts = [
            {"label": label, "url": here(request, ordering=code), "current": code == now, "way": ""}
            for code, label in entries
        ]
        other = PRICE_DOWN if now == PRICE_UP else PRICE_UP
        way = {PRICE_UP: "up", PRICE_DOWN: "down"}.get(now, "")
        by_price = {"label": _("Price"), "url": here(request, ordering=other)}
        return [*sorts, {**by_price, "current": bool(way), "way": way}]

    def facets(self, request: HttpRequest) -> list[Facet]:
        """What the list can be narrowed by, with numbers; nothing cannot be. Queries: none."""
        if not self.page.rows and not is_narrowed(request):
            return []
        return facets_of(request, self.numbers, self.filters, own=self.own)


def is_narrowed(request: HttpRequest) -> bool:
    """True when the address takes something away from the list."""
    return any(is_facet(name) for name in request.GET)


def chips(request: HttpRequest, facets: Sequence[Facet]) -> list[dict[str, str]]:
    """What was chosen, each with the address of this page without it."""
    found = [
        {
            "label": one["label"],
            "url": without_value(request, facet["name"], one["value"]),
        }
        for facet in facets
        for one in facet.get("options", ())
        if one["chosen"]
    ]
    prices = {"price_min": _("from ¥%(amount)s"), "price_max": _("up to ¥%(amount)s")}
    for end, words in prices.items():
        typed = request.GET.get(end, "")
        if fen_of(typed):
            label = words % {"amount": typed[:9]}
            found.append({"label": label, "url": here(request, without=(end,))})
    return found


def trail(path: Sequence[Branch]) -> list[dict[str, str]]:
    """The breadcrumb of a category, the last step without a link."""
    steps = [
        {
            "label": localized(step, "title"),
            "url": reverse("storefront:category", args=[step.slug]),
        }
        for step in path
    ]
    return [*steps[:-1], {"label": steps[-1]["label"]}]


def children_of(branch: Branch) -> list[dict[str, str]]:
    """Chips of what is right below a category."""
    return [
        {
            "label": localized(child, "title"),
            "url": reverse("storefront:category", args=[child.slug]),
        }
        for child in branch.children
    ]
