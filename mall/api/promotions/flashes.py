"""promotions/flash-sales/: what is sold for a short time, from a quota of its own.

Buying is placing an order with an offer: orders/ (api.md). Clocks count down from ``server_time``.
"""

from datetime import datetime

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint, page_of
from mall.api.deal_bodies import EmptyBody
from mall.api.fields import MAX_ID, InstantField
from mall.api.me.base import MyEndpoint, whole_list
from mall.api.promotions.goods import ActivityItemShape, items_by_activity
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.words import localized
from members.models import Account
from members.selectors import member_of
from promotions.selectors import FlashRule, FlashSession, flash_sessions
from promotions.services import ask_reminder, drop_reminder


class FlashSaleShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = InstantField()
    ends_at = InstantField()
    server_time = InstantField()
    is_on = serializers.BooleanField()
    pay_minutes = serializers.IntegerField()
    remind_minutes = serializers.IntegerField()
    is_reminded = serializers.BooleanField()
    items = ActivityItemShape(many=True)


class FlashReminderShape(serializers.Serializer):
    flash_sale_id = serializers.IntegerField()
    asked_at = InstantField()


class FlashSales(Endpoint):
    """Flash sales that are on or begin within a week, with their goods. 3 statements, 1 more for a
    member."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=page_of(FlashSaleShape))
    def get(self, request: Request) -> Response:
        reader, at = request.user, clock.now()
        member_id = member_of(reader).pk if isinstance(reader, Account) else None
        sessions = flash_sessions(member_id, at)
        items = items_by_activity([session.offer for session in sessions], at)
        return whole_list(
            [
                {**_terms(session, at), "items": items[session.offer.campaign.pk]}
                for session in sessions
            ]
        )


class FlashReminders(MyEndpoint):
    """Be told before a flash sale begins, or no more. Saying it twice is saying it once."""

    throttle_scope = "write"

    @extend_schema(request=EmptyBody, responses={201: FlashReminderShape})
    def post(self, request: Request, campaign_id: int) -> Response:
        self.body(EmptyBody)
        reminder = ask_reminder(
            campaign_id=_known(campaign_id), member_id=self.member.pk, at=clock.now()
        )
        answer = {
            "flash_sale_id": reminder.campaign_id,
            "asked_at": reminder.asked_at.replace(microsecond=0),
        }
        return Response(answer, status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: int) -> Response:
        drop_reminder(campaign_id=_known(campaign_id), member_id=self.member.pk)
        return Response(status=204)


def _known(campaign_id: int) -> int:
    if campaign_id > MAX_ID:
        raise NotFound
    return campaign_id


def _terms(session: FlashSession, at: datetime) -> dict[str, object]:
    campaign, rule = session.offer.campaign, session.offer.rule
    assert isinstance(rule, FlashRule), "flash sales have the rules of flash sales"
    return {
        "id": campaign.pk,
        "title": localized(campaign, "title"),
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "server_time": at,
        "is_on": session.offer.is_on(at),
        "pay_minutes": rule.pay_minutes,
        "remind_minutes": rule.remind_minutes,
        "is_reminded": session.is_reminded,
    }
