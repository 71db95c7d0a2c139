from datetime import UTC, datetime, timedelta

import pytest

from mall.kernel.errors import NotFound
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from promotions.errors import CouponLimitReached, CouponNotClaimable, CouponSoldOut
from promotions.models import Coupon, CouponGrant
from promotions.services import claim_coupon
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
