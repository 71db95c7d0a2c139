"""promotions/: the coupon centre, and the coupons of a member (me/coupons/)."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import CursorPage, Endpoint
from mall.api.deal_bodies import ChoiceField, EmptyBody
from mall.api.fields import MAX_ID
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.idempotency import Answer
from members.models import Account
from members.selectors import member_of
from promotions import selectors
from promotions.models import Coupon
from promotions.presenting import coupon_offer_dict, grant_dict
from promotions.services import claim_coupon


class GrantQuery(serializers.Serializer):
    """Known query names of me/coupons/; unknown ones are ignored."""

    state = ChoiceField(choices=["usable", "used", "expired"], default="usable")


class CouponShape(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Coupon.Kind.values)
    label = serializers.CharField()  # type: ignore[assignment]
    threshold_fen = serializers.IntegerField()
    off_fen = serializers.IntegerField(allow_null=True)
    rate_bp = serializers.IntegerField(allow_null=True)
    cap_fen = serializers.IntegerField(allow_null=True)
    scope = serializers.CharField()


class CouponOfferShape(CouponShape):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["open", "taken", "gone"])


class GrantShape(serializers.Serializer):
    id = serializers.IntegerField()
    coupon = CouponShape()
    code = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["usable", "locked", "used", "expired"])


PAGING = [OpenApiParameter("cursor"), OpenApiParameter("page_size", int)]


class Coupons(Endpoint):
    """The coupon centre: what is given out now, and whether the reader has it."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=CouponOfferShape(many=True), parameters=PAGING)
    def get(self, request: Request) -> Response:
        reader = request.user
        member_id = member_of(reader).pk if isinstance(reader, Account) else None
        pager = CursorPage()
        pager.ordering = ("ends_at", "pk")
        offers = selectors.claimable_coupons(member_id, clock.now())
        found = pager.paginate_queryset(offers, request, view=self) or []
        return pager.get_paginated_response([coupon_offer_dict(coupon) for coupon in found])


class CouponClaim(MyEndpoint):
    """Take a coupon."""

    throttle_scope = "write"

    @extend_schema(
        request=EmptyBody,
        responses={201: GrantShape},
        parameters=[OpenApiParameter("Idempotency-Key", location="header", required=True)],
    )
    def post(self, request: Request, coupon_id: int) -> Response:
        self.body(EmptyBody)
        if coupon_id > MAX_ID:
            raise NotFound
        member_id, at = self.member.pk, clock.now()
        return self.once(
            f"promotions/coupons/{coupon_id}/claim",
            verb=lambda: claim_coupon(coupon_id=coupon_id, member_id=member_id, at=at),
            render=lambda grant: Answer(201, grant_dict(grant, at)),
        )


class MyCoupons(MyEndpoint):
    """My coupons: usable, used or expired."""

    @extend_schema(responses=GrantShape(many=True), parameters=[GrantQuery, *PAGING])
    def get(self, request: Request) -> Response:
        query = GrantQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        at = clock.now()
        grants = selectors.grants(self.member.pk, query.validated_data["state"], at)
        return self.page(grants, ("-granted_at", "-pk"), lambda grant: grant_dict(grant, at))
