"""Coupons fought over by many at once, over a pool of real connections; each race has its control.

Source: issue "Prices that explain themselves", show 3; P-02, P-45, P-65.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections

from mall.kernel.errors import ShopError
from mall.kernel.invariants import audit
from mall.kernel.testing.race import WAIT_SECONDS, all_read_before_any_writes, stampede
from members.testing import make_member
from promotions.errors import (
    CodeUsedUp,
    CouponBudgetSpent,
    CouponLimitReached,
    CouponSoldOut,
    DeedRefused,
)
from promotions.models import (
    CodeBatch,
    Coupon,
    CouponCode,
    CouponGrant,
    DeedRule,
    ShareCredit,
    ShareRule,
)
from promotions.models.coupon import CouponQuerySet
from promotions.models.coupon_code import CouponCodeQuerySet
from promotions.services import (
    Footprint,
    Visit,
    claim_coupon,
    credit_visit,
    lock_grants,
    open_share_link,
    order_codes,
    redeem_code,
)
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_coupon, make_grant

pytestmark = pytest.mark.django_db(transaction=True)
POOL = 20
PHONE = Footprint(device="one phone")


@pytest.fixture(autouse=True)
def _no_rules():
    DeedRule.objects.all().delete()


def over_a_pool(contenders, run):
    """``run(number)`` for each contender over POOL connections; what came of each."""

    def contend(number):
        try:
            return run(number)
        except (ShopError, IntegrityError) as error:
            return error

    def close(_number):
        everybody.wait(WAIT_SECONDS)
        connections.close_all()

    everybody = Barrier(POOL)
    with ThreadPoolExecutor(max_workers=POOL) as pool:
        outcomes = list(pool.map(contend, range(contenders)))
        list(pool.map(close, range(POOL)))
    return outcomes


def broken():
    return [found for invariant, found in audit() if found and invariant.code.startswith("INV-17")]


def claims(coupon, members):
    return over_a_pool(
        len(members),
        lambda number: claim_coupon(coupon_id=coupon.pk, member_id=members[number].pk, at=AT),
    )


def test_P_02_of_fifty_parallel_claims_of_ten_pieces_exactly_ten_win():
    coupon = make_coupon(total=10)

    outcomes = claims(coupon, [make_member() for _n in range(50)])

    assert sum(isinstance(outcome, CouponGrant) for outcome in outcomes) == 10
    assert Coupon.objects.get().issued == CouponGrant.objects.count() == 10


def test_of_500_claimants_for_100_coupons_exactly_100_get_one():
    coupon = make_coupon(total=100)

    outcomes = claims(coupon, [make_member() for _n in range(500)])

    won = [outcome for outcome in outcomes if isinstance(outcome, CouponGrant)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, CouponSoldOut)]
    assert (len(won), len(lost)) == (100, 400)
    assert len({grant.member_id for grant in won}) == 100
    assert Coupon.objects.get().issued == CouponGrant.objects.count() == 100
    assert not broken()


def test_control_claimants_that_do_not_look_are_stopped_by_the_constraint_alone(monkeypatch):
    monkeypatch.setattr(CouponQuerySet, "with_left", lambda self, _pieces: self)
    monkeypatch.setattr("promotions.services.claiming.check_open", lambda *_args: None)
    coupon = make_coupon(total=3)

    outcomes = claims(coupon, [make_member() for _n in range(20)])

    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 17
    assert Coupon.objects.get().issued == 3


def welfare(pieces):
    batch = CodeBatch(
        coupon=make_coupon(total=1_000),
        title="社群",
        shape="shared",
        pieces=pieces,
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
    )
    return order_codes(batch=batch, word="FULI2026", at=AT)


def redeem(member):
    return redeem_code(code="FULI2026", member_id=member.pk, at=AT)


def test_a_code_for_five_is_redeemed_five_times_by_fifty():
    welfare(5)
    members = [make_member() for _n in range(50)]

    with all_read_before_any_writes("promotions.services.redeeming._valid", 50):
        outcomes = stampede(50, lambda number: redeem(members[number]))

    assert len(outcomes.results) == 5
    assert outcomes.only(CodeUsedUp)
    assert CouponCode.objects.get().uses == CouponGrant.objects.count() == 5
    assert Coupon.objects.get().issued == 5


def test_control_redemptions_without_the_condition_run_into_the_constraint(monkeypatch):
    monkeypatch.setattr(CouponCodeQuerySet, "with_left", lambda self: self)
    welfare(5)
    members = [make_member() for _n in range(10)]

    with all_read_before_any_writes("promotions.services.redeeming._valid", 10):
        outcomes = stampede(10, lambda number: redeem(members[number]))

    assert outcomes.only(IntegrityError)
    assert CouponCode.objects.get().uses == 5


def test_one_member_redeems_a_code_once_however_often_at_once():
    welfare(50)
    member = make_member()

    outcomes = stampede(20, lambda _number: redeem(member))

    assert len(outcomes.results) == 1
    assert outcomes.only(CouponLimitReached)


def spend(grants, number):
    grant = grants[number]
    lock_grants(
        grant_ids=[grant.pk],
        member_id=grant.member_id,
        order_number=f"A{number}",
        amounts_fen={grant.pk: 1_000},
        at=AT,
    )


def test_a_budget_for_three_orders_bears_three_of_twenty():
    coupon = make_coupon(budget_fen=3_500)
    grants = [make_grant(member=make_member(), coupon=coupon) for _n in range(20)]

    outcomes = stampede(20, lambda number: spend(grants, number))

    assert len(outcomes.results) == 3
    assert outcomes.only(CouponBudgetSpent)
    assert Coupon.objects.get().spent_fen == 3_000
    assert CouponGrant.objects.filter(state="locked", off_fen=1_000).count() == 3
    assert not broken()


def test_control_without_the_condition_only_the_constraint_holds_the_budget(monkeypatch):
    monkeypatch.setattr(CouponQuerySet, "with_budget_for", lambda self, _fen: self)
    coupon = make_coupon(budget_fen=3_500)
    grants = [make_grant(member=make_member(), coupon=coupon) for _n in range(10)]

    outcomes = stampede(10, lambda number: spend(grants, number))

    assert outcomes.only(IntegrityError)
    assert Coupon.objects.get().spent_fen == 3_000


def from_one_phone(coupon, member):
    visit = Visit(PHONE, None)
    return claim_coupon(coupon_id=coupon.pk, member_id=member.pk, at=AT, visit=visit)


def new_user_rule():
    DeedRule.objects.create(
        deed="claim", origin="device", counts="members", most=1, first_order_only=True
    )
    return make_coupon(is_first_order=True)


def test_P_65_twenty_accounts_on_one_device_at_the_same_instant_are_one():
    coupon = new_user_rule()
    members = [make_member() for _n in range(20)]

    outcomes = stampede(20, lambda number: from_one_phone(coupon, members[number]))

    assert len(outcomes.results) == 1
    assert outcomes.only(DeedRefused)
    assert CouponGrant.objects.count() == 1


def test_control_without_the_lock_several_accounts_pass_the_limit(monkeypatch):
    monkeypatch.setattr("promotions.services.guarding._lock", lambda _names: None)
    coupon = new_user_rule()
    members = [make_member() for _n in range(10)]

    with all_read_before_any_writes("promotions.services.guarding._count", 10):
        outcomes = stampede(10, lambda number: from_one_phone(coupon, members[number]))

    assert len(outcomes.results) > 1


def test_a_pair_is_credited_once_and_a_day_has_its_limit_whoever_comes_at_once():
    ShareRule.objects.create(
        title_zh="分享",
        title_en="Share",
        sharer_coupon=make_coupon(per_member=99),
        daily_most=3,
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
        is_on=True,
    )
    sharer, visitors = make_member(), [make_member() for _n in range(10)]
    link = open_share_link(member_id=sharer.pk, path="/", at=AT)

    def visit(number):
        return credit_visit(token=link.token, visitor_id=visitors[number % 10].pk, at=AT)

    outcomes = stampede(20, visit)

    assert not outcomes.errors
    assert sum(result is not None for result in outcomes.results) == 10
    assert ShareCredit.objects.count() == 10
    assert CouponGrant.objects.filter(member=sharer).count() == 3
