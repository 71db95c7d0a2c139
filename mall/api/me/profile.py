"""me/: who I am."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.me.base import MyEndpoint
from mall.api.me.shapes import MemberShape, ProfileBody
from mall.kernel import clock
from members import services
from members.models import Member
from members.presenting import member_dict
from members.selectors import unread_count
from promotions.selectors import usable_count


def render_member(member: Member) -> dict[str, Any]:
    """``member`` of api.md. Queries: 2."""
    return member_dict(
        member,
        unread=unread_count(member.account_id),
        coupons_count=usable_count(member.pk, clock.now()),
    )


class Me(MyEndpoint):
    """My name, tier, growth, points and counts."""

    @extend_schema(responses=MemberShape)
    def get(self, request: Request) -> Response:
        return Response(render_member(self.member))

    @extend_schema(request=ProfileBody, responses=MemberShape)
    def patch(self, request: Request) -> Response:
        body = self.body(ProfileBody)
        return Response(
            render_member(services.edit_profile(member=self.member, **body, at=clock.now()))
        )
