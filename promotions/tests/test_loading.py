from datetime import timedelta

import pytest

from catalog.models import FreightRegion
from catalog.testing import make_brand, make_category, make_freight_template, make_product, make_sku
from mall.kernel.errors import NotFound
from mall.kernel.testing.queries import count_queries
from members.selectors import shopper_facts
from members.testing import make_member
from promotions import engine
from promotions.errors import CouponNotUsable
from promotions.loading import coupon_rules, rules_for
from promotions.models import Campaign
from promotions.services import lock_grants
from promotions.testing import (
    AT,
    make_campaign,
    make_coupon,
    make_grant,
    make_pricing_settings,
    make_sale,
    make_threshold_off,
)

pytestmark = pytest.mark.django_db


def line_of(sku, *, key="1", quantity=1):
    product = sku.product
    return engine.Line(
        key=key,
        sku_id=sku.pk,
        product_id=product.pk,
        category_path=tuple(product.category.path_ids),
        brand_id=product.brand_id,
        quantity=quantity,
        list_fen=sku.list_price_fen,
        price_fen=sku.price_fen,
        weight_grams=sku.weight_grams,
        template_id=product.freight_template_id,
    )


def rules_of(*lines, shopper=None, at=AT):
    return rules_for(lines=lines, shopper=shopper, at=at)


def ids(rules):
    return [rule.rule_id for rule in rules.promotions]


def priced(*lines, coupons=(), region_code=None, shopper=engine.GUEST):
    basket = engine.Basket(lines, region_code, 0, coupons)
    return engine.price(basket, shopper, rules_of(*lines), AT)


def test_the_highest_step_of_a_threshold_offer_comes_off():
    make_threshold_off(steps=((20_000, 2_000), (30_000, 5_000)))
    sku = make_sku(price_fen=30_000, list_price_fen=30_000)

    assert priced(line_of(sku)).payable_fen == 25_000


def test_steps_reach_exactly_at_their_threshold():
    make_threshold_off(steps=((20_000, 2_000), (30_000, 5_000)))
    sku = make_sku(price_fen=29_900, list_price_fen=29_900)

    assert priced(line_of(sku)).payable_fen == 27_900


def test_a_sale_gives_its_fixed_price_to_its_own_skus_only():
    on_sale, other = make_sku(price_fen=10_000), make_sku(price_fen=10_000)
    make_sale(prices={on_sale.pk: 8_000})

    assert priced(line_of(on_sale)).payable_fen == 8_000
    assert priced(line_of(other)).payable_fen == 10_000
    assert not rules_of(line_of(other)).promotions


def test_a_sale_at_a_rate_holds_for_its_scope_beside_its_fixed_prices():
    fixed, rated, other = (make_sku(price_fen=10_000) for _n in range(3))
    make_sale(
        prices={fixed.pk: 5_000},
        rule={"rate_bp": 9_000},
        scope_kind="products",
        scope_ids=[rated.product_id],
    )

    assert priced(line_of(fixed)).payable_fen == 5_000
    assert priced(line_of(rated)).payable_fen == 9_000
    assert priced(line_of(other)).payable_fen == 10_000


@pytest.mark.parametrize("kind", ["category", "brand", "products"])
def test_a_scope_holds_what_it_names_and_nothing_else(kind):
    category, brand = make_category(), make_brand()
    inside = make_product(category=category, brand=brand, price_fen=40_000).skus.get()
    outside = make_sku(price_fen=40_000)
    root_id = category.path_ids[0]
    scope_ids = {"category": [root_id], "brand": [brand.pk], "products": [inside.product_id]}[kind]
    campaign = make_threshold_off(scope_kind=kind, scope_ids=scope_ids)

    assert ids(rules_of(line_of(inside))) == [campaign.pk]
    assert ids(rules_of(line_of(outside))) == []
    assert ids(rules_of(line_of(inside), line_of(outside, key="2"))) == [campaign.pk]


def test_campaigns_that_are_not_live_or_over_are_left_out():
    sku = make_sku()
    make_threshold_off(status=Campaign.Status.DRAFT)
    make_threshold_off(status=Campaign.Status.PAUSED)
    make_threshold_off(ends_at=AT)

    assert rules_of(line_of(sku)).promotions == ()


