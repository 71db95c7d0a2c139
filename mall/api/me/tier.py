"""me/tier/: where I stand on the ladder, and what the next step needs."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.me.base import MyEndpoint
from mall.api.me.shapes import StandingShape
from members import selectors
from members.presenting import standing_dict, tier_dict


class MyTier(MyEndpoint):
    """My tier, my growth, and all tiers."""

    @extend_schema(responses=StandingShape)
    def get(self, request: Request) -> Response:
        ladder = selectors.tiers()
        standing = standing_dict(self.member, ladder)
        return Response({**standing, "ladder": [tier_dict(tier) for tier in ladder]})
