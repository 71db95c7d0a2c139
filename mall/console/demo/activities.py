"""Activities of the demo: flash sales now and soon, a group buy, a bargain, a presale.

Seeded after the orders of the past, so that their pieces come out of what is left.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction

from catalog.models import Sku
from mall.console.demo.contents import Row, read
from mall.console.demo.marketing import FIRST_CAMPAIGN
from mall.console.demo.seeding import Seeding, Tally, operator
from mall.kernel import clock
from orders.services import lock_flash_stock
from promotions.models import Campaign
from promotions.services import (
    CampaignValues,
    Goods,
    approve_campaign,
    blocking_findings,
    override_findings,
    publish_campaign,
    save_campaign,
    submit_campaign,
)


def seed_activities(seeding: Seeding) -> Tally:
    """Every activity that is not there yet."""
    made = there = 0
    for row in read("activities.json"):
        if Campaign.objects.filter(kind=row["kind"], title_zh=row["title_zh"]).exists():
            there += 1
        else:
            _run(row, seeding)
            made += 1
    return Tally(made, there)


@transaction.atomic
def _run(row: Row, seeding: Seeding) -> None:
    """Write it, have it approved by another, and let it begin; a flash sale with its pieces."""
    at, writer, checker = seeding.at, operator("marketing"), operator()
    campaign = save_campaign(values=_values(row, seeding), at=at, actor=writer)
    submit_campaign(campaign_id=campaign.pk, at=at, actor=writer)
    approve_campaign(campaign_id=campaign.pk, at=at, actor=checker)
    if blocking_findings(campaign, at):
        override_findings(campaign_id=campaign.pk, reason=FIRST_CAMPAIGN, at=at, actor=checker)
    if campaign.kind == Campaign.Kind.FLASH:
        lock_flash_stock(campaign_id=campaign.pk, at=at)
    else:
        publish_campaign(campaign_id=campaign.pk, at=at, actor=writer)


def _values(row: Row, seeding: Seeding) -> CampaignValues:
    return CampaignValues(
        kind=row["kind"],
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        starts_at=seeding.at - timedelta(hours=row["started_hours_ago"]),
        ends_at=seeding.day_end(row["days"]),
        rule={**row["rule"], **_balance(row, seeding)},
        goods=_goods(row),
    )


def _balance(row: Row, seeding: Seeding) -> dict[str, str]:
    """When a presale's balance is paid and its goods leave; nothing for other kinds."""
    if "balance_days" not in row:
        return {}
    first, last = row["balance_days"]
    return {
        "balance_from": seeding.day_end(first).isoformat(),
        "balance_until": seeding.day_end(last).isoformat(),
        "ships_on": clock.day_of(seeding.day_end(row["ships_days"])).isoformat(),
    }


def _goods(row: Row) -> list[Goods]:
    goods: list[dict[str, Any]] = row["goods"]
    codes = [one["sku"] for one in goods]
    ids = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
    return [
        Goods(sku_id=ids[one["sku"]], **{key: value for key, value in one.items() if key != "sku"})
        for one in goods
    ]
