"""catalog/suggestions/, catalog/hot-words/, catalog/facets/: what helps to find."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, selectors
from mall.api.catalog.base import REGION, OpenEndpoint, whole
from mall.api.catalog.products import FILTERS
from mall.api.catalog.shapes import FacetsShape, HotWordShape, SuggestionShape
from mall.kernel import clock
from promotions.selectors import search_words


class Suggestions(OpenEndpoint):
    """Popular searches, categories, brands and goods that fit what is typed so far, also in pinyin
    and initials. 2 statements."""

    @extend_schema(responses=SuggestionShape(many=True), parameters=[OpenApiParameter("q"), REGION])
    def get(self, request: Request) -> Response:
        filters = selectors.read_filters(request.query_params)
        found = selectors.suggestions(
            filters.q,
            at=clock.now(),
            region_code=filters.region_code,
            language=get_language() or "",
        )
        return whole(presenting.named(row) for row in found)


class HotWords(OpenEndpoint):
    """Words to search: pinned ones first, then those that many search, without banned ones."""

    @extend_schema(responses=HotWordShape(many=True))
    def get(self, request: Request) -> Response:
        return whole({"word": word} for word in search_words())


class Facets(OpenEndpoint):
    """How many goods answer, and how many each further choice leaves: each choice is counted with
    every other filter on and its own off. 9 statements at most."""

    @extend_schema(responses={200: FacetsShape}, parameters=FILTERS)
    def get(self, request: Request) -> Response:
        at, filters = clock.now(), selectors.read_filters(request.query_params)
        literal = ""
        if filters.q:
            literal = selectors.list_cards(filters, page_size=1, at=at).literal
        return Response(facets_dict(selectors.facets(filters, literal=literal, at=at)))


def facets_dict(found: selectors.Facets) -> dict[str, Any]:
    """The numbers as api.md has them."""
    return {
        "total": found.total,
        "total_is_more": found.is_more,
        "counts_are_least": found.is_cut,
        "categories": [presenting.choice(row) for row in found.categories],
        "brands": [presenting.choice(row) for row in found.brands],
        "prices": [
            {
                "price_min_fen": None if bucket.low is None else int(bucket.low),
                "price_max_fen": None if bucket.high is None else int(bucket.high),
                "count": bucket.count,
            }
            for bucket in found.prices
        ],
        "attributes": [presenting.attribute_facet(row) for row in found.attributes],
        "in_stock": found.in_stock,
    }
