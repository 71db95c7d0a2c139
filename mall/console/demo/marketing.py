"""Coupons, campaigns and what operators placed on the pages of the demo."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from catalog.models import Brand, Category, Product, SearchSynonym, Sku
from catalog.services import synonym_keys
from mall.console.demo.contents import Row, read
from mall.console.demo.seeding import Seeding, Tally, operator
from promotions.models import Announcement, Campaign, Coupon, HelpPage, HotWord
from promotions.services import (
    CampaignValues,
    CouponValues,
    approve_campaign,
    blocking_findings,
    keep_help_version,
    override_findings,
    publish_campaign,
    publish_coupon,
    save_campaign,
    save_coupon,
    submit_campaign,
)

LONG_AGO_DAYS = 800
FIRST_CAMPAIGN = "The shop is new: there are no orders to rehearse with."
CLAIMABLE_DAYS, GIVEN_DAYS = 30, 365
"""How long coupons are still given out: those of the coupon centre, and those the shop gives."""
SCOPED: dict[str, tuple[type[models.Model], str]] = {
    "category": (Category, "slug"),
    "brand": (Brand, "slug"),
    "products": (Product, "code"),
}
COUPON_COLUMNS = (
    "code", "title_zh", "title_en", "kind", "threshold_fen", "off_fen", "rate_bp", "cap_fen",
    "total", "per_member", "valid_days", "is_claimable", "exclusive_group",
)  # fmt: skip


def seed_coupons(seeding: Seeding) -> Tally:
    """The coupons, given out since before the first member joined."""
    there = set(Coupon.objects.values_list("code", flat=True))
    fresh = [row for row in read("coupons.json") if row["code"] not in there]
    for row in fresh:
        _issue(row, seeding)
    return Tally(len(fresh), len(there))


@transaction.atomic
def _issue(row: Row, seeding: Seeding) -> None:
    starts_at = seeding.ago(LONG_AGO_DAYS, hour=0)
    values = CouponValues(
        starts_at=starts_at,
        ends_at=seeding.day_end(CLAIMABLE_DAYS if row["is_claimable"] else GIVEN_DAYS),
        scope_text_zh=row["scope"]["text_zh"],
        scope_text_en=row["scope"]["text_en"],
        **{name: row[name] for name in COUPON_COLUMNS},
        **_scope(row),
    )
    coupon = save_coupon(values=values, at=starts_at, actor=operator())
    publish_coupon(coupon_id=coupon.pk, at=starts_at, actor=operator())


def seed_campaigns(seeding: Seeding) -> Tally:
    """The running campaigns."""
    made = there = 0
    for row in read("campaigns.json"):
        if Campaign.objects.filter(kind=row["kind"], title_zh=row["title_zh"]).exists():
            there += 1
        else:
            _run(row, seeding)
            made += 1
    return Tally(made, there)


@transaction.atomic
def _run(row: Row, seeding: Seeding) -> None:
    """One campaign; a sale becomes one for each day on which its prices end."""
    starts_at = seeding.ago(row["started_days_ago"], hour=0)
    if row["kind"] == Campaign.Kind.SALE:
        for days, prices in sorted(_sale_prices().items()):
            _publish(row, starts_at, seeding.day_end(days), {"prices": prices})
    else:
        ends_at = seeding.day_end(row["days"] - row["started_days_ago"])
        _publish(row, starts_at, ends_at, _scope(row))


def _publish(row: Row, starts_at: datetime, ends_at: datetime, more: dict[str, Any]) -> None:
    columns = ("kind", "title_zh", "title_en", "rule", "priority")
    values = CampaignValues(
        starts_at=starts_at, ends_at=ends_at, **{name: row[name] for name in columns}, **more
    )
    writer, checker = operator("marketing"), operator()
    campaign = save_campaign(values=values, at=starts_at, actor=writer)
    submit_campaign(campaign_id=campaign.pk, at=starts_at, actor=writer)
    approve_campaign(campaign_id=campaign.pk, at=starts_at, actor=checker)
    if blocking_findings(campaign, starts_at):
        override_findings(
            campaign_id=campaign.pk, reason=FIRST_CAMPAIGN, at=starts_at, actor=checker
        )
    publish_campaign(campaign_id=campaign.pk, at=starts_at, actor=writer)


def _sale_prices() -> dict[int, dict[int, int]]:
    """Days that a sale lasts -> SKU id -> its price in fen."""
    sku_ids = dict(Sku.objects.values_list("code", "pk"))
    prices: dict[int, dict[int, int]] = defaultdict(dict)
    for row in read("products.jsonl"):
        if row["sale"]:
            for code, price_fen in row["sale"]["prices_fen"].items():
                prices[row["sale"]["days"]][sku_ids[code]] = price_fen
    return prices


def _scope(row: Row) -> dict[str, Any]:
    kind, refs = row["scope"]["kind"], row["scope"]["refs"]
    if kind not in SCOPED:
        return {}
    model, column = SCOPED[kind]
    found = model._default_manager.filter(**{f"{column}__in": refs}).values_list("pk", flat=True)
    return {"scope_kind": kind, "scope_ids": tuple(found)}


def seed_content(seeding: Seeding) -> Tally:
    """Announcements, help pages, hot words and synonyms."""
    tallies = [
        _place(Announcement, "title_zh", _announcements(seeding)),
        _help(seeding),
        _place(HotWord, "word_zh", [HotWord(**row) for row in read("hot_words.json")]),
        _place(SearchSynonym, "words", synonyms()),
    ]
    return Tally(sum(one.made for one in tallies), sum(one.there for one in tallies))


def _help(seeding: Seeding) -> Tally:
    """Help pages, what they say kept under its version."""
    tally = _place(HelpPage, "slug", [HelpPage(**row) for row in read("help.json")])
    for page in HelpPage.objects.filter(past=None).order_by("pk"):
        keep_help_version(page=page, at=seeding.at)
    return tally


def _place(model: type[models.Model], key: str, rows: Iterable[models.Model]) -> Tally:
    """Write the rows whose ``key`` is not there yet."""
    there = set(model._default_manager.values_list(key, flat=True))
    fresh = [row for row in rows if getattr(row, key) not in there]
    model._default_manager.bulk_create(fresh)
    return Tally(len(fresh), len(there))


def _announcements(seeding: Seeding) -> list[Announcement]:
    """The first one is the newest, and shown first."""
    return [
        Announcement(
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            starts_at=seeding.ago(age, hour=9),
            ends_at=seeding.day_end(row["days"]),
        )
        for age, row in enumerate(read("announcements.json"), 1)
    ]


def synonyms() -> list[SearchSynonym]:
    return [
        SearchSynonym(words=" ".join(words), keys=synonym_keys(words))
        for words in read("synonyms.json")
    ]
