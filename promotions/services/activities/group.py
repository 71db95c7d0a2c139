"""拼团: what an order of a group buy does beside counting its pieces. Source: P-32."""

from datetime import datetime

from promotions.models import OfferHold
from promotions.services import teaming
from promotions.services.activities.base import Activity


class GroupActivity(Activity):
    """Without a reference an order opens a team, with one it joins; paid it waits for the rest."""

    def hold(self, hold: OfferHold, at: datetime) -> None:
        """Raises: NotFound, TeamFull, TeamOver, AlreadyInTeam."""
        if not hold.reference:
            teaming.open_team(hold, at)
        elif hold.attempt > 1:
            teaming.rejoin_team(hold, at)
        else:
            teaming.join_team(hold, at)

    def confirm(self, hold: OfferHold, at: datetime) -> str:
        """Raises: TeamOver when the payment came after the team's time."""
        return teaming.pay_seat(hold, at)

    def free(self, hold: OfferHold, at: datetime) -> None:
        teaming.leave_team(hold, at)
