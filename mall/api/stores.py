"""stores/: where our stores are, the nearest first."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.presenting import near_store_dict, store_dict
from inventory.selectors import point_of, store_coded, stores_near
from mall.api.base import Endpoint
from mall.api.deal_shapes import StoreShape
from mall.api.me.base import whole_list

PLACE = [
    OpenApiParameter("lat", float, description="Degrees north."),
    OpenApiParameter("lng", float, description="Degrees east."),
    OpenApiParameter("region_code", description="Instead: the region of the visitor."),
]


class Stores(Endpoint):
    """Every store; nearest first where the client says where it is."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=StoreShape(many=True), parameters=PLACE)
    def get(self, request: Request) -> Response:
        query = request.query_params
        lat, lng = query.get("lat", ""), query.get("lng", "")
        here = point_of(lat, lng)
        if here is None and (lat or lng):
            raise ValidationError(
                {"lat": [_("Degrees: lat from -90 to 90, lng from -180 to 180.")]}
            )
        region_code = query.get("region_code", "")[:9]
        return whole_list([near_store_dict(near) for near in stores_near(here, region_code)])


class OneStore(Endpoint):
    """One store."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=StoreShape)
    def get(self, request: Request, code: str) -> Response:
        return Response(store_dict(store_coded(code)))


urlpatterns = [
    path("", Stores.as_view(), name="stores"),
    path("<slug:code>/", OneStore.as_view(), name="store"),
]
