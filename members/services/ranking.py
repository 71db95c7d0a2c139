"""The operator's hand on the ladder: thresholds and benefits change, members move at once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.db import advisory_lock
from mall.kernel.errors import InvalidInput
from members.ladder import is_ladder
from members.models import Account, LoyaltyPolicy, Member, Tier
from members.services.growing import LADDER

EDITABLE = (
    "title_zh",
    "title_en",
    "threshold_fen",
    "rate_bp",
    "free_freight_fen",
    "points_rate_bp",
    "perks",
)


@transaction.atomic
def change_tier(
    *, tier: Tier, changes: dict[str, Any], actor: Account | None, at: datetime
) -> Tier:
    """Change a tier's numbers and words; a new threshold moves every member to the tier they reach.

    Growth that is being posted is waited for, and waits: nobody is put on a tier by thresholds
    that hold no more. Locks: the ladder, the tiers; members that move. Raises: InvalidInput. Writes
    an audit row. Set-based: the number of statements does not grow with the members.
    """
    advisory_lock(LADDER)
    tiers = {row.pk: row for row in Tier.objects.select_for_update(no_key=True).order_by("pk")}
    row = tiers[tier.pk]
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        assert name in EDITABLE, name
        setattr(row, name, value)
    _check_ladder(list(tiers.values()))
    row.version += 1
    row.save()
    if "threshold_fen" in changes:
        _rank_everybody()
    audit.record(
        actor=actor, verb="members.change_tier", target=row, at=at, before=before, after=changes
    )
    return row


@transaction.atomic
def change_loyalty_policy(
    *, changes: dict[str, Any], actor: Account | None, at: datetime
) -> LoyaltyPolicy:
    """Change windows, lifetimes or check-in points; counts from now on. Writes an audit row."""
    policy = LoyaltyPolicy.objects.select_for_update().get(pk=1)
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="members.change_loyalty_policy",
        target=policy,
        at=at,
        before=before,
        after=changes,
    )
    return policy


def _check_ladder(tiers: list[Tier]) -> None:
    by_rank = sorted(tiers, key=lambda tier: tier.rank)
    if not is_ladder([tier.threshold_fen for tier in by_rank]):
        allowed = _("zero for the first tier, and more for each one above")
        raise InvalidInput(field="threshold_fen", allowed=allowed)


def _rank_everybody() -> None:
    reached = Tier.objects.filter(threshold_fen__lte=OuterRef("growth_fen")).order_by(
        "-threshold_fen"
    )
    rightful = Subquery(reached.values("pk")[:1])
    Member.objects.annotate(rightful=rightful).exclude(tier=F("rightful")).update(tier=rightful)
