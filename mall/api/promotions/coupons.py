"""promotions/: the coupon centre, and the coupons of a member (me/coupons/)."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import CursorPage, Endpoint, StrictSerializer
from mall.api.deal_bodies import EmptyBody
from mall.api.device import DEVICE_HEADER, footprint
from mall.api.fields import MAX_ID, ChoiceField, DegreesField, TextField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.idempotency import Answer
from members.models import Account
from members.selectors import member_of
from promotions import selectors
from promotions.metrics import Position
from promotions.models import Coupon
from promotions.presenting import coupon_offer_dict, grant_dict
from promotions.services import (
    Visit,
    claim_attempt,
    claim_coupon,
    credit_visit,
    noting_refusals,
    open_share_link,
    redeem_attempt,
    redeem_code,
    share_attempt,
)


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
    exchange_price_fen = serializers.IntegerField(allow_null=True)
    scope = serializers.CharField()
    audience = serializers.ListField(child=serializers.CharField())
    first_order = serializers.BooleanField()


class LiveShape(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class CouponOfferShape(CouponShape):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["open", "taken", "gone", "later"])
    near_metres = serializers.IntegerField(allow_null=True)
    live = LiveShape(allow_null=True)


class GrantShape(serializers.Serializer):
    id = serializers.IntegerField()
    coupon = CouponShape()
    code = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["usable", "locked", "used", "expired"])


class PositionBody(StrictSerializer):
    """Where the shopper's device says it is, for coupons of people nearby."""

    latitude = DegreesField()
    longitude = DegreesField()


class ClaimBody(StrictSerializer):
    position = PositionBody(required=False)


class RedeemBody(StrictSerializer):
    code = TextField(max_length=40)
    channel = TextField(max_length=60, required=False, allow_blank=True)


class ShareBody(StrictSerializer):
    path = TextField(max_length=200)


class ShareLinkShape(serializers.Serializer):
    token = serializers.CharField()
    url = serializers.CharField()


class VisitShape(serializers.Serializer):
    credited = serializers.BooleanField()
    path = serializers.CharField()


KEY = OpenApiParameter("Idempotency-Key", location="header", required=True)
DEVICE = OpenApiParameter(DEVICE_HEADER, location="header")
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
        at = clock.now()
        offers = selectors.claimable_coupons(member_id, at)
        found = pager.paginate_queryset(offers, request, view=self) or []
        return pager.get_paginated_response([coupon_offer_dict(coupon, at) for coupon in found])


class CouponClaim(MyEndpoint):
    """Take a coupon."""

    throttle_scope = "write"

    @extend_schema(request=ClaimBody, responses={201: GrantShape}, parameters=[KEY, DEVICE])
    def post(self, request: Request, coupon_id: int) -> Response:
        visit = Visit(footprint(request), _position(self.body(ClaimBody)))
        if coupon_id > MAX_ID:
            raise NotFound
        member_id, at = self.member.pk, clock.now()
        with noting_refusals(claim_attempt(coupon_id, member_id, footprint(request), at)):
            return self.once(
                f"promotions/coupons/{coupon_id}/claim",
                verb=lambda: claim_coupon(
                    coupon_id=coupon_id, member_id=member_id, at=at, visit=visit
                ),
                render=lambda grant: Answer(201, grant_dict(grant, at)),
            )


class CouponRedeem(MyEndpoint):
    """Redeem a code for its coupon."""

    throttle_scope = "write"

    @extend_schema(request=RedeemBody, responses={201: GrantShape}, parameters=[KEY, DEVICE])
    def post(self, request: Request) -> Response:
        typed, whence = self.body(RedeemBody), footprint(request)
        member_id, at = self.member.pk, clock.now()
        with noting_refusals(redeem_attempt(None, member_id, whence, at)):
            return self.once(
                "promotions/coupons/redeem",
                verb=lambda: redeem_code(**typed, member_id=member_id, footprint=whence, at=at),
                render=lambda grant: Answer(201, grant_dict(grant, at)),
            )


class Shares(MyEndpoint):
    """A link of the member's own to a page of the shop."""

    throttle_scope = "write"

    @extend_schema(request=ShareBody, responses={201: ShareLinkShape})
    def post(self, request: Request) -> Response:
        path = self.body(ShareBody)["path"]
        link = open_share_link(member_id=self.member.pk, path=path, at=clock.now())
        url = request.build_absolute_uri(reverse("storefront:coupon_visit", args=[link.token]))
        return Response({"token": link.token, "url": url}, status=201)


class ShareVisits(MyEndpoint):
    """Come by a shared link: sharer and visitor get what its rule gives, once a pair."""

    throttle_scope = "write"

    @extend_schema(request=EmptyBody, responses=VisitShape, parameters=[DEVICE])
    def post(self, request: Request, token: str) -> Response:
        self.body(EmptyBody)
        member_id, at, whence = self.member.pk, clock.now(), footprint(request)
        link = selectors.share_link(token)
        with noting_refusals(share_attempt(link, member_id, whence, at)):
            credit = credit_visit(token=token, visitor_id=member_id, footprint=whence, at=at)
        return Response({"credited": credit is not None, "path": link.path})


class MyCoupons(MyEndpoint):
    """My coupons: usable, used or expired."""

    @extend_schema(responses=GrantShape(many=True), parameters=[GrantQuery, *PAGING])
    def get(self, request: Request) -> Response:
        query = GrantQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        at = clock.now()
        grants = selectors.grants(self.member.pk, query.validated_data["state"], at)
        return self.page(grants, ("-granted_at", "-pk"), lambda grant: grant_dict(grant, at))


def _position(body: dict[str, Any]) -> Position | None:
    """Raises: ValidationError for what is no place on earth."""
    typed = body.get("position")
    if typed is None:
        return None
    try:
        return Position(typed["latitude"], typed["longitude"])
    except ValueError as error:
        raise ValidationError({"position": [str(error)]}) from error