def test_a_campaign_about_to_begin_bounds_the_quote_without_lowering_it():
    sku = make_sku(price_fen=40_000)
    soon = AT + timedelta(minutes=10)
    make_threshold_off(starts_at=soon)
    make_threshold_off(starts_at=AT + timedelta(hours=1))

    quote = priced(line_of(sku))

    assert quote.payable_fen == 40_000
    assert quote.valid_until == soon


def test_a_rule_spoilt_by_hand_is_left_out_and_logged(caplog):
    make_threshold_off()
    Campaign.objects.update(rule={"steps": "many"})

    assert rules_of(line_of(make_sku())).promotions == ()
    assert "left out" in caplog.text


def test_other_kinds_are_read_from_their_rules():
    sku = make_sku(price_fen=10_000)
    make_campaign("second_half_price", rule={"second_rate_bp": 5_000})
    make_campaign("free_freight", rule={"threshold_fen": 9_900})

    quote = priced(line_of(sku, quantity=2), region_code="330106001")

    assert quote.payable_fen == 15_000
    assert quote.freight.freight_fen == 0 < quote.freight.base_fen


def test_O_09_O_10_freight_follows_template_and_region():
    template = make_freight_template(first_fee_fen=500, step_fee_fen=100)
    FreightRegion.objects.create(
        template=template, region_prefix="65", first_fee_fen=2_000, step_fee_fen=800
    )
    FreightRegion.objects.create(template=template, region_prefix="71", is_delivered=False)
    product = make_product(freight_template=template)
    product.skus.update(weight_grams=2_300)
    line = line_of(product.skus.get())

    assert priced(line, region_code="330106001").freight.freight_fen == 700
    assert priced(line, region_code="650102001").freight.freight_fen == 3_600
    with pytest.raises(engine.Undeliverable):
        priced(line, region_code="710001")


def test_points_follow_the_shops_settings_and_the_tiers_rate():
    make_pricing_settings(points_unit=200, points_cap_bp=3_000, version=7)
    member = make_member(tier="gold", at=AT)

    points = rules_of(line_of(make_sku()), shopper=shopper_facts(member.pk, AT)).points

    assert (points.unit, points.cap_bp, points.version) == (200, 3_000, 7)
    assert points.earn_bp == member.tier.points_rate_bp


def test_coupons_become_rules_of_their_kind():
    member = make_member()
    coupons = [
        make_coupon(off_fen=1_000, threshold_fen=5_000),
        make_coupon(kind="rate", rate_bp=8_500, cap_fen=3_000, exclusive_group="rate"),
        make_coupon(kind="free_freight", cap_fen=800),
    ]
    grants = [make_grant(member=member, coupon=coupon) for coupon in coupons]

    chosen = [grant.pk for grant in grants]
    amount, rate, freight = coupon_rules(member_id=member.pk, grant_ids=chosen, at=AT)

    assert (amount.grant_id, amount.coupon_id) == (grants[0].pk, coupons[0].pk)
    assert (amount.off_fen, amount.threshold_fen) == (1_000, 5_000)
    assert (rate.rate_bp, rate.cap_fen, rate.group) == (8_500, 3_000, "rate")
    assert (freight.lane, freight.cap_fen) == (engine.Lane.FREIGHT, 800)


def test_a_foreign_coupon_is_not_there_and_a_locked_one_not_usable():
    member = make_member()
    foreign = make_grant(member=make_member())
    locked = make_grant(member=member)
    lock_grants(grant_ids=[locked.pk], member_id=member.pk, order_number="A1", at=AT)

    with pytest.raises(NotFound):
        coupon_rules(member_id=member.pk, grant_ids=[foreign.pk], at=AT)
    with pytest.raises(CouponNotUsable) as refusal:
        coupon_rules(member_id=member.pk, grant_ids=[locked.pk], at=AT)

    assert refusal.value.facts == {"grant_id": locked.pk, "reason_code": "locked"}


def test_the_wallet_holds_what_is_neither_used_nor_over():
    member = make_member()
    usable = make_grant(member=member)
    late = make_grant(member=member, coupon=make_coupon(ends_at=AT + timedelta(days=1)))
    over = make_grant(member=member, coupon=make_coupon(ends_at=AT + timedelta(seconds=1)))
    locked = make_grant(member=member)
    lock_grants(grant_ids=[locked.pk], member_id=member.pk, order_number="A1", at=AT)

    wallet = coupon_rules(member_id=member.pk, grant_ids=None, at=AT + timedelta(seconds=1))

    assert [rule.grant_id for rule in wallet] == [late.pk, usable.pk]
    assert over.pk not in [rule.grant_id for rule in wallet]


