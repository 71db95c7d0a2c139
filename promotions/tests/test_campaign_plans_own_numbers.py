"""The campaigns of the plans with the plans' own numbers, made by configuration only."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import translation

from catalog.selectors import skus_for_pricing
from catalog.testing import make_freight_template, make_product, make_sku
from mall.kernel.testing.queries import count_queries
from members.models import Tier
from promotions import engine
from promotions.loading import rules_for
from promotions.presenting import offer_dict, shelf_badge
from promotions.selectors import conflicts_of, deal_on
from promotions.testing import (
    AT,
    make_campaign,
    make_sale,
    make_threshold_off,
)
from promotions.tests.test_loading import line_of

pytestmark = pytest.mark.django_db
GUANGDONG = "440106001"


def shopper(code, **facts):
    """A member of a tier with the tier's own rights."""
    tier = Tier.objects.get(code=code)
    return engine.Shopper(
        member_id=1,
        tier_code=code,
        tier_id=tier.pk,
        tier_rate_bp=tier.rate_bp,
        tier_free_freight_fen=tier.free_freight_fen,
        **facts,
    )


def quoted(*lines, who=engine.GUEST, region_code=None, at=AT):
    rules = rules_for(lines=lines, shopper=None, at=at)
    return engine.price(engine.Basket(lines, region_code), who, rules, at)


def goods(fen):
    return make_sku(price_fen=fen, list_price_fen=fen)


def test_P_37_300_less_50_gold_at_95_and_diamond_without_freight():
    template = make_freight_template(first_fee_fen=1_000)
    product = make_product(freight_template=template, price_fen=30_000)
    product.skus.update(list_price_fen=30_000)
    Tier.objects.update(rate_bp=10_000, free_freight_fen=None)
    Tier.objects.filter(code="gold").update(rate_bp=9_500)
    make_threshold_off(steps=((30_000, 5_000),))
    make_campaign("free_freight", rule={"threshold_fen": 0}, tier_codes=["diamond"])
    line = line_of(product.skus.get())

    normal, gold, diamond = (
        quoted(line, who=shopper(code), region_code=GUANGDONG)
        for code in ("normal", "gold", "diamond")
    )

    assert normal.payable_fen - normal.freight_fen == 25_000
    assert gold.payable_fen - gold.freight_fen == 23_750
    assert (normal.freight_fen, gold.freight_fen, diamond.freight_fen) == (1_000, 1_000, 0)


def test_P_23_the_highest_step_reached_applies():
    make_threshold_off(steps=((20_000, 2_000), (30_000, 5_000)))

    assert quoted(line_of(goods(29_900))).discount_fen == 2_000
    assert quoted(line_of(goods(30_000))).discount_fen == 5_000


def test_P_24_lines_of_two_shops_reach_the_threshold_together_and_share_it():
    make_threshold_off(steps=((30_000, 5_000),))
    lines = (line_of(goods(10_000)), line_of(goods(20_000), key="2"))

    quote = quoted(*lines)

    assert [line.payable_fen for line in quote.lines] == [8_333, 16_667]


def test_P_25_three_pieces_at_80_percent_apply_at_the_third():
    make_campaign("pieces_rate", rule={"steps": [{"pieces": 3, "rate_bp": 8_000}]})
    sku = goods(1_000)

    assert quoted(line_of(sku, quantity=2)).payable_fen == 2_000
    assert quoted(line_of(sku, quantity=3)).payable_fen == 2_400


def test_P_26_every_second_piece_at_half_price():
    make_campaign("second_half_price", rule={"second_rate_bp": 5_000})
    sku = goods(1_000)

    assert quoted(line_of(sku, quantity=2)).payable_fen == 1_500
    assert quoted(line_of(sku, quantity=3)).payable_fen == 2_500


def test_P_27_a_bundle_has_its_price_only_together():
    main, accessory = goods(20_000), goods(5_000)
    bundle = [{"sku_id": sku.pk, "pieces": 1} for sku in (main, accessory)]
    make_campaign("bundle_price", rule={"bundle": bundle, "price_fen": 22_000})

    assert quoted(line_of(main), line_of(accessory, key="2")).payable_fen == 22_000
    assert quoted(line_of(main)).payable_fen == 20_000


