"""catalog/categories/, catalog/brands/."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, selectors
from mall.api.catalog.base import OpenEndpoint, whole
from mall.api.catalog.shapes import CategoryShape, NamedShape


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
