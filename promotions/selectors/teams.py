"""Group buys and their teams, as pages and clients show them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from mall.kernel.errors import NotFound
from promotions.models import ActivityItem, Campaign, Team, TeamSeat


def group_buys(at: datetime) -> QuerySet[Campaign]:
    """Group buys that run at ``at``, with their goods. Queries: 2 when read."""
    running = Campaign.objects.active_at(at).filter(kind=Campaign.Kind.GROUP)
    return running.prefetch_related(Prefetch("items", ActivityItem.objects.order_by("pk")))


def group_goods(at: datetime) -> QuerySet[ActivityItem]:
    """Goods that teams can be opened for at ``at``, those that end first in front. Queries: 1."""
    running = Campaign.objects.active_at(at).filter(kind=Campaign.Kind.GROUP)
    goods = ActivityItem.objects.filter(campaign__in=running).with_left(1)
    return goods.select_related("campaign").order_by("campaign__ends_at", "campaign_id", "pk")


def open_teams(campaign_id: int, at: datetime) -> QuerySet[Team]:
    """Teams of a group buy that can be joined, those that end first in front. Queries: 1.

    Raises: NotFound when the group buy does not run.
    """
    if not group_buys(at).filter(pk=campaign_id).exists():
        raise NotFound
    teams = Team.objects.joinable_at(at).filter(item__campaign=campaign_id)
    return teams.select_related("item", "opener").order_by("ends_at", "pk")


def nearest_teams(item_ids: Collection[int], at: datetime, count: int = 2) -> dict[int, list[Team]]:
    """Of each of these goods the teams to join that end first. Queries: 1."""
    turn = Window(RowNumber(), partition_by="item_id", order_by=[F("ends_at"), F("pk")])
    teams = Team.objects.joinable_at(at).filter(item__in=item_ids).annotate(turn=turn)
    found: dict[int, list[Team]] = {}
    for team in teams.filter(turn__lte=count).select_related("opener").order_by("ends_at", "pk"):
        found.setdefault(team.item_id, []).append(team)
    return found


def team_by_number(number: str) -> Team:
    """A team with its goods and seats. Who knows the number may see it. Queries: 2.

    Raises: NotFound.
    """
    seats = TeamSeat.objects.select_related("member").order_by("pk")
    team: Team | None = (
        Team.objects.select_related("item__campaign", "opener")
        .prefetch_related(Prefetch("seats", seats))
        .filter(number=number)
        .first()
    )
    if team is None:
        raise NotFound
    return team