def test_P_28_two_hundred_adds_the_gift_and_a_sold_out_one_is_replaced():
    first, second = goods(2_900), goods(1_900)
    options = [{"sku_id": sku.pk, "value_fen": sku.price_fen} for sku in (first, second)]
    make_campaign("gift", rule={"options": options, "threshold_fen": 20_000})
    line = line_of(goods(20_000))
    rules = rules_for(lines=[line], shopper=None, at=AT)

    def given(stock):
        book = replace(rules, gift_stock=stock)
        quote = engine.price(engine.Basket((line,)), engine.GUEST, book, AT)
        return [gift.sku_id for gift in quote.gifts]

    assert given({first.pk: 5, second.pk: 5}) == [first.pk]
    assert given({first.pk: 0, second.pk: 5}) == [second.pk]
    assert given({first.pk: 0, second.pk: 0}) == []
    assert quoted(line_of(goods(19_900))).gifts == ()


def test_C_30_from_ten_pieces_on_each_costs_9():
    sku = goods(1_000)
    ladders = [{"sku_id": sku.pk, "pieces": 10, "price_fen": 900}]
    make_campaign("quantity_price", rule={"ladders": ladders})

    assert quoted(line_of(sku, quantity=9)).payable_fen == 9_000
    assert quoted(line_of(sku, quantity=10)).payable_fen == 9_000
    assert quoted(line_of(sku, quantity=11)).payable_fen == 9_900


def test_C_31_P_36_a_member_price_is_for_its_tier_alone_and_the_same_for_all_of_it():
    sku = goods(10_000)
    Tier.objects.update(rate_bp=10_000)
    campaign = make_campaign("member_price", tier_codes=["gold"])
    campaign.sale_items.create(sku=sku, price_fen=9_000)
    line = line_of(sku)

    one, other = (replace(shopper("gold"), member_id=n) for n in (1, 2))

    assert quoted(line, who=one).payable_fen == quoted(line, who=other).payable_fen == 9_000
    assert quoted(line, who=shopper("normal")).payable_fen == 10_000
    assert quoted(line).payable_fen == 10_000


def test_M_10_gold_pays_95_of_100():
    Tier.objects.filter(code="gold").update(rate_bp=9_500)

    assert quoted(line_of(goods(10_000)), who=shopper("gold")).payable_fen == 9_500


def test_M_18_who_has_spent_500_gets_the_discount():
    Tier.objects.update(rate_bp=10_000)
    make_campaign("loyal_rate", rule={"rate_bp": 9_500, "threshold_fen": 50_000})
    line = line_of(goods(10_000))

    assert quoted(line, who=shopper("normal", spent_fen=50_000)).payable_fen == 9_500
    assert quoted(line, who=shopper("normal", spent_fen=49_999)).payable_fen == 10_000


def test_M_45_the_price_falls_on_the_8th_and_is_normal_on_the_9th():
    make_campaign("member_day", rule={"days": [8], "rate_bp": 9_000})
    line = line_of(goods(10_000))
    eighth, ninth = (datetime(2026, 12, day, 4, tzinfo=UTC) for day in (8, 9))

    assert quoted(line, at=eighth).payable_fen == 9_000
    assert quoted(line, at=ninth).payable_fen == 10_000


def test_M_46_a_new_customer_gets_nothing_on_the_old_customers_day():
    Tier.objects.update(rate_bp=10_000)
    make_campaign("loyal_rate", rule={"rate_bp": 9_000, "min_orders": 1, "days": [22]})
    line = line_of(goods(10_000))

    assert quoted(line, who=shopper("normal", completed_orders=1)).payable_fen == 9_000
    assert quoted(line, who=shopper("normal")).payable_fen == 10_000


def test_O_03_the_next_step_is_20_away():
    make_threshold_off(steps=((30_000, 5_000),))
    line = line_of(goods(28_000))
    rules = rules_for(lines=[line], shopper=None, at=AT)

    settlement = engine.settle(engine.Basket((line,)), engine.GUEST, rules, AT)

    (near,) = engine.near_offers(settlement)
    assert (near.missing_fen, near.off_fen) == (2_000, 5_000)


def test_O_07_of_two_campaigns_of_one_group_a_line_takes_one():
    make_campaign("second_half_price", rule={"second_rate_bp": 5_000}, exclusive_group="autumn")
    make_threshold_off(steps=((10_000, 1_000),), exclusive_group="autumn")
    line = line_of(goods(10_000), quantity=2)

    quote = quoted(line)

    assert [step.kind for step in quote.lines[0].steps] == ["second_half_price"]


