from datetime import timedelta

import pytest

from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from promotions.errors import CouponNotUsable
from promotions.models import CouponGrant
from promotions.services import lock_grants, unlock_grants, use_grants
from promotions.testing import AT, ENDS_AT, make_coupon, make_grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def lock(grants, member, order_number="A1", at=AT):
    lock_grants(
        grant_ids=[grant.pk for grant in grants],
        member_id=member.pk,
        order_number=order_number,
        at=at,
    )


def state_of(grant):
    return CouponGrant.objects.values_list("state", "order_number").get(pk=grant.pk)


def test_a_coupon_is_locked_by_an_order_used_when_paid_and_freed_when_refunded(member):
    grant = make_grant(member=member)

    lock([grant], member)
    assert state_of(grant) == ("locked", "A1")

    assert use_grants(order_number="A1", at=AT) == 1
    assert use_grants(order_number="A1", at=AT) == 0
    assert state_of(grant) == ("used", "A1")

    assert unlock_grants(order_number="A1", at=AT) == 1
    assert unlock_grants(order_number="A1", at=AT) == 0
    assert state_of(grant) == ("usable", "")
    assert CouponGrant.objects.get().used_at is None


def test_a_second_order_cannot_take_a_locked_coupon(member):
    grant = make_grant(member=member)
    lock([grant], member)

    with pytest.raises(CouponNotUsable):
        lock([grant], member, order_number="A2")

    assert state_of(grant) == ("locked", "A1")


def test_nobody_uses_the_coupon_of_another_member(member):
    grant = make_grant(member=make_member())

    with pytest.raises(CouponNotUsable):
        lock([grant], member)

    assert state_of(grant) == ("usable", "")


@pytest.mark.parametrize("at", [AT - timedelta(seconds=1), ENDS_AT])
def test_a_coupon_works_only_inside_its_validity(member, at):
    grant = make_grant(member=member)

    with pytest.raises(CouponNotUsable):
        lock([grant], member, at=at)

    assert state_of(grant) == ("usable", "")


def test_F_46_a_coupon_is_valid_in_its_last_second_and_not_at_its_end(member):
    grant = make_grant(member=member)

    with pytest.raises(CouponNotUsable):
        lock([grant], member, at=grant.ends_at)

    lock([grant], member, at=grant.ends_at - timedelta(seconds=1))
    assert state_of(grant) == ("locked", "A1")


def test_of_two_coupons_both_are_locked_or_none(member):
    free, taken = make_grant(member=member), make_grant(member=member)
    lock([taken], member, order_number="A0")

    with pytest.raises(CouponNotUsable), count_queries(at_most=2):
        lock([free, taken], member)


def test_an_order_without_coupons_runs_no_statement(member):
    with count_queries(at_most=0):
        lock([], member)


def test_a_paid_order_of_somebody_else_is_left_alone(member):
    grant = make_grant(member=member, coupon=make_coupon())
    lock([grant], member)

    assert use_grants(order_number="A2", at=AT) == 0
    assert unlock_grants(order_number="A2", at=AT) == 0

    assert state_of(grant) == ("locked", "A1")
