"""Group buys and their teams, as pages and clients show them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from mall.kernel.errors import NotFound
from promotions.models import Campaign, Team, TeamSeat


def open_teams(campaign_id: int, at: datetime) -> QuerySet[Team]:
    """Teams of a group buy that can be joined, those that end first in front. Queries: 2.

    Raises: NotFound when the group buy does not run.
    """
    running = Campaign.objects.active_at(at).filter(kind=Campaign.Kind.GROUP)
    if not running.filter(pk=campaign_id).exists():
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
    seats = TeamSeat.objects.select_related("member", "hold").order_by("pk")
    team: Team | None = (
        Team.objects.select_related("item__campaign", "item__sku", "opener")
        .prefetch_related(Prefetch("seats", seats))
        .filter(number=number)
        .first()
    )
    if team is None:
        raise NotFound
    return team
