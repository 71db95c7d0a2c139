from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mall.kernel.errors import NotFound
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from promotions.errors import (
    CouponBudgetSpent,
    CouponLimitReached,
    CouponNotClaimable,
    CouponSoldOut,
    LiveSessionNotOn,
    PositionNeeded,
    TierNotMet,
    TooFarAway,
)
from promotions.metrics import Position
from promotions.models import Coupon, CouponGrant, LiveSession
from promotions.selectors import claimable_coupons
from promotions.services import Visit, claim_coupon
from promotions.testing import AT, make_coupon

pytestmark = pytest.mark.django_db


def claim(coupon, member, at=AT):
    return claim_coupon(coupon_id=coupon.pk, member_id=member.pk, at=at)


def issued(coupon):
    return Coupon.objects.values_list("issued", flat=True).get(pk=coupon.pk)


def test_claiming_gives_a_usable_copy_and_counts_it():
    coupon, member = make_coupon(), make_member()

    with count_queries(at_most=6):
        grant = claim(coupon, member)

    assert (grant.member_id, grant.seq, grant.state) == (member.pk, 1, "usable")
    assert (grant.starts_at, grant.ends_at) == (AT, coupon.ends_at)
    assert len(grant.code) == 16
    assert issued(coupon) == 1
    event = OutboxEvent.objects.get(name="promotions.coupon_claimed")
    assert event.payload["grant_id"] == grant.pk


def test_nobody_claims_more_than_one_may_have():
    coupon, member = make_coupon(per_member=2), make_member()
    assert [claim(coupon, member).seq, claim(coupon, member).seq] == [1, 2]

    with pytest.raises(CouponLimitReached) as refusal:
        claim(coupon, member)

    assert "2" in str(refusal.value)
    assert issued(coupon) == 2


def test_the_last_piece_is_the_last():
    coupon = make_coupon(total=1)
    claim(coupon, make_member())

    with pytest.raises(CouponSoldOut):
        claim(coupon, make_member())

    assert issued(coupon) == CouponGrant.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"status": "paused"}, CouponNotClaimable),
        ({"starts_at": AT + timedelta(seconds=1)}, CouponNotClaimable),
        ({"ends_at": AT}, CouponNotClaimable),
        ({"status": "draft"}, NotFound),
        ({"is_claimable": False}, NotFound),
    ],
)
def test_a_coupon_that_is_not_given_out_now_cannot_be_claimed(values, error):
    coupon = make_coupon(**values)

    with pytest.raises(error):
        claim(coupon, make_member())

    assert issued(coupon) == 0
    assert not CouponGrant.objects.exists()


def test_a_coupon_that_does_not_exist_is_not_found():
    with pytest.raises(NotFound):
        claim_coupon(coupon_id=10**9, member_id=make_member().pk, at=AT)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        # 23:59:59 in Shanghai on the 22nd; valid to the end of the 25th
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 25, 16, tzinfo=UTC)),
        # one second later it is the 23rd
        (datetime(2026, 11, 22, 16, tzinfo=UTC), datetime(2026, 11, 26, 16, tzinfo=UTC)),
    ],
)
def test_days_of_validity_are_shanghai_days_after_the_day_it_was_given(at, until):
    coupon = make_coupon(valid_days=3)

    assert claim(coupon, make_member(), at=at).ends_at == until


def test_P_12_a_coupon_of_a_live_session_is_claimed_only_while_it_is_on():
    session = LiveSession.objects.create(
        title_zh="直播", title_en="Live", starts_at=AT, ends_at=AT + timedelta(hours=2)
    )
    coupon, member = make_coupon(live_session=session), make_member()

    for at in (AT - timedelta(seconds=1), AT + timedelta(hours=2)):
        with pytest.raises(LiveSessionNotOn):
            claim(coupon, member, at=at)
    assert issued(coupon) == 0

    assert claim(coupon, member, at=AT).channel == f"live:{session.pk}"


STORE = {"near_latitude": Decimal("30.246100"), "near_longitude": Decimal("120.155100")}


def at_metres(metres):
    """So far due north of the store."""
    latitude = STORE["near_latitude"] + Decimal(metres) / Decimal("111195.08")
    return Visit(position=Position(latitude, STORE["near_longitude"]))


def claim_from(coupon, visit):
    return claim_coupon(coupon_id=coupon.pk, member_id=make_member().pk, at=AT, visit=visit)


def test_P_13_at_2_9_km_the_claim_is_good_and_at_3_1_km_refused():
    coupon = make_coupon(**STORE, near_metres=3_000)

    assert claim_from(coupon, at_metres(2_900)).seq == 1
    with pytest.raises(TooFarAway) as refusal:
        claim_from(coupon, at_metres(3_100))

    assert 3_099 <= refusal.value.facts["metres"] <= 3_101
    assert refusal.value.facts["within"] == 3_000
    assert issued(coupon) == 1


def test_P_13_the_distance_is_the_operators_to_set():
    coupon = make_coupon(**STORE, near_metres=5_000)

    assert claim_from(coupon, at_metres(4_900)).seq == 1


def test_P_13_without_a_position_the_shopper_is_asked_for_it():
    with pytest.raises(PositionNeeded):
        claim(make_coupon(**STORE, near_metres=3_000), make_member())


def test_P_01_a_coupon_of_some_tiers_is_claimed_by_them_alone():
    coupon = make_coupon(tier_codes=["gold", "diamond"])

    with pytest.raises(TierNotMet):
        claim(coupon, make_member(tier="silver"))

    assert claim(coupon, make_member(tier="gold")).seq == 1


def test_a_coupon_whose_budget_is_spent_is_given_out_no_more():
    coupon = make_coupon(budget_fen=1_000, spent_fen=1_000)

    with pytest.raises(CouponBudgetSpent):
        claim(coupon, make_member())

    assert not claimable_coupons(None, AT).exists()


def test_minutes_of_validity_begin_with_the_claim():
    assert claim(make_coupon(valid_minutes=30), make_member()).ends_at == AT + timedelta(minutes=30)
