"""Teams of a group buy: a seat taken with an order, counted when it is paid, given back when the
order closes; success once, failure once. Source: P-32, P-33, INV-24.

Locks: the team, after the hold of the order; joining is a guarded count on the team's row.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from mall.kernel.errors import NotFound
from mall.kernel.notify import notify
from mall.kernel.outbox import publish
from members.models import WalletEntry
from members.services import credit_wallet, recall_reward
from promotions.activities import GroupRule, read_activity
from promotions.errors import AlreadyInTeam, TeamFull, TeamOver
from promotions.events import GroupFailed, GroupSucceeded
from promotions.messages import GROUP_COMPLETE, GROUP_NOT_COMPLETE
from promotions.models import OfferHold, Team, TeamSeat

GROUPING = "grouping"
"""The stage in which a paid order waits for its team (`orders.Order.Stage`)."""
NUMBER_BYTES = 10

State = Team.State


def open_team(hold: OfferHold, at: datetime) -> None:
    """Open a team for the order that holds these pieces; its opener has the first seat.

    Its time ends with the activity at the latest. Queries: 3.
    """
    campaign = hold.item.campaign
    rule = _rule(hold)
    team = Team.objects.create(
        number=secrets.token_hex(NUMBER_BYTES),
        item_id=hold.item_id,
        opener_id=hold.member_id,
        size=rule.size,
        seats_taken=1,
        opened_at=at,
        ends_at=min(at + timedelta(hours=rule.hours), campaign.ends_at),
    )
    hold.reference = team.number
    hold.save(update_fields=["reference"])
    TeamSeat.objects.create(team=team, member_id=hold.member_id, hold=hold, taken_at=at)


def join_team(hold: OfferHold, at: datetime) -> None:
    """Take one seat of the team that the order names, while there is one.

    Queries: 4. Raises: NotFound, TeamOver, AlreadyInTeam, TeamFull.
    """
    team = Team.objects.filter(number=hold.reference, item=hold.item_id).first()
    if team is None:
        raise NotFound
    _check_time(team, at)
    if team.seats.filter(member=hold.member_id).exists():
        raise AlreadyInTeam
    taken = Team.objects.with_seat().filter(pk=team.pk).update(seats_taken=F("seats_taken") + 1)
    if not taken:
        _check_time(Team.objects.get(pk=team.pk), at)
        raise TeamFull
    TeamSeat.objects.create(team=team, member_id=hold.member_id, hold=hold, taken_at=at)


def rejoin_team(hold: OfferHold, at: datetime) -> None:
    """Late money brings an order back: into its team while that has a seat, else into a new one.

    A team whose time is over owes its buyers their money, whenever it arrives. Raises: TeamOver.
    """
    try:
        join_team(hold, at)
    except (TeamFull, AlreadyInTeam):  # raised before anything was written
        open_team(hold, at)


def pay_seat(hold: OfferHold, at: datetime) -> str:
    """Count a paid seat; the last one completes the team, once. Returns the order's stage.

    Locks: the team, then the opener's wallet. Emits: GroupSucceeded. Raises: TeamOver.
    """
    team = Team.objects.filter(number=hold.reference).locked().get()
    _check_time(team, at)
    TeamSeat.objects.filter(hold=hold).update(paid_at=at)
    team.seats_paid += 1
    if team.seats_paid < team.size:
        team.save(update_fields=["seats_paid"])
        return GROUPING
    team.state, team.ended_at = State.SUCCEEDED, at
    team.save(update_fields=["seats_paid", "state", "ended_at"])
    _reward_opener(team, _rule(hold).packet_fen, at)
    _tell(team, GROUP_COMPLETE.code, at)
    campaign_id = hold.item.campaign_id
    publish(GroupSucceeded(campaign_id=campaign_id, team_number=team.number, at=at))
    return ""


def leave_team(hold: OfferHold, at: datetime) -> None:
    """The order is closed: its seat is free again, unless the team has ended.

    An opener who leaves a complete team gives the red packet back: else opening, completing and
    cancelling would be a way to money. Locks: the team, then the opener's wallet.
    """
    team = Team.objects.filter(number=hold.reference).locked().get()
    if team.state == State.SUCCEEDED and team.opener_id == hold.member_id:
        recall_reward(kind=WalletEntry.Kind.GROUP_REWARD, reference=team.number, at=at)
    if team.state != State.OPEN:
        return
    seat = team.seats.get(hold=hold)
    team.seats_taken -= 1
    team.seats_paid -= seat.paid_at is not None
    team.save(update_fields=["seats_taken", "seats_paid"])
    seat.delete()


def fail_due_teams(at: datetime, limit: int = 200) -> int:
    """End the teams whose time is over; returns how many. Each on its own, once."""
    due = Team.objects.due_at(at).order_by("ends_at", "pk").values_list("pk", flat=True)
    return sum(_fail(pk, at) for pk in list(due[:limit]))


@transaction.atomic
def _fail(team_id: int, at: datetime) -> bool:
    """Locks: the team. Emits: GroupFailed."""
    team = Team.objects.filter(pk=team_id).locked().get()
    if team.state != State.OPEN:
        return False
    team.state, team.ended_at = State.FAILED, at
    team.save(update_fields=["state", "ended_at"])
    _tell(team, GROUP_NOT_COMPLETE.code, at)
    campaign_id = team.item.campaign_id
    publish(GroupFailed(campaign_id=campaign_id, team_number=team.number, at=at))
    return True


def _check_time(team: Team, at: datetime) -> None:
    """Raises: TeamFull when it is complete, TeamOver when its time is over."""
    if team.state == State.SUCCEEDED:
        raise TeamFull
    if not team.waits_at(at):
        raise TeamOver


def _reward_opener(team: Team, packet_fen: int, at: datetime) -> None:
    """The opener's red packet, once a team; nothing for one who has left it."""
    if packet_fen and team.seats.filter(member=team.opener_id).exists():
        credit_wallet(
            member_id=team.opener_id,
            amount_fen=packet_fen,
            kind=WalletEntry.Kind.GROUP_REWARD,
            reference=team.number,
            at=at,
        )


def _tell(team: Team, template: str, at: datetime) -> None:
    accounts = team.seats.filter(paid_at__isnull=False).values_list("member__account_id", flat=True)
    notify(
        list(accounts),
        template,
        {},
        at=at,
        route=("storefront:team", (team.number,)),
        source=f"team:{team.number}",
    )


def _rule(hold: OfferHold) -> GroupRule:
    rule = read_activity(hold.item.campaign.kind, hold.item.campaign.rule)
    assert isinstance(rule, GroupRule), "only group buys have teams"
    return rule
