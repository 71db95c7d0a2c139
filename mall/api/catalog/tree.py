"""catalog/categories/, catalog/brands/, catalog/suggestions/."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, selectors
from mall.api.catalog.base import REGION, OpenEndpoint, whole
from mall.api.catalog.shapes import CategoryShape, NamedShape, SuggestionShape
from mall.kernel import clock


class Categories(OpenEndpoint):
    """The shown categories, nested, in the shop's order."""

    @extend_schema(responses=CategoryShape(many=True))
    def get(self, request: Request) -> Response:
        return whole(presenting.branch(node) for node in selectors.category_tree())


class Brands(OpenEndpoint):
    """Brands with something on sale."""

    @extend_schema(responses=NamedShape(many=True))
    def get(self, request: Request) -> Response:
        return whole(presenting.named(row) for row in selectors.brands())


class Suggestions(OpenEndpoint):
    """Categories, brands and goods that fit what is typed so far."""

    @extend_schema(responses=SuggestionShape(many=True), parameters=[OpenApiParameter("q"), REGION])
    def get(self, request: Request) -> Response:
        filters = selectors.read_filters(request.query_params)
        found = selectors.suggestions(filters.q, at=clock.now(), region_code=filters.region_code)
        return whole(presenting.named(row) for row in found)
