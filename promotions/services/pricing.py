"""The shop's own numbers of pricing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from mall.kernel.money import FULL_RATE_BP
from promotions.models import Campaign, PricingSettings

APPROVAL_OVER_FEN = 1_000_000
FIELDS = ("points_unit", "points_unit_fen", "points_cap_bp", "approval_over_fen")


def approval_limit() -> int | None:
    """The budget above which a second person approves; None: never. Queries: 1."""
    row = PricingSettings.objects.filter(pk=1).first() or PricingSettings()
    return row.approval_over_fen


def needs_second_person(campaign: Campaign) -> bool:
    """True when who wrote the campaign may not approve it: its budget is above the shop's limit.

    A campaign without a budget has no bound and counts as above it. Queries: 1.
    """
    limit = approval_limit()
    if limit is None:
        return False
    return campaign.budget_fen is None or campaign.budget_fen > limit


@transaction.atomic
def save_pricing_settings(
    *,
    points_unit: int,
    points_unit_fen: int,
    points_cap_bp: int,
    at: datetime,
    actor: Any = None,
    approval_over_fen: int | None = APPROVAL_OVER_FEN,
) -> PricingSettings:
    """Say what points are worth, how much of the goods they may pay, and from which budget on a
    campaign is approved by a second person (None: never).

    ``points_unit`` points pay ``points_unit_fen``. Raises: InvalidInput.
    """
    if points_unit < 1 or points_unit_fen < 1 or not 0 <= points_cap_bp <= FULL_RATE_BP:
        raise InvalidInput(
            field="points", allowed=_("positive numbers, and a cap of at most 100 %")
        )
    row, _made = PricingSettings.objects.get_or_create(pk=1)
    before = {name: getattr(row, name) for name in FIELDS}
    row.points_unit, row.points_unit_fen = points_unit, points_unit_fen
    row.points_cap_bp, row.approval_over_fen = points_cap_bp, approval_over_fen
    row.version += 1
    row.save()
    audit.record(
        actor=actor,
        verb="promotions.save_pricing_settings",
        target=row,
        before=before,
        after={name: getattr(row, name) for name in FIELDS},
        at=at,
    )
    return row
