"""catalog/landings/: where advertisements lead in the app, each visitor noted once. X-13."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.catalog.base import REGION
from mall.api.catalog.home import ContentEndpoint
from mall.api.catalog.shapes import ContentPageShape
from mall.api.device import footprint
from mall.kernel import clock
from mall.kernel.errors import NotFound
from promotions.selectors import live_landing, page_of_id
from promotions.services import note_landing, variant_of


class LandingQuery(serializers.Serializer):
    """The channel and the campaign of the link that was followed."""

    channel = serializers.RegexField(r"\A[0-9A-Za-z_-]{1,20}\Z", required=False, default="")
    campaign = serializers.RegexField(r"\A[0-9A-Za-z_.\-]{1,60}\Z", required=False, default="")


class Landing(ContentEndpoint):
    """A landing page as this device sees it each time; a device that says its ``X-Device-Id`` is
    counted as a visitor, and as a member when it registers. 4 statements and those of its blocks.
    """

    @extend_schema(responses={200: ContentPageShape}, parameters=[REGION, LandingQuery])
    def get(self, request: Request, slug: str) -> Response:
        query = LandingQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        at, visitor = clock.now(), footprint(request).device
        variant = variant_of(live_landing(slug, at), visitor)
        if variant is None:
            raise NotFound
        page = page_of_id(variant.page_id, at)
        if visitor:
            note_landing(variant=variant, visitor=visitor, at=at, **query.validated_data)
        return Response(self.drawn(request, page, at), headers={"Cache-Control": "no-store"})
