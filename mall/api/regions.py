"""catalog/regions/: the places of the address cascade, one level at a time."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint, page_of
from mall.kernel import regions
from mall.kernel.errors import NotFound


class RegionShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    is_deepest = serializers.BooleanField()


class Regions(Endpoint):
    """The places right below ``parent``; provinces without one. No query."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=page_of(RegionShape), parameters=[OpenApiParameter("parent")])
    def get(self, request: Request) -> Response:
        parent = request.query_params.get("parent", "")
        if parent and regions.find(parent) is None:
            raise NotFound
        places = [
            {"code": place.code, "name": place.name, "is_deepest": regions.is_deepest(place.code)}
            for place in regions.children(parent)
        ]
        return Response({"next": None, "previous": None, "results": places})
