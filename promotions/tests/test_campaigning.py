from datetime import timedelta

import pytest

from catalog.models import ShelfMark
from catalog.testing import make_category, make_product, make_sku
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.outbox.models import OutboxEvent
from members.testing import make_operator
from promotions.errors import CampaignNotReady
from promotions.models import Campaign, PricingSettings, SaleItem
from promotions.services import (
    CampaignValues,
    approve_campaign,
    publish_campaign,
    save_campaign,
    save_pricing_settings,
    submit_campaign,
)
from promotions.testing import AT, ENDS_AT, STARTS_AT, bring_live, make_pricing_settings

pytestmark = pytest.mark.django_db
STEPS = {"steps": [{"threshold_fen": 30_000, "off_fen": 5_000}]}


def values(**changes):
    return CampaignValues(
        **{
            "kind": "threshold_off",
            "title_zh": "满300减50",
            "title_en": "50 off 300",
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "rule": STEPS,
            **changes,
        }
    )


def sale(prices, **changes):
    return values(kind="sale", rule={}, prices=prices, **changes)


def test_a_draft_is_saved_with_an_audit_row_and_nobody_sees_it():
    operator = make_operator()
    make_sku()
    ShelfMark.objects.all().delete()

    campaign = save_campaign(values=values(), actor=operator, at=AT)

    assert (campaign.status, campaign.version, campaign.rule) == ("draft", 1, STEPS)
    entry = AuditEntry.objects.get(verb="promotions.save_campaign")
    assert (entry.actor, entry.before) == (operator, {})
    assert entry.after["rule"] == STEPS
    assert not ShelfMark.objects.exists()


def test_publishing_marks_the_goods_it_covers_and_tells_the_others():
    inside = make_product(category=make_category())
    make_product()
    scope = {"scope_kind": "category", "scope_ids": [inside.category_id]}
    campaign = save_campaign(values=values(**scope), at=AT)
    ShelfMark.objects.all().delete()

    campaign = bring_live(campaign)

    assert (campaign.status, campaign.version) == ("live", 1)
    assert list(ShelfMark.objects.values_list("product_id", flat=True)) == [inside.pk]
    assert OutboxEvent.objects.filter(name="promotions.campaign_changed").count() == 1
    publish_campaign(campaign_id=campaign.pk, at=AT)
    assert AuditEntry.objects.filter(verb="promotions.publish_campaign").count() == 1


def test_changing_a_live_campaign_counts_its_version_and_marks_old_and_new_goods():
    make_pricing_settings(approval_over_fen=None)
    old, new = make_sku(price_fen=10_000), make_sku(price_fen=10_000)
    campaign = bring_live(save_campaign(values=sale({old.pk: 8_000}), at=AT))
    ShelfMark.objects.all().delete()

    changed = save_campaign(values=sale({new.pk: 7_000}), campaign_id=campaign.pk, at=AT)

    assert (changed.version, changed.status) == (2, "live")
    assert list(SaleItem.objects.values_list("sku_id", "price_fen")) == [(new.pk, 7_000)]
    marked = ShelfMark.objects.values_list("product_id", flat=True)
    assert set(marked) == {old.product_id, new.product_id}


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"steps": []},
        {"steps": "30000-5000"},
        {"steps": [{"threshold_fen": 30_000}]},
        {"steps": [{"threshold_fen": 30_000, "off_fen": 0}]},
        {"steps": [{"threshold_fen": 30_000, "off_fen": -1}]},
        {"steps": [{"threshold_fen": 300.0, "off_fen": 50}]},
        {"steps": [{"threshold_fen": True, "off_fen": True}]},
        {"steps": [{"threshold_fen": 5_000, "off_fen": 5_000}]},
        {"steps": [{"threshold_fen": 100, "off_fen": 10}, {"threshold_fen": 200, "off_fen": 10}]},
        {"steps": [{"threshold_fen": 100, "off_fen": 10}, {"threshold_fen": 100, "off_fen": 20}]},
        {"steps": [{"threshold_fen": 10**n, "off_fen": n + 1} for n in range(1, 12)]},
    ],
)
def test_steps_that_make_no_sense_are_refused(rule):
    with pytest.raises(InvalidInput):
        save_campaign(values=values(rule=rule), at=AT)

    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "raffle"},
        {"kind": "presale", "rule": {}},
        {"budget_fen": 0},
        {"region_prefixes": ["GD"]},
        {"tier_codes": ["platinum"]},
        {"excludes": ["nonsense"]},
        {"plan_id": 10**9},
        {"ends_at": STARTS_AT},
        {"scope_kind": "category", "scope_ids": [10**9]},
        {"scope_kind": "products"},
        {"kind": "second_half_price", "rule": {"second_rate_bp": 10_000}},
        {"kind": "free_freight", "rule": {}},
        {"kind": "sale", "rule": {"rate_bp": 0}},
    ],
)
def test_other_nonsense_is_refused_too(changes):
    with pytest.raises(InvalidInput):
        save_campaign(values=values(**changes), at=AT)

    assert not Campaign.objects.exists()


