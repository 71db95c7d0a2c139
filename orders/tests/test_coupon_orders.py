"""Coupons through real orders: what each kind takes off, for whom, where, and what comes back."""

import pytest

from mall.kernel.invariants import audit
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Ask, Submission, Wanted, cancel_order, close_unpaid, place_order, quote
from orders.testing import NOON, make_order, make_stocked_sku, pay
from promotions.errors import CouponBudgetSpent, CouponNotUsable
from promotions.models import Coupon, CouponGrant
from promotions.testing import make_coupon, make_grant

pytestmark = pytest.mark.django_db
SHENZHEN = "440305001"  # 广东省 深圳市 南山区
BEIJING = "110101001"  # 北京市 东城区


@pytest.fixture
def member():
    return make_member()


def priced(member, sku, grant=None, quantity=1, region_code=None):
    ask = Ask(
        wanted=(Wanted(sku.pk, quantity),),
        region_code=region_code,
        coupon_grant_ids=(grant.pk,) if grant else (),
    )
    return quote(ask=ask, member_id=member.pk, at=NOON).quote


def goods(price):
    return price.payable_fen - price.freight_fen


def grant_of(member, **coupon):
    return make_grant(member=member, coupon=make_coupon(**coupon), at=NOON)


def refusal(member, sku, grant, **values):
    with pytest.raises(CouponNotUsable) as refused:
        priced(member, sku, grant, **values)
    return refused.value.facts


def broken():
    return [found for invariant, found in audit() if found and "INV-1" in invariant.code]


def test_P_01_a_coupon_10_off_100_is_unusable_on_99_with_the_reason_and_takes_10_off_100(member):
    grant = grant_of(member, threshold_fen=10_000, off_fen=1_000)

    facts = refusal(member, make_stocked_sku(price_fen=9_900), grant)

    assert (facts["reason_code"], facts["missing_fen"]) == ("threshold_not_reached", 100)
    assert goods(priced(member, make_stocked_sku(price_fen=10_000), grant)) == 9_000


def test_P_01_a_rate_stops_at_its_cap(member):
    grant = grant_of(member, kind="rate", rate_bp=5_000, cap_fen=2_000)

    assert goods(priced(member, make_stocked_sku(price_fen=3_000), grant)) == 1_500
    assert goods(priced(member, make_stocked_sku(price_fen=10_000), grant)) == 8_000


@pytest.mark.parametrize(("price_fen", "left_fen"), [(0, 0), (990, 990)])
def test_P_01_one_piece_is_exchanged_for_the_fixed_price_and_no_other(member, price_fen, left_fen):
    named, other = make_stocked_sku(price_fen=5_000), make_stocked_sku(price_fen=5_000)
    grant = grant_of(
        member, kind="exchange", exchange_sku=named, exchange_price_fen=price_fen, off_fen=0
    )

    assert goods(priced(member, named, grant, quantity=2)) == 5_000 + left_fen
    assert refusal(member, other, grant)["reason_code"] == "out_of_scope"


def test_P_01_a_coupon_of_some_tiers_refuses_the_others():
    member = make_member(tier="silver")
    grant = grant_of(member)
    Coupon.objects.update(tier_codes=["gold"])

    assert refusal(member, make_stocked_sku(), grant)["reason_code"] == "tier_not_met"


def test_P_03_ten_yuan_without_a_threshold_leave_a_fen_of_10_01_and_nothing_below_zero(member):
    grant = grant_of(member, threshold_fen=0, off_fen=1_000)

    assert goods(priced(member, make_stocked_sku(price_fen=1_001), grant)) == 1
    assert goods(priced(member, make_stocked_sku(price_fen=600), grant)) == 0


def test_P_04_the_first_order_of_50_costs_40_and_the_second_has_no_offer(member):
    sku = make_stocked_sku(price_fen=5_000)
    grant = grant_of(member, off_fen=1_000, is_first_order=True)
    again = grant_of(member, off_fen=1_000, is_first_order=True)

    order = make_order(member=member, sku=sku, coupon_grant_ids=(grant.pk,), paid=True)

    assert order.payable_fen - order.freight_fen == 4_000
    assert refusal(member, sku, again)["reason_code"] == "not_first_order"
    ask = Ask(wanted=(Wanted(sku.pk, 1),), auto_coupons=True)
    assert quote(ask=ask, member_id=member.pk, at=NOON).quote.coupon_grant_ids == ()


