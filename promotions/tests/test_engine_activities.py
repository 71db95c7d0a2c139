"""Activity prices: only for lines put in for them, with their own row of the stacking matrix."""

import pytest

from promotions.engine import (
    BargainPrice,
    CouponAmount,
    CouponRefused,
    FlashPrice,
    FreeFreight,
    GroupPrice,
    Lane,
    Offer,
    OfferRefused,
    PresalePrice,
    Rules,
    Sale,
    ThresholdOff,
    quote_hash,
    shut_lanes,
)
from promotions.engine.stacking import ACTIVITY_SHUTS
from promotions.tests.engine_builders import GOLD, PARCEL, line, quote, taken

SKU = ord("a")
FLASH = FlashPrice(rule_id=4, prices={SKU: 9_900})
TEN = CouponAmount(rule_id=2, coupon_id=20, off_fen=1_000)
FIFTY_OFF = ThresholdOff(rule_id=7, steps=((100, 5_000),))


def wanted(kind="flash", rule_id=4, reference="", **facts):
    return line(offer=Offer(kind, rule_id, reference), **({"fen": 20_000} | facts))


def presale(deposit_fen=2_000, worth_fen=5_000, **facts):
    deposits = {SKU: (deposit_fen, worth_fen)}
    return PresalePrice(rule_id=4, prices={SKU: 20_000}, deposits=deposits, **facts)


@pytest.mark.parametrize("activity", [FlashPrice, GroupPrice])
def test_an_activity_names_its_price_and_shuts_the_offers_tier_and_coupon_lanes(activity):
    rule = activity(rule_id=4, prices={SKU: 9_900})

    priced = quote(wanted(rule.kind, quantity=2), shopper=GOLD, promotions=(rule, FIFTY_OFF))

    assert taken(priced, "a") == [(rule.kind, 20_200)]
    with pytest.raises(CouponRefused) as refused:
        quote(wanted(rule.kind), promotions=(rule,), coupons=(TEN,))
    assert refused.value.reason_code == "stacking_excluded"


def test_an_activity_that_allows_coupons_takes_them():
    open_to_coupons = FlashPrice(
        rule_id=4, prices={SKU: 9_900}, excludes=shut_lanes("flash", allows=[Lane.COUPON])
    )

    priced = quote(wanted(), shopper=GOLD, promotions=(open_to_coupons,), coupons=(TEN,))

    assert taken(priced, "a") == [("flash", 10_100), ("coupon_amount", 1_000)]


def test_the_matrix_of_a_kind_is_its_row_less_the_allowed_and_more():
    assert shut_lanes("flash") == ACTIVITY_SHUTS
    assert shut_lanes("group", allows=ACTIVITY_SHUTS, also=[Lane.POINTS]) == {Lane.POINTS}
    assert shut_lanes("sale") == frozenset()


def test_points_pay_in_an_activity_unless_it_excludes_them():
    shut = FlashPrice(rule_id=4, prices={SKU: 9_900}, excludes=frozenset({Lane.POINTS}))

    assert quote(wanted(), shopper=GOLD, promotions=(FLASH,)).points.max == 4_900
    assert quote(wanted(), shopper=GOLD, promotions=(shut,)).points.max == 0


def test_a_cheaper_sale_leaves_the_line_to_its_activity():
    sale = Sale(rule_id=1, rate_bp=1_000)

    assert taken(quote(wanted(), promotions=(FLASH, sale)), "a") == [("flash", 10_100)]


def test_an_activity_never_asks_more_than_the_shop():
    assert quote(wanted(fen=9_000), promotions=(FLASH,)).payable_fen == 9_000


@pytest.mark.parametrize("offer", [Offer("flash", 5), Offer("group", 4)])
def test_a_line_for_another_activity_is_refused(offer):
    with pytest.raises(OfferRefused):
        quote(line(offer=offer), promotions=(FLASH,))


def test_a_sku_that_is_not_in_the_activity_is_refused():
    with pytest.raises(OfferRefused):
        quote(wanted(sku_id=5), promotions=(FLASH,))


def test_a_bargain_costs_what_its_own_start_was_cut_to():
    rule = BargainPrice(rule_id=4, prices_by_reference={"B1": 15_000, "B2": 100})

    assert quote(wanted("bargain", reference="B1"), promotions=(rule,)).payable_fen == 15_000
    assert quote(wanted("bargain", reference="B2"), promotions=(rule,)).payable_fen == 100
    with pytest.raises(OfferRefused):
        quote(wanted("bargain", reference="B3"), promotions=(rule,))


def test_P_30_a_deposit_of_20_counts_50_on_200_and_leaves_150():
    priced = quote(wanted("presale"), promotions=(presale(),))

    assert (priced.payable_fen, priced.pay_now_fen, priced.balance_fen) == (17_000, 2_000, 15_000)
    (step,) = priced.lines[0].steps
    assert (step.kind, step.amount_fen) == ("presale", 3_000)
    facts = ("presale_fen", "deposit_fen", "worth_fen", "balance_fen")
    assert [step.label_params[name] for name in facts] == [20_000, 2_000, 5_000, 15_000]


def test_the_deposit_is_paid_for_each_piece_and_freight_comes_with_the_balance():
    rules = Rules(promotions=(presale(),), templates={1: PARCEL})

    priced = quote(wanted("presale", quantity=3, template_id=1), rules=rules, region_code="110101")

    assert priced.pay_now_fen == 6_000
    assert priced.balance_fen == 3 * 15_000 + priced.freight_fen
    assert priced.freight_fen == 700


def test_goods_beside_a_presale_line_are_paid_at_once():
    priced = quote(wanted("presale"), line("b", 1_000), promotions=(presale(),))

    assert (priced.pay_now_fen, priced.balance_fen) == (3_000, 15_000)


def test_a_deposit_is_never_more_than_its_line_costs():
    all_of_it = presale(deposit_fen=20_000, worth_fen=20_000, excludes=frozenset())

    priced = quote(wanted("presale"), promotions=(all_of_it,), coupons=(TEN,))

    assert (priced.payable_fen, priced.pay_now_fen) == (19_000, 19_000)


def test_without_a_presale_all_is_due_now():
    rules = Rules(promotions=(FreeFreight(rule_id=1),), templates={1: PARCEL})

    priced = quote(line(template_id=1), rules=rules, region_code="110101")

    assert (priced.pay_now_fen, priced.balance_fen) == (10_000, 0)


@pytest.mark.parametrize(("deposit_fen", "worth_fen"), [(2_000, 1_999), (1, 20_001), (-1, 5)])
def test_a_deposit_that_cannot_be_is_refused_at_once(deposit_fen, worth_fen):
    with pytest.raises(ValueError, match="deposit"):
        presale(deposit_fen, worth_fen)


def test_the_fingerprint_covers_the_deposit():
    before, after = (
        quote(wanted("presale"), promotions=(presale(deposit, worth),))
        for deposit, worth in ((2_000, 5_000), (3_000, 6_000))
    )

    assert before.payable_fen == after.payable_fen
    assert quote_hash(before) != quote_hash(after)
