"""Coupons under contention, on real connections; each race with its control."""

import pytest
from django.db import IntegrityError

from mall.kernel.invariants import audit
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_claims
from members.testing import make_member, make_segment
from promotions.errors import CouponLimitReached, CouponNotUsable, CouponSoldOut
from promotions.models import Coupon, CouponDispatch, CouponGrant
from promotions.models.coupon import CouponGrantQuerySet, CouponQuerySet
from promotions.services import (
    claim_coupon,
    issue_coupons,
    lock_grants,
    run_dispatches,
    start_dispatch,
)
from promotions.testing import AT, make_coupon, make_grant

pytestmark = pytest.mark.django_db(transaction=True)
CONTENDERS = 50


def claim(coupon, member):
    return claim_coupon(coupon_id=coupon.pk, member_id=member.pk, at=AT).pk


def broken():
    return [found for invariant, found in audit() if found and invariant.code.startswith("INV-17")]


def test_F_39_of_fifty_who_want_the_last_coupon_exactly_one_gets_it():
    coupon = make_coupon(total=1)
    members = [make_member() for _n in range(CONTENDERS)]

    with all_read_before_any_writes("promotions.services.claiming._claimable", CONTENDERS):
        outcomes = stampede(CONTENDERS, lambda number: claim(coupon, members[number]))

    assert len(outcomes.results) == 1
    assert outcomes.only(CouponSoldOut)
    assert Coupon.objects.get().issued == CouponGrant.objects.count() == 1
    assert not broken()


def test_control_without_the_condition_only_the_constraint_saves_the_last_coupon(monkeypatch):
    coupon = make_coupon(total=1)
    members = [make_member() for _n in range(CONTENDERS)]
    monkeypatch.setattr(CouponQuerySet, "with_left", lambda self, _pieces: self)

    with all_read_before_any_writes("promotions.services.claiming._claimable", CONTENDERS):
        outcomes = stampede(CONTENDERS, lambda number: claim(coupon, members[number]))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    assert Coupon.objects.get().issued == 1


def test_of_twenty_parallel_claims_of_one_member_two_win_where_two_are_allowed():
    coupon, member = make_coupon(per_member=2), make_member()

    outcomes = stampede(20, lambda _number: claim(coupon, member))

    assert len(outcomes.results) == 2
    assert outcomes.only(CouponLimitReached)
    assert sorted(CouponGrant.objects.values_list("seq", flat=True)) == [1, 2]
    assert not broken()


def test_control_claims_that_do_not_look_are_stopped_by_the_constraint(monkeypatch):
    coupon, member = make_coupon(per_member=2), make_member()
    claim(coupon, member)
    claim(coupon, member)
    monkeypatch.setattr("promotions.services.giving.next_number", lambda *_args: 3)

    outcomes = stampede(20, lambda _number: claim(coupon, member))

    assert len(outcomes.errors) == 20
    assert outcomes.only(IntegrityError)
    assert CouponGrant.objects.count() == 2


def lock(grant, number):
    lock_grants(grant_ids=[grant.pk], member_id=grant.member_id, order_number=f"A{number}", at=AT)


def test_of_fifty_orders_with_one_coupon_exactly_one_gets_it():
    grant = make_grant(member=make_member())

    outcomes = stampede(CONTENDERS, lambda number: lock(grant, number))

    assert len(outcomes.results) == 1
    assert outcomes.only(CouponNotUsable)


def test_control_without_the_condition_many_orders_take_the_same_coupon(monkeypatch):
    grant = make_grant(member=make_member())
    monkeypatch.setattr(CouponGrantQuerySet, "usable_by", lambda self, *_args: self)

    outcomes = stampede(10, lambda number: lock(grant, number))

    assert len(outcomes.results) > 1


def test_claims_and_an_issue_to_the_same_members_neither_deadlock_nor_give_twice():
    coupon = make_coupon(total=1000)
    members = [make_member() for _n in range(20)]
    ids = [member.pk for member in members]

    def act(number):
        if number < 20:
            return claim(coupon, members[number])
        return issue_coupons(
            coupon_id=coupon.pk, member_ids=ids, source_type="care", source_id="1", at=AT
        )

    outcomes = stampede(24, act)

    assert outcomes.only(CouponLimitReached)
    assert CouponGrant.objects.count() == Coupon.objects.get().issued == 20
    assert not broken()


def start_sending():
    coupon = make_coupon(total=1000)
    segment = make_segment(members=[make_member() for _n in range(10)])
    start_dispatch(coupon=coupon, segment=segment, scheduled_at=AT, at=AT)


def times_told():
    return OutboxEvent.objects.filter(name="promotions.coupon_dispatched").count()


def test_F_48_three_workers_serve_a_dispatch_once(monkeypatch):
    monkeypatch.setattr("promotions.services.dispatching.BATCH", 4)
    start_sending()

    outcomes = stampede(3, lambda _number: run_dispatches(AT))
    rest = run_dispatches(AT)

    assert not outcomes.errors
    assert sum(outcomes.results) + rest == CouponGrant.objects.count() == 10
    dispatch = CouponDispatch.objects.get()
    assert (dispatch.status, dispatch.issued, dispatch.skipped) == ("done", 10, 0)
    assert times_told() == 1
    assert not broken()


def test_control_without_claiming_the_dispatch_only_the_constraint_keeps_one_copy_each():
    start_sending()
    held = all_read_before_any_writes("promotions.services.dispatching._next_members", 3)

    with without_claims(), held:
        stampede(3, lambda _number: run_dispatches(AT))

    assert CouponGrant.objects.count() == 10
    dispatch = CouponDispatch.objects.get()
    assert (dispatch.issued, dispatch.skipped) == (0, 10)