def test_rules_cost_two_statements_for_one_line_and_for_fifty():
    skus = [make_sku() for _n in range(50)]
    lines = [line_of(sku, key=str(n)) for n, sku in enumerate(skus)]
    for sku in skus[:10]:
        make_sale(prices={sku.pk: 100})
        make_threshold_off()

    with count_queries(at_most=2) as one:
        rules_for(lines=lines[:1], shopper=None, at=AT)
    with count_queries(at_most=2) as fifty:
        rules_for(lines=lines, shopper=None, at=AT)

    assert len(one) == len(fifty) == 2


def test_a_wallet_costs_one_statement_for_two_coupons_and_for_fifty():
    member = make_member()
    for held in (2, 48):
        for _n in range(held):
            make_grant(member=member)
        with count_queries(at_most=1):
            coupon_rules(member_id=member.pk, grant_ids=None, at=AT)


def test_every_kind_a_verb_can_write_becomes_a_rule_of_the_engine():
    one, gift = make_sku(price_fen=10_000), make_sku(price_fen=2_900)
    options = [{"sku_id": gift.pk, "value_fen": 2_900}]
    rules = {
        "quantity_price": {"steps": [{"pieces": 10, "rate_bp": 9_000}]},
        "second_half_price": {"second_rate_bp": 5_000},
        "pieces_rate": {"steps": [{"pieces": 3, "rate_bp": 8_000}]},
        "bundle_price": {"bundle": [{"sku_id": one.pk, "pieces": 2}], "price_fen": 9_900},
        "gift": {"options": options, "threshold_fen": 20_000},
        "threshold_off": {"steps": [{"threshold_fen": 30_000, "off_fen": 5_000}]},
        "threshold_rate": {"steps": [{"threshold_fen": 30_000, "rate_bp": 9_000}]},
        "every_off": {"every_fen": 10_000, "off_fen": 1_000},
        "member_day": {"days": [8], "rate_bp": 9_000},
        "loyal_rate": {"rate_bp": 9_500, "threshold_fen": 50_000},
        "free_freight": {"threshold_fen": 0},
        "sale": {"rate_bp": 9_500},
    }
    for kind, rule in rules.items():
        make_campaign(kind, rule=rule)
    make_campaign("member_price", tier_codes=["gold"]).sale_items.create(sku=one, price_fen=9_000)

    loaded = rules_of(line_of(one)).promotions

    assert {rule.kind for rule in loaded} == {*rules, "member_price"}


def test_limits_travel_with_the_rule():
    make_threshold_off(
        tier_codes=["gold"],
        region_prefixes=["44"],
        excludes=["coupon"],
        exclusive_group="autumn",
        budget_fen=100,
        spent_fen=40,
    )

    (rule,) = rules_of(line_of(make_sku())).promotions

    assert (rule.tier_codes, rule.region_prefixes) == (frozenset({"gold"}), frozenset({"44"}))
    assert (rule.excludes, rule.exclusive_group) == (frozenset({engine.Lane.COUPON}), "autumn")
    assert rule.budget_left_fen == 60


def test_P_29_a_threshold_gives_money_off_and_a_gift():
    gift = make_sku(price_fen=2_900)
    make_campaign(
        "threshold_off",
        rule={
            "steps": [{"threshold_fen": 30_000, "off_fen": 5_000}],
            "gift": {"options": [{"sku_id": gift.pk, "value_fen": 2_900}]},
        },
    )
    reached = make_sku(price_fen=30_000, list_price_fen=30_000)
    short = make_sku(price_fen=29_900, list_price_fen=29_900)

    with_gift, without = priced(line_of(reached)), priced(line_of(short))

    assert with_gift.payable_fen == 25_000
    assert [(line.sku_id, line.quantity) for line in with_gift.gifts] == [(gift.pk, 1)]
    assert (without.payable_fen, without.gifts) == (29_900, ())


def test_P_66_a_campaign_of_guangdong_does_not_apply_to_an_address_in_beijing():
    make_threshold_off(region_prefixes=["44"])
    line = line_of(make_sku(price_fen=30_000, list_price_fen=30_000))

    assert priced(line, region_code="440106001").discount_fen == 5_000
    assert priced(line, region_code="110101001").discount_fen == 0
