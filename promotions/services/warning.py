"""Telling operators about a campaign that needs them."""

from datetime import datetime

from mall.kernel.notify import notify
from mall.kernel.words import short_yuan
from members.models import Account
from promotions.messages import BUDGET
from promotions.models import Campaign

RUNS_CAMPAIGNS = "promotions.change_campaign"


def tell_budget(*, campaign_id: int, spent_fen: int, budget_fen: int, at: datetime) -> None:
    """Tell who runs campaigns that a budget is nearly, or wholly, spent. Queries: 3."""
    campaign = Campaign.objects.get(pk=campaign_id)
    notify(
        Account.objects.with_perm(
            RUNS_CAMPAIGNS, backend="django.contrib.auth.backends.ModelBackend"
        )
        .filter(is_staff=True)
        .values_list("pk", flat=True),
        BUDGET.code,
        {
            "title": campaign.title_zh,
            "spent": short_yuan(spent_fen),
            "budget": short_yuan(budget_fen),
        },
        route=("admin:promotions_campaign_change", (campaign.pk,)),
        source=f"budget:{campaign.pk}:{spent_fen}",
        at=at,
    )