def test_P_18_a_sale_price_switches_at_start_and_end_by_the_clock():
    sku = goods(10_000)
    start, end = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    make_sale(prices={sku.pk: 8_000}, starts_at=start, ends_at=end)
    line = line_of(sku)
    tick = datetime.resolution

    prices = [quoted(line, at=at).payable_fen for at in (start - tick, start, end - tick, end)]

    assert prices == [10_000, 8_000, 8_000, 10_000]


def test_P_39_every_kind_has_its_badge_in_both_languages():
    sku, gift = goods(10_000), goods(2_900)
    for kind, rule in (
        ("gift", {"options": [{"sku_id": gift.pk, "value_fen": 2_900}], "threshold_fen": 20_000}),
        ("threshold_rate", {"steps": [{"threshold_fen": 30_000, "rate_bp": 9_000}]}),
        ("every_off", {"every_fen": 10_000, "off_fen": 1_000}),
        ("pieces_rate", {"steps": [{"pieces": 3, "rate_bp": 8_000}]}),
        ("quantity_price", {"steps": [{"pieces": 10, "rate_bp": 9_000}]}),
        ("bundle_price", {"bundle": [{"sku_id": sku.pk, "pieces": 2}], "price_fen": 15_000}),
        ("member_day", {"days": [8], "rate_bp": 9_000}),
        ("loyal_rate", {"rate_bp": 9_500, "threshold_fen": 50_000}),
        ("free_freight", {"threshold_fen": 0}),
        ("second_half_price", {"second_rate_bp": 5_000}),
        ("sale", {"rate_bp": 9_000}),
    ):
        make_campaign(kind, rule=rule)
    make_threshold_off()

    rules = rules_for(lines=[line_of(sku)], shopper=None, at=AT).promotions
    badges = {badge["kind"]: badge["label_en"] for badge in map(shelf_badge, rules)}

    assert badges == {
        "gift": "Gift from ¥200",
        "threshold_rate": "10% off from ¥300",
        "every_off": "¥10 off every ¥100",
        "pieces_rate": "20% off on 3 pieces",
        "quantity_price": "Cheaper from 10 pieces",
        "bundle_price": "Bundle ¥150",
        "member_day": "Member day 10% off",
        "loyal_rate": "Old customers 5% off",
        "free_freight": "Free freight",
        "second_half_price": "2nd piece 50% off",
        "sale": "Sale price",
        "threshold_off": "¥50 off ¥300",
    }


def test_P_36_everybody_sees_the_price_of_gold_and_its_amount():
    sku = goods(10_000)
    campaign = make_campaign("member_price", tier_codes=["gold"])
    campaign.sale_items.create(sku=sku, price_fen=9_000)

    deal = deal_on(skus_for_pricing([sku.pk], AT), AT)

    assert deal.prices[sku.pk] == (10_000, 10_000)
    with translation.override("zh-hans"):
        shown = offer_dict(deal.campaigns[0], deal.member_tags[campaign.pk])
    title = Tier.objects.get(code="gold").title_zh
    assert title in shown["label"]
    assert "90" in shown["label"]


def test_M_45_the_badge_of_the_member_day_is_there_on_its_day_only():
    make_campaign("member_day", rule={"days": [8], "rate_bp": 9_000})
    sku = goods(10_000)
    shown = {
        day: [one.kind for one in deal_on(skus_for_pricing([sku.pk], at), at).campaigns]
        for day in (8, 9)
        for at in (datetime(2026, 12, day, 4, tzinfo=UTC),)
    }

    assert shown == {8: ["member_day"], 9: []}


def test_O_07_a_clash_is_said_when_a_campaign_is_saved():
    make_threshold_off(title_zh="秋季满减")
    second = make_campaign("every_off", rule={"every_fen": 10_000, "off_fen": 1_000})
    make_campaign("second_half_price", rule={"second_rate_bp": 5_000}, status="draft")

    with translation.override("en"):
        told = conflicts_of(second)

    assert told == [
        "秋季满减 has the same priority and shares goods: of both a line has the larger saving."
    ]
    with count_queries(at_most=2):
        conflicts_of(second)
