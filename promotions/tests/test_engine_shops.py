"""X-57: each shop sends its own parcels; what is taken off freight is shared over shops; campaigns
know no shop."""

import pytest

from promotions.engine import (
    CouponFreight,
    FreeFreight,
    FreightRate,
    FreightTemplate,
    Rules,
    Shopper,
    ThresholdOff,
    Undeliverable,
    freight_by_shop,
    price,
)
from promotions.tests.engine_builders import NOON, PARCEL, law, line, quote, taken
from promotions.tests.engine_strategies import cases

BEIJING, LHASA = "110101", "540102"
OWN, TEAHOUSE = 1, 2
SENT = Rules(templates={1: PARCEL})


def of_shops(**facts):
    """600 g of each of two shops, by one template."""
    return (
        line("a", weight_grams=600, template_id=1, shop_id=OWN, **facts),
        line("b", weight_grams=600, template_id=1, shop_id=TEAHOUSE, **facts),
    )


def parts(freight):
    return [(part.shop_id, part.base_fen, part.freight_fen) for part in freight_by_shop(freight)]


def test_each_shop_pays_for_its_own_parcel():
    priced = quote(*of_shops(), rules=SENT, region_code=BEIJING)

    assert [(fee.shop_id, fee.template_id, fee.units) for fee in priced.freight.fees] == [
        (OWN, 1, 600),
        (TEAHOUSE, 1, 600),
    ]
    assert (priced.freight_fen, parts(priced.freight)) == (1_000, [(1, 500, 500), (2, 500, 500)])


def test_X_57_a_threshold_across_shops_is_one_line_and_freight_is_by_shop():
    across = ThresholdOff(rule_id=7, steps=((30_000, 5_000),))
    rules = Rules(promotions=(across,), templates={1: PARCEL})

    priced = quote(*of_shops(list_fen=15_000, price_fen=15_000), rules=rules, region_code=BEIJING)

    assert (taken(priced, "a"), taken(priced, "b")) == (
        [("threshold_off", 2_500)],
        [("threshold_off", 2_500)],
    )
    assert (priced.discount_fen, priced.payable_fen) == (5_000, 30_000 - 5_000 + 2 * 500)


def test_a_template_is_free_from_its_amount_in_one_shop():
    from_99 = FreightTemplate(1, FreightRate(1000, 500, 1000, 100, free_from_fen=9_900))
    lines = (
        line("a", 9_900, template_id=1, shop_id=OWN),
        line("b", 9_800, template_id=1, shop_id=TEAHOUSE),
    )

    priced = quote(*lines, rules=Rules(templates={1: from_99}), region_code=BEIJING)

    assert parts(priced.freight) == [(OWN, 500, 0), (TEAHOUSE, 500, 500)]


def test_free_freight_of_a_tier_frees_every_shop():
    diamond = Shopper(tier_code="diamond", tier_free_freight_fen=0, tier_id=4)

    priced = quote(*of_shops(), shopper=diamond, rules=SENT, region_code=BEIJING)

    assert parts(priced.freight) == [(OWN, 500, 0), (TEAHOUSE, 500, 0)]


def test_a_capped_coupon_is_split_over_the_shops_by_what_they_still_cost():
    coupon = CouponFreight(rule_id=1, coupon_id=1, cap_fen=601)
    lines = (
        line("a", weight_grams=600, template_id=1, shop_id=OWN),
        line("b", weight_grams=6_000, template_id=1, shop_id=TEAHOUSE),
    )

    priced = quote(*lines, rules=SENT, region_code=BEIJING, coupons=(coupon,))

    assert parts(priced.freight) == [(OWN, 500, 300), (TEAHOUSE, 1_000, 599)]


def test_a_campaigns_free_freight_counts_the_goods_of_all_shops():
    campaign = FreeFreight(rule_id=6, threshold_fen=20_000)
    rules = Rules(promotions=(campaign,), templates={1: PARCEL})

    assert quote(*of_shops(), rules=rules, region_code=BEIJING).freight_fen == 0


def test_what_is_not_sent_somewhere_is_so_from_every_shop():
    with pytest.raises(Undeliverable) as caught:
        quote(*of_shops(), rules=SENT, region_code=LHASA)

    assert caught.value.line_keys == ("a", "b")


def test_without_an_address_no_shop_has_a_freight():
    assert parts(quote(*of_shops(), rules=SENT).freight) == []


@law(cases())
def test_the_shops_freights_add_up_and_none_is_negative(case):
    basket, shopper, rules = case

    freight = price(basket, shopper, rules, NOON).freight
    found = freight_by_shop(freight)

    assert sum(part.base_fen for part in found) == freight.base_fen
    assert sum(part.freight_fen for part in found) == freight.freight_fen
    assert all(0 <= part.freight_fen <= part.base_fen for part in found)
