"""promotions/group-buys/ and promotions/teams/: what is bought together, and who waits for whom.

Opening or joining a team is placing an order with an offer: orders/ (api.md).
"""

from datetime import datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import CursorPage, Endpoint, page_of
from mall.api.fields import MAX_ID, InstantField
from mall.api.me.base import whole_list
from mall.api.promotions.goods import ActivityItemShape, items_by_activity
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.words import localized
from members.models import Account
from members.selectors import member_of
from promotions import selectors
from promotions.models import Campaign, Team
from promotions.presenting import team_dict, team_page_dict
from promotions.selectors import ActivityOffer, GroupRule, activities_of_kind


class GroupBuyShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = InstantField()
    ends_at = InstantField()
    size = serializers.IntegerField()
    hours = serializers.IntegerField()
    newcomers_only = serializers.BooleanField()
    packet_fen = serializers.IntegerField()
    server_time = InstantField()
    items = ActivityItemShape(many=True)


class TeamShape(serializers.Serializer):
    team_no = serializers.CharField()
    campaign_id = serializers.IntegerField()
    sku_id = serializers.IntegerField()
    price_fen = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Team.State.values)
    size = serializers.IntegerField()
    missing = serializers.IntegerField()
    is_full = serializers.BooleanField()
    opener = serializers.CharField()
    opened_at = InstantField()
    ends_at = InstantField()
    server_time = InstantField()


class TeamMemberShape(serializers.Serializer):
    name = serializers.CharField()
    is_opener = serializers.BooleanField()
    has_paid = serializers.BooleanField()


class TeamPageShape(TeamShape):
    is_mine = serializers.BooleanField()
    members = TeamMemberShape(many=True)


class GroupBuys(Endpoint):
    """Group buys that are on or begin within a week, with their goods. 3 statements."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=page_of(GroupBuyShape))
    def get(self, request: Request) -> Response:
        at = clock.now()
        found = activities_of_kind(Campaign.Kind.GROUP, at)
        items = items_by_activity(found, at)
        return whole_list(
            [{**_terms(offer, at), "items": items[offer.campaign.pk]} for offer in found]
        )


class Teams(Endpoint):
    """Teams of a running group buy that can be joined, those that end first in front."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(
        responses=page_of(TeamShape),
        parameters=[OpenApiParameter("cursor"), OpenApiParameter("page_size", int)],
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        if campaign_id > MAX_ID:
            raise NotFound
        at, pager = clock.now(), CursorPage()
        pager.ordering = ("ends_at", "pk")
        teams = selectors.open_teams(campaign_id, at)
        found = pager.paginate_queryset(teams, request, view=self) or []
        return pager.get_paginated_response([team_dict(team, at) for team in found])


class TeamView(Endpoint):
    """One team with its seats: who has its number may see it."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=TeamPageShape)
    def get(self, request: Request, number: str) -> Response:
        reader = request.user
        member_id = member_of(reader).pk if isinstance(reader, Account) else None
        team = selectors.team_by_number(number)
        return Response(team_page_dict(team, clock.now(), member_id))


def _terms(offer: ActivityOffer, at: datetime) -> dict[str, object]:
    assert isinstance(offer.rule, GroupRule), "group buys have the rules of group buys"
    return {
        "id": offer.campaign.pk,
        "title": localized(offer.campaign, "title"),
        "starts_at": offer.campaign.starts_at,
        "ends_at": offer.campaign.ends_at,
        "size": offer.rule.size,
        "hours": offer.rule.hours,
        "newcomers_only": offer.rule.newcomers_only,
        "packet_fen": offer.rule.packet_fen,
        "server_time": at.replace(microsecond=0),
    }
