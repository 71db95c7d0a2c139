"""promotions/bargains/ and promotions/bargain-starts/: prices that friends cut.

Buying at the cut price is placing an order with offer {kind: bargain, id: bargain_no}.
"""

from datetime import datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint, StrictSerializer, page_of
from mall.api.deal_bodies import EmptyBody
from mall.api.device import footprint
from mall.api.fields import MAX_ID, IdField, InstantField
from mall.api.me.base import MyEndpoint, whole_list
from mall.api.promotions.goods import ActivityItemShape, items_by_activity
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.idempotency import Answer
from mall.kernel.words import localized
from members.models import Account
from members.selectors import member_of
from promotions import selectors
from promotions.models import BargainHelp, BargainStart, Campaign
from promotions.presenting import bargain_dict, bargain_page_dict
from promotions.selectors import ActivityOffer, BargainRule, activities_of_kind
from promotions.services import help_attempt, help_bargain, noting_refusals, start_bargain

KEYED = [OpenApiParameter("Idempotency-Key", location="header", required=True)]


class BargainOfferShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = InstantField()
    ends_at = InstantField()
    helps = serializers.IntegerField()
    hours = serializers.IntegerField()
    server_time = InstantField()
    items = ActivityItemShape(many=True)


class BargainShape(serializers.Serializer):
    bargain_no = serializers.CharField()
    campaign_id = serializers.IntegerField()
    sku_id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=BargainStart.State.values)
    start_fen = serializers.IntegerField()
    floor_fen = serializers.IntegerField()
    cut_fen = serializers.IntegerField()
    price_fen = serializers.IntegerField()
    helps = serializers.IntegerField()
    most_helps = serializers.IntegerField()
    started_at = InstantField()
    ends_at = InstantField()
    server_time = InstantField()


class CutShape(serializers.Serializer):
    name = serializers.CharField()
    cut_fen = serializers.IntegerField()
    at = InstantField()


class BargainPageShape(BargainShape):
    owner = serializers.CharField()
    is_mine = serializers.BooleanField()
    has_helped = serializers.BooleanField()
    cuts = CutShape(many=True)


class HelpShape(serializers.Serializer):
    cut_fen = serializers.IntegerField()
    bargain = BargainShape()


class StartBody(StrictSerializer):
    sku_id = IdField()


class Bargains(Endpoint):
    """Bargains that are on or begin within a week, with their goods. 3 statements."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=page_of(BargainOfferShape))
    def get(self, request: Request) -> Response:
        at = clock.now()
        found = activities_of_kind(Campaign.Kind.BARGAIN, at)
        items = items_by_activity(found, at)
        return whole_list(
            [{**_terms(offer, at), "items": items[offer.campaign.pk]} for offer in found]
        )


class BargainStarts(MyEndpoint):
    """Begin to bargain over a SKU; who does already gets the same bargain."""

    throttle_scope = "write"

    @extend_schema(request=StartBody, responses={201: BargainShape}, parameters=KEYED)
    def post(self, request: Request, campaign_id: int) -> Response:
        if campaign_id > MAX_ID:
            raise NotFound
        sku_id, member_id, at = self.body(StartBody)["sku_id"], self.member.pk, clock.now()
        return self.once(
            f"promotions/bargains/{campaign_id}/starts",
            verb=lambda: start_bargain(
                campaign_id=campaign_id, sku_id=sku_id, member_id=member_id, at=at
            ),
            render=lambda start: Answer(201, bargain_dict(start, at)),
        )


class MyBargains(MyEndpoint):
    """My bargains, the newest first."""

    @extend_schema(
        operation_id="promotions_bargain_starts_list",
        responses=page_of(BargainShape),
        parameters=[OpenApiParameter("cursor"), OpenApiParameter("page_size", int)],
    )
    def get(self, request: Request) -> Response:
        at = clock.now()
        mine = selectors.bargains_of(self.member.pk)
        return self.page(mine, ("-pk",), lambda start: bargain_dict(start, at))


class BargainView(Endpoint):
    """One bargain with its helps: who has its number may see it."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=BargainPageShape)
    def get(self, request: Request, number: str) -> Response:
        reader = request.user
        member_id = member_of(reader).pk if isinstance(reader, Account) else None
        start = selectors.bargain_by_number(number)
        return Response(bargain_page_dict(start, clock.now(), member_id))


class BargainHelps(MyEndpoint):
    """Cut a friend's price, once."""

    throttle_scope = "write"

    @extend_schema(request=EmptyBody, responses={201: HelpShape}, parameters=KEYED)
    def post(self, request: Request, number: str) -> Response:
        self.body(EmptyBody)
        member_id, at = self.member.pk, clock.now()
        here = footprint(request)
        with noting_refusals(help_attempt(number, member_id, at, here)):
            return self.once(
                f"promotions/bargain-starts/{number}/helps",
                verb=lambda: help_bargain(
                    number=number, helper_id=member_id, at=at, footprint=here
                ),
                render=lambda help_: Answer(201, _helped(help_, at)),
            )


def _helped(help_: BargainHelp, at: datetime) -> dict[str, object]:
    start = BargainStart.objects.select_related("item").get(pk=help_.start_id)
    return {"cut_fen": help_.cut_fen, "bargain": bargain_dict(start, at)}


def _terms(offer: ActivityOffer, at: datetime) -> dict[str, object]:
    assert isinstance(offer.rule, BargainRule), "bargains have the rules of bargains"
    return {
        "id": offer.campaign.pk,
        "title": localized(offer.campaign, "title"),
        "starts_at": offer.campaign.starts_at,
        "ends_at": offer.campaign.ends_at,
        "helps": offer.rule.helps,
        "hours": offer.rule.hours,
        "server_time": at.replace(microsecond=0),
    }
