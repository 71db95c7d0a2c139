from datetime import timedelta

import pytest

from analytics.metrics import Group, gained_fen, roi_bp
from analytics.selectors import channel_effects, coupon_effects, dispatch_effects
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_segment
from orders.services import cancel_order
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.models import CouponGrant, CouponHoldout
from promotions.services import claim_coupon, issue_coupons, run_dispatches, start_dispatch
from promotions.testing import make_coupon

db = pytest.mark.django_db


@pytest.mark.parametrize(
    ("served", "control", "gain"),
    [
        (Group(90, 90_000), Group(10, 5_000), 45_000),
        (Group(9, 900), Group(1, 200), -900),
        (Group(3, 100), Group(7, 100), 57),
        (Group(9, 900), Group(0, 0), None),
    ],
)
def test_only_what_is_above_the_control_group_was_gained(served, control, gain):
    assert gained_fen(served, control) == gain


@pytest.mark.parametrize(
    ("gain", "cost", "bp"),
    [
        (30_000, 10_000, 20_000),
        (10_000, 10_000, 0),
        (0, 10_000, -10_000),
        (-10_000, 10_000, -20_000),
        (None, 10_000, None),
        (30_000, 0, None),
    ],
)
def test_the_return_is_the_gain_less_the_cost_over_the_cost(gain, cost, bp):
    assert roi_bp(gain, cost) == bp


def buy(member, sku, **spending):
    return make_order(member=member, sku=sku, paid=True, **spending)


def grant_of(member):
    return CouponGrant.objects.get(member=member)


@db
def test_P_17_ten_issued_and_three_used_are_30_percent_and_the_sum_of_the_cost():
    coupon = make_coupon(off_fen=1_000, total=20)
    sku = make_stocked_sku(price_fen=5_000)
    members = [make_member() for _n in range(10)]
    issue_coupons(
        coupon_id=coupon.pk,
        member_ids=[member.pk for member in members[:8]],
        source_type="care",
        source_id="1",
        at=NOON,
    )
    for member in members[8:]:
        claim_coupon(coupon_id=coupon.pk, member_id=member.pk, at=NOON)
    orders = [buy(member, sku, coupon_grant_ids=(grant_of(member).pk,)) for member in members[:4]]
    cancel_order(number=orders[3].number, member_id=members[3].pk, reason="", at=NOON)
    coupon.refresh_from_db()

    (effect,) = coupon_effects([coupon])

    assert (effect.issued, effect.claimed, effect.given, effect.used) == (8, 2, 10, 3)
    assert (effect.use_bp, effect.given_bp) == (3_000, 5_000)
    assert effect.off_fen == 3_000
    assert effect.gmv_fen == sum(order.paid_fen for order in orders[:3])


@db
def test_a_coupon_that_nobody_has_has_no_rate():
    (effect,) = coupon_effects([make_coupon()])

    assert (effect.given, effect.use_bp, effect.gmv_fen, effect.off_fen) == (0, None, 0, 0)


@db
def test_a_dispatch_is_judged_against_those_held_back():
    coupon = make_coupon(off_fen=1_000, total=1_000)
    sku = make_stocked_sku(price_fen=5_000, on_hand=200)
    members = [make_member() for _n in range(12)]
    dispatch = start_dispatch(
        coupon=coupon,
        segment=make_segment(members=members),
        scheduled_at=NOON,
        control_bp=5_000,
        at=NOON,
    )
    run_dispatches(NOON)
    held = set(CouponHoldout.objects.values_list("member_id", flat=True))
    served = [member for member in members if member.pk not in held]
    assert held
    assert len(served) + len(held) == 12
    spent = sum(
        buy(member, sku, coupon_grant_ids=(grant_of(member).pk,)).paid_fen for member in served
    )
    idle = next(member for member in members if member.pk in held)
    control = buy(idle, sku).paid_fen
    make_order(member=idle, sku=sku, paid=True, at=NOON - timedelta(days=1))

    (effect,) = dispatch_effects(coupon.pk, NOON + timedelta(days=1))

    assert effect.dispatch == dispatch
    assert effect.served == Group(len(served), spent)
    assert effect.control == Group(len(held), control)
    assert effect.off_fen == 1_000 * len(served)
    assert effect.gain_fen == gained_fen(effect.served, effect.control)
    assert effect.roi_bp == roi_bp(effect.gain_fen, effect.off_fen)


@db
def test_channels_are_told_apart():
    coupon, sku = make_coupon(off_fen=1_000), make_stocked_sku(price_fen=5_000)
    first, second, third = (make_member() for _n in range(3))
    for member, channel in ((first, "group-1"), (second, "group-1"), (third, "group-2")):
        issue_coupons(
            coupon_id=coupon.pk,
            member_ids=[member.pk],
            source_type="code",
            source_id=channel,
            channel=channel,
            at=NOON,
        )
    order = buy(first, sku, coupon_grant_ids=(grant_of(first).pk,))

    rows = channel_effects(coupon.pk)

    shown = [(row.channel, row.given, row.used, row.gmv_fen, row.off_fen) for row in rows]
    assert shown == [("group-1", 2, 1, order.paid_fen, 1_000), ("group-2", 1, 0, 0, 0)]


@db
def test_effects_cost_the_same_for_two_coupons_and_for_fifty():
    for size in (2, 50):
        coupons = [make_coupon() for _n in range(size)]
        for coupon in coupons[:2]:
            claim_coupon(coupon_id=coupon.pk, member_id=make_member().pk, at=NOON)
        with count_queries(at_most=1):
            assert len(coupon_effects(coupons)) == size
