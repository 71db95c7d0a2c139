"""Telling operators about a campaign that needs them."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db.models import Q

from mall.kernel.notify import notify
from mall.kernel.words import short_yuan
from members.models import Account
from promotions.messages import BUDGET
from promotions.models import Campaign


def campaign_operator_ids() -> list[int]:
    """Accounts of the operators that run campaigns. Queries: 1."""
    right = Permission.objects.filter(
        codename="change_campaign", content_type__app_label="promotions"
    )
    given = Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    operators = Account.objects.filter(is_staff=True, is_active=True)
    told = operators.filter(Q(is_superuser=True) | given)
    return list(told.order_by("pk").values_list("pk", flat=True).distinct())


def tell_budget(*, campaign_id: int, spent_fen: int, budget_fen: int, at: datetime) -> None:
    """Tell who runs campaigns that a budget is nearly, or wholly, spent. Queries: 3."""
    campaign = Campaign.objects.get(pk=campaign_id)
    notify(
        campaign_operator_ids(),
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
