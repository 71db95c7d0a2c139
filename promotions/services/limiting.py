"""The limit per member of a sale: counted when an order is placed, given back when it closes.

Source: P-18. Locks: the member's own count of each sale, in campaign order.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from promotions.errors import OfferLimitReached
from promotions.models import Campaign, SaleTake, SaleUse


@transaction.atomic
def take_of_sales(
    *, order_number: str, member_id: int, pieces: Mapping[int, int], at: datetime
) -> None:
    """Count the pieces an order has at the prices of sales (campaign id -> pieces): all or none.

    Sales without a limit are not counted. Queries: 1, and 3 a sale with a limit. Raises:
    OfferLimitReached.
    """
    sales = Campaign.objects.filter(
        pk__in=pieces, kind=Campaign.Kind.SALE, rule__per_member__isnull=False
    )
    for campaign_id, rule in sales.order_by("pk").values_list("pk", "rule"):
        _count(campaign_id, member_id, pieces[campaign_id], rule["per_member"])
        SaleUse.objects.create(
            order_number=order_number,
            campaign_id=campaign_id,
            member_id=member_id,
            pieces=pieces[campaign_id],
        )


@transaction.atomic
def take_of_sales_again(*, order_number: str, at: datetime) -> None:
    """A closed order lives again: what it gave back counts again. Queries: 1, and 3 a limited sale.
    Raises: OfferLimitReached."""
    uses = SaleUse.objects.filter(order_number=order_number, returned_at__isnull=False)
    for use in uses.select_related("campaign").order_by("campaign_id").locked():
        most = use.campaign.rule.get("per_member")
        if most is not None:
            _count(use.campaign_id, use.member_id, use.pieces, most)
            use.returned_at = None
            use.save(update_fields=["returned_at"])


@transaction.atomic
def give_back_sales(*, order_number: str, at: datetime) -> None:
    """The order is closed: its pieces count no more, once. Queries: 1, and 2 a limited sale."""
    uses = SaleUse.objects.filter(order_number=order_number, returned_at__isnull=True)
    for use in uses.order_by("campaign_id").locked():
        use.returned_at = at
        use.save(update_fields=["returned_at"])
        mine = SaleTake.objects.filter(campaign=use.campaign_id, member=use.member_id)
        mine.update(pieces=F("pieces") - use.pieces)


def _count(campaign_id: int, member_id: int, pieces: int, most: int) -> None:
    row = SaleTake(campaign_id=campaign_id, member_id=member_id, most=most)
    SaleTake.objects.bulk_create([row], ignore_conflicts=True)
    mine = SaleTake.objects.filter(
        campaign=campaign_id, member=member_id, pieces__lte=most - pieces
    )
    if pieces > most or not mine.update(pieces=F("pieces") + pieces, most=most):
        raise OfferLimitReached(allowed=most)