@pytest.mark.parametrize("price_fen", [0, -1, 10_000, 10_001])
def test_a_sale_price_lies_between_nothing_and_the_ordinary_price(price_fen):
    sku = make_sku(price_fen=10_000)

    with pytest.raises(InvalidInput):
        save_campaign(values=sale({sku.pk: price_fen}), at=AT)


def test_only_a_sale_has_prices():
    sku = make_sku(price_fen=10_000)

    with pytest.raises(InvalidInput):
        save_campaign(values=values(prices={sku.pk: 5_000}), at=AT)


def test_a_sale_without_goods_or_a_campaign_that_is_over_cannot_go_live():
    empty = save_campaign(values=sale({}), at=AT)
    over = save_campaign(values=values(), at=AT)

    for deed in (submit_campaign, publish_campaign):
        with pytest.raises(CampaignNotReady):
            deed(campaign_id=empty.pk, at=AT)
        with pytest.raises(CampaignNotReady):
            deed(campaign_id=over.pk, at=ENDS_AT + timedelta(seconds=1))

    assert not Campaign.objects.exclude(status="draft").exists()


def test_a_live_sale_cannot_lose_its_last_price():
    make_pricing_settings(approval_over_fen=None)
    sku = make_sku(price_fen=10_000)
    campaign = bring_live(save_campaign(values=sale({sku.pk: 5_000}), at=AT))

    with pytest.raises(CampaignNotReady):
        save_campaign(values=sale({}), campaign_id=campaign.pk, at=AT)

    assert SaleItem.objects.count() == 1


def test_a_scope_gets_words_unless_the_operator_wrote_some():
    one, two = make_category(title_zh="绿茶"), make_category(title_zh="红茶")
    scope = {"scope_kind": "category", "scope_ids": [two.pk, one.pk, one.pk]}

    named = save_campaign(values=values(**scope), at=AT)
    written = save_campaign(values=values(**scope, scope_text_zh="茶"), at=AT)

    assert (named.scope_ids, named.scope_text_zh) == ([one.pk, two.pk], "绿茶、红茶")
    assert written.scope_text_zh == "茶"


def test_an_unknown_campaign_is_not_found():
    for deed in (submit_campaign, approve_campaign, publish_campaign):
        with pytest.raises(NotFound):
            deed(campaign_id=10**9, at=AT)


def test_the_worth_of_points_is_set_with_an_audit_row():
    save_pricing_settings(points_unit=100, points_unit_fen=50, points_cap_bp=3_000, at=AT)

    row = PricingSettings.objects.get()
    assert (row.points_unit_fen, row.points_cap_bp, row.version) == (50, 3_000, 2)
    assert AuditEntry.objects.get().after["points_cap_bp"] == 3_000
    with pytest.raises(InvalidInput):
        save_pricing_settings(points_unit=0, points_unit_fen=50, points_cap_bp=3_000, at=AT)