def test_P_04_a_first_order_that_was_cancelled_was_none(member):
    sku = make_stocked_sku(price_fen=5_000)
    grant = grant_of(member, off_fen=1_000, is_first_order=True)
    order = make_order(member=member, sku=sku, coupon_grant_ids=(grant.pk,), paid=True)

    cancel_order(number=order.number, member_id=member.pk, reason="", at=NOON)

    assert goods(priced(member, sku, grant)) == 4_000


def test_P_66_a_coupon_of_guangdong_is_refused_for_a_beijing_address(member):
    sku = make_stocked_sku(price_fen=5_000)
    grant = grant_of(member, off_fen=1_000, region_prefixes=["44"])

    facts = refusal(member, sku, grant, region_code=BEIJING)

    assert facts["reason_code"] == "region_not_served"
    assert goods(priced(member, sku, grant, region_code=SHENZHEN)) == 4_000
    to = make_address(member=member, region_code=BEIJING)
    with pytest.raises(CouponNotUsable):
        place_order(
            member_id=member.pk,
            submission=Submission(
                address_id=to.pk, wanted=(Wanted(sku.pk, 1),), coupon_grant_ids=(grant.pk,)
            ),
            at=NOON,
        )
    assert not Order.objects.exists()
    assert CouponGrant.objects.get().state == "usable"


def spend(member, coupon, sku):
    grant = make_grant(member=member, coupon=coupon, at=NOON)
    return make_order(member=member, sku=sku, coupon_grant_ids=(grant.pk,))


def test_a_budget_stops_at_its_cap_and_the_order_that_would_pass_it_is_not_placed():
    coupon = make_coupon(off_fen=1_000, budget_fen=2_500)
    sku = make_stocked_sku(price_fen=5_000)
    spend(make_member(), coupon, sku)
    spend(make_member(), coupon, sku)

    with pytest.raises(CouponBudgetSpent):
        spend(make_member(), coupon, sku)

    coupon.refresh_from_db()
    assert coupon.spent_fen == 2_000
    assert Order.objects.count() == 2
    assert sorted(CouponGrant.objects.values_list("state", "off_fen")) == [
        ("locked", 1_000),
        ("locked", 1_000),
        ("usable", 0),
    ]
    assert not broken()


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("goes_back", [True, False])
def test_a_closed_order_gives_its_coupon_back_or_keeps_it_as_declared(member, paid, goes_back):
    rule = "returns_on_refund" if paid else "returns_on_cancel"
    coupon = make_coupon(off_fen=1_000, budget_fen=9_000, **{rule: goes_back})
    order = spend(member, coupon, make_stocked_sku(price_fen=5_000))
    if paid:
        pay(order)

    cancel_order(number=order.number, member_id=member.pk, reason="", at=NOON)

    grant = CouponGrant.objects.get()
    expected = ("usable", "") if goes_back else ("forfeit", order.number)
    assert (grant.state, grant.order_number) == expected
    assert (grant.off_fen, grant.used_at) == (0, None)
    coupon.refresh_from_db()
    assert coupon.spent_fen == 0
    assert not broken()


def test_an_order_that_was_not_paid_in_time_follows_the_rule_of_unpaid_ones(member):
    order = spend(member, make_coupon(returns_on_cancel=False), make_stocked_sku())

    close_unpaid(order.expires_at)

    assert CouponGrant.objects.get().state == "forfeit"


def test_what_a_coupon_took_off_goods_and_freight_is_kept_with_it(member):
    sku = make_stocked_sku(price_fen=5_000)
    rate = grant_of(member, kind="rate", rate_bp=9_000)
    order = make_order(member=member, sku=sku, quantity=3, coupon_grant_ids=(rate.pk,))

    rate.refresh_from_db()
    assert rate.off_fen == 1_500 == order.discount_fen
