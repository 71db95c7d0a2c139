"""Budgets of campaigns as counters: charged when an order is placed, given back when it closes,
each once; at the cap a campaign stops. Source: requirement P-45.

Locks: the order's uses, then the campaigns in pk order, hottest of promotions.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mall.kernel.outbox import publish
from promotions.errors import BudgetSpent
from promotions.events import BudgetAlmostSpent
from promotions.models import BudgetUse, Campaign
from promotions.services.campaigning_rows import announce

ALARM_BP = 9_000
"""Operators hear of a budget when so much of it is spent, and when all of it is."""
FULL_BP = 10_000


@transaction.atomic
def charge_budgets(*, order_number: str, amounts: Mapping[int, int], at: datetime) -> None:
    """Take what an order costs (campaign id -> fen) out of the budgets: all of them or none.

    Campaigns without a budget are not counted. A second call for the same order changes nothing; an
    order that was closed and lives again is charged again. Queries: 3 and 3 a campaign. Raises:
    BudgetSpent. Emits: BudgetAlmostSpent when one passes 90 % or its end.
    """
    wanted = {pk: fen for pk, fen in amounts.items() if fen > 0}
    budgeted = Campaign.objects.filter(pk__in=wanted, budget_fen__isnull=False)
    for campaign_id in budgeted.order_by("pk").values_list("pk", flat=True):
        if _write_use(order_number, campaign_id, wanted[campaign_id], at):
            _spend(campaign_id, wanted[campaign_id], at)


@transaction.atomic
def charge_budgets_again(*, order_number: str, at: datetime) -> None:
    """Take what a closed order had cost once more: late money brings it back to life.

    Queries: 1, and those of `charge_budgets` when it had cost something. Raises: BudgetSpent.
    """
    given_back = BudgetUse.objects.filter(order_number=order_number, returned_at__isnull=False)
    amounts = dict(given_back.values_list("campaign_id", "amount_fen"))
    if amounts:
        charge_budgets(order_number=order_number, amounts=amounts, at=at)


@transaction.atomic
def return_budgets(*, order_number: str, at: datetime) -> None:
    """Give back what a closed order had taken, once. Queries: 1, and 3 a campaign."""
    uses = BudgetUse.objects.filter(order_number=order_number, returned_at__isnull=True)
    for use in uses.order_by("campaign_id").locked():
        use.returned_fen, use.returned_at = use.amount_fen, at
        use.save(update_fields=["returned_fen", "returned_at"])
        Campaign.objects.filter(pk=use.campaign_id).update(
            spent_fen=F("spent_fen") - use.amount_fen
        )
        campaign = Campaign.objects.get(pk=use.campaign_id)
        if campaign.spent_fen + use.amount_fen == campaign.budget_fen:
            announce(campaign, [], at)


def _write_use(order_number: str, campaign_id: int, fen: int, at: datetime) -> bool:
    """True when the budget has to be charged: the row is new, or was given back before."""
    mine = BudgetUse.objects.filter(order_number=order_number, campaign=campaign_id)
    use = mine.locked().first()
    if use is None:
        use = BudgetUse(order_number=order_number, campaign_id=campaign_id)
    elif use.returned_at is None:
        return False
    use.amount_fen, use.used_at, use.returned_fen, use.returned_at = fen, at, 0, None
    use.save()
    return True


def _spend(campaign_id: int, fen: int, at: datetime) -> None:
    fitting = Campaign.objects.with_budget_for(fen).filter(pk=campaign_id)
    if not fitting.update(spent_fen=F("spent_fen") + fen):
        raise BudgetSpent(campaign_id=campaign_id)
    _raise_alarm(Campaign.objects.get(pk=campaign_id), fen, at)


def _raise_alarm(campaign: Campaign, fen: int, at: datetime) -> None:
    """Tell once that the mark was passed; at the end cards lose the campaign too."""
    budget_fen, now_fen = campaign.budget_fen or 0, campaign.spent_fen
    for mark_bp in (ALARM_BP, FULL_BP):
        mark_fen = -(-budget_fen * mark_bp // FULL_BP)
        if now_fen - fen < mark_fen <= now_fen:
            publish(
                BudgetAlmostSpent(
                    campaign_id=campaign.pk, spent_fen=now_fen, budget_fen=budget_fen, at=at
                )
            )
    if now_fen == budget_fen:
        announce(campaign, [], at)
