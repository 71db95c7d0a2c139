"""Group buys as pages show them: goods with teams to join, and one team with its seats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog import presenting
from catalog.selectors import cards_of
from mall.kernel.words import localized
from mall.storefront.offers import buy_url, goods_in
from promotions.models import Campaign, Team, TeamSeat
from promotions.presenting import team_dict, team_page_dict
from promotions.selectors import GroupRule, activities_of_kind, nearest_teams, read_activity

Shape = dict[str, Any]


def group_goods(at: datetime) -> list[Shape]:
    """Goods of group buys, each with the teams to join that end first. Queries: 4."""
    goods = goods_in(activities_of_kind(Campaign.Kind.GROUP, at), at)
    teams = nearest_teams([slot["item"].pk for slot in goods if slot["is_on"]], at)
    return [
        {**slot, "teams": [_joinable(team, at) for team in teams.get(slot["item"].pk, ())]}
        for slot in goods
    ]


def _joinable(team: Team, at: datetime) -> Shape:
    return {
        **team_dict(team, at),
        "ends_at": team.ends_at,
        "url": reverse("storefront:team", args=[team.number]),
    }


def team_context(request: HttpRequest, team: Team, member_id: int | None, at: datetime) -> Shape:
    """All keys of ``storefront/team.html``. Queries: 1."""
    campaign = team.item.campaign
    rule = read_activity(campaign.kind, campaign.rule)
    assert isinstance(rule, GroupRule), "teams are of group buys"
    product_id = team.item.sku.product_id
    seats = list(team.seats.all())
    mine = next((seat for seat in seats if seat.member_id == member_id), None)
    shape = team_page_dict(team, at, member_id)
    return {
        "team": {
            **shape,
            "number": team.number,
            "ends_at": team.ends_at,
            "free": range(team.size - len(seats)),
        },
        "title": localized(campaign, "title"),
        "card": presenting.card(cards_of([product_id], at=at)[product_id]),
        "rule": rule,
        "mine": mine and _mine(mine),
        "open_url": _open_url(team, at),
        "join_url": buy_url(team.item.sku_id, f"group:{campaign.pk}:{team.number}"),
        "link": request.build_absolute_uri(request.path),
        "now": at,
    }


def _open_url(team: Team, at: datetime) -> str:
    """Where a team of one's own is opened; empty when the group buy is over or sold out."""
    campaign = team.item.campaign
    is_on = campaign.status == Campaign.Status.LIVE and campaign.starts_at <= at < campaign.ends_at
    return buy_url(team.item.sku_id, f"group:{campaign.pk}") if is_on and team.item.left else ""


def _mine(seat: TeamSeat) -> Mapping[str, Any]:
    """The reader's own seat with the order that holds it."""
    has_paid = seat.paid_at is not None
    page = "order" if has_paid else "order_pay"
    return {
        "has_paid": has_paid,
        "order_url": reverse(f"storefront:{page}", args=[seat.hold.order_number]),
    }
