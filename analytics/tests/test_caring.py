from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.models import CarePlan, CareRun
from analytics.services import PROMPT_CARE, SLOW_CARE, run_care, save_care_plan, switch_care_plan
from analytics.tasks import run_prompt_care, run_slow_care
from catalog.testing import make_category, make_sku
from inventory.testing import make_stock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_claims
from members.testing import make_member, make_operator
from orders.models import Cart, Order
from orders.services import CartOwner, add_line, cancel_order
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku, pay
from promotions.models import CouponGrant
from promotions.testing import make_coupon

db = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVER = NOON - 365 * DAY


def plan(kind, *, wait=timedelta(), on_since=EVER, coupon=None, **values):
    row = CarePlan.objects.create(
        kind=kind,
        title=kind,
        coupon=coupon or make_coupon(off_fen=500, per_member=99, is_claimable=False),
        wait_minutes=wait // MINUTE,
        **values,
    )
    CarePlan.objects.filter(pk=row.pk).update(is_on=True, on_since=on_since)
    return CarePlan.objects.get(pk=row.pk)


def given():
    return list(CouponGrant.objects.order_by("pk").values_list("member_id", flat=True))


def told(template):
    return Message.objects.filter(template=template).count()


@db
def test_P_06_an_order_unpaid_for_ten_minutes_gets_one_coupon_of_5_yuan_and_one_message():
    coupon = make_coupon(off_fen=500, valid_minutes=20, is_claimable=False)
    row = plan("unpaid", wait=10 * MINUTE, coupon=coupon)
    order, paid = make_order(), make_order(paid=True)

    assert run_care(NOON + 10 * MINUTE - timedelta(seconds=1), PROMPT_CARE) == 0
    assert run_care(NOON + 10 * MINUTE, PROMPT_CARE) == 1
    assert run_care(NOON + 11 * MINUTE, PROMPT_CARE) == 0

    assert given() == [order.member_id]
    grant = CouponGrant.objects.get()
    assert (grant.coupon.off_fen, grant.ends_at) == (500, NOON + 30 * MINUTE)
    assert (grant.channel, paid.status) == (f"care:{row.pk}", "paid")
    message = Message.objects.get(template="analytics.care_unpaid")
    assert (message.account_id, message.route) == (order.member.account_id, "storefront:orders")
    run = CareRun.objects.get()
    assert (run.cause, run.outcome) == (f"order:{order.number}", "given")


@db
def test_P_06_an_order_paid_or_cancelled_in_time_gets_none():
    plan("unpaid", wait=10 * MINUTE)
    paid, cancelled = make_order(), make_order()
    pay(paid, at=NOON + 9 * MINUTE)
    cancel_order(
        number=cancelled.number, member_id=cancelled.member_id, reason="", at=NOON + 9 * MINUTE
    )

    assert run_care(NOON + 10 * MINUTE, PROMPT_CARE) == 0
    assert not CareRun.objects.exists()


@db
def test_P_06_it_speaks_at_night_too_for_the_order_closes_soon():
    plan("unpaid", wait=10 * MINUTE)
    night = datetime(2026, 11, 22, 15, tzinfo=UTC)  # 23:00 in Shanghai
    make_order(at=night)

    assert run_care(night + 10 * MINUTE, PROMPT_CARE) == 1


@db
def test_P_07_a_completed_order_gives_one_coupon_after_n_days():
    plan("repurchase", wait=7 * DAY)
    order = make_received_order()
    make_received_order()
    Order.objects.filter(pk=order.pk).update(status="completed", completed_at=NOON)

    assert run_care(NOON + 7 * DAY - MINUTE, SLOW_CARE) == 0
    assert run_care(NOON + 7 * DAY, SLOW_CARE) == 1
    assert run_care(NOON + 9 * DAY, SLOW_CARE) == 0

    assert given() == [order.member_id]
    assert told("analytics.care_repurchase") == 1


def stocked(sku):
    make_stock(sku=sku, on_hand=9)
    return sku


def fill_cart(member, sku=None, quantity=1, at=NOON):
    sku = sku or make_stocked_sku()
    add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=quantity, at=at)
    Cart.objects.filter(member=member).update(updated_at=at)
    return sku


@db
def test_P_09_a_cart_idle_for_24_hours_gets_one_message_with_an_offer():
    plan("cart", wait=DAY)
    member = make_member()
    fill_cart(member)

    assert run_care(NOON + DAY - MINUTE, PROMPT_CARE) == 0
    assert run_care(NOON + DAY, PROMPT_CARE) == 1
    assert run_care(NOON + DAY + HOUR, PROMPT_CARE) == 0

    assert given() == [member.pk]
    assert told("analytics.care_cart") == 1


@db
def test_P_09_ordering_stops_it():
    plan("cart", wait=DAY)
    member = make_member()
    fill_cart(member)
    make_order(member=member, at=NOON + HOUR)

    assert run_care(NOON + DAY, PROMPT_CARE) == 0
    assert not Message.objects.filter(template="analytics.care_cart").exists()


@db
def test_P_09_only_carts_of_its_price_band_and_categories_count():
    tea = make_category()
    inside, below, above, elsewhere = (make_member() for _n in range(4))
    plan("cart", wait=DAY, from_fen=10_000, to_fen=20_000, category_ids=[tea.pk])
    for member, price_fen in ((inside, 15_000), (below, 9_999), (above, 20_001)):
        fill_cart(member, stocked(make_sku(category=tea, price_fen=price_fen)))
    fill_cart(elsewhere, make_stocked_sku(price_fen=15_000))

    assert run_care(NOON + DAY, PROMPT_CARE) == 1

    assert given() == [inside.pk]


@db
def test_P_09_an_empty_cart_is_no_cart():
    plan("cart", wait=DAY)
    member = make_member()
    fill_cart(member)
    Cart.objects.get(member=member).lines.all().delete()

    assert run_care(NOON + DAY, PROMPT_CARE) == 0


def born(member, day):
    member.birthday = day
    member.save(update_fields=["birthday"])
    return member


@db
def test_a_birthday_is_kept_once_a_year():
    plan("birthday")
    member = born(make_member(), date(1990, 11, 22))
    born(make_member(), date(1990, 11, 23))

    assert run_care(NOON, SLOW_CARE) == 1
    born(member, date(1990, 11, 23))
    assert run_care(NOON + DAY, SLOW_CARE) == 1
    assert run_care(NOON + 365 * DAY, SLOW_CARE) == 0

    assert given()[0] == member.pk
    assert told("analytics.care_birthday") == 2


@db
@pytest.mark.parametrize(("year", "guests"), [(2027, 2), (2028, 1)])
def test_F_43_the_29th_of_february_is_kept_on_the_28th_between(year, guests):
    plan("birthday")
    born(make_member(), date(2000, 2, 28))
    born(make_member(), date(2000, 2, 29))

    assert run_care(datetime(year, 2, 28, 4, tzinfo=UTC), SLOW_CARE) == guests


@db
def test_M_18_a_member_who_has_not_bought_for_90_days_gets_the_coupon_at_half_price_once():
    half = make_coupon(kind="rate", rate_bp=5_000, off_fen=0, per_member=9, is_claimable=False)
    plan("dormant", wait=90 * DAY, coupon=half)
    silent, busy = make_member(), make_member()
    make_order(member=silent, paid=True)
    make_order(member=busy, paid=True)
    make_order(member=busy, paid=True, at=NOON + 60 * DAY)
    make_member()

    assert run_care(NOON + 90 * DAY - HOUR, SLOW_CARE) == 0
    assert run_care(NOON + 90 * DAY, SLOW_CARE) == 1
    assert run_care(NOON + 120 * DAY, SLOW_CARE) == 0

    assert given() == [silent.pk]
    make_order(member=silent, paid=True, at=NOON + 121 * DAY)
    assert run_care(NOON + 211 * DAY, SLOW_CARE) == 2


@db
def test_P_63_nobody_is_approached_at_night_nor_twice_within_a_day():
    plan("birthday")
    plan("cart", wait=DAY)
    member = born(make_member(), date(1990, 11, 22))
    fill_cart(member, at=NOON - DAY)

    assert run_care(NOON.replace(hour=14), SLOW_CARE) == 0  # 22:00 in Shanghai
    assert run_care(NOON, SLOW_CARE) == 1
    assert run_care(NOON + HOUR, PROMPT_CARE) == 0
    assert run_care(NOON + DAY, PROMPT_CARE) == 1

    assert given() == [member.pk, member.pk]


@db
def test_what_was_due_before_a_plan_was_switched_on_stays_as_it_is():
    plan("repurchase", wait=DAY, on_since=NOON + 2 * DAY)
    order = make_received_order()
    Order.objects.filter(pk=order.pk).update(status="completed", completed_at=NOON)

    assert run_care(NOON + 2 * DAY, SLOW_CARE) == 0


@db
def test_who_has_had_enough_of_the_coupon_gets_none_and_the_run_says_so():
    plan("unpaid", coupon=make_coupon(per_member=1))
    member = make_member()
    make_order(member=member)
    make_order(member=member)

    assert run_care(NOON, PROMPT_CARE) == 1

    assert sorted(CareRun.objects.values_list("outcome", flat=True)) == ["given", "limit"]


@db
def test_a_plan_whose_coupon_is_over_gives_nothing_and_leaves_the_others_alone():
    plan("unpaid", coupon=make_coupon(status="paused"))
    plan("unpaid")
    make_order()

    assert run_care(NOON, PROMPT_CARE) == 1

    assert CareRun.objects.count() == 1


@db
def test_a_large_crowd_is_served_in_batches(monkeypatch):
    monkeypatch.setattr("analytics.services.caring.BATCH", 2)
    plan("birthday")
    members = [born(make_member(), date(1990, 11, 22)) for _n in range(5)]

    assert run_care(NOON, SLOW_CARE) == 5

    assert sorted(given()) == [member.pk for member in members]


def three_workers():
    plan("birthday")
    for _n in range(6):
        born(make_member(), date(1990, 11, 22))
    return stampede(3, lambda _number: run_care(NOON, SLOW_CARE))


@pytest.mark.django_db(transaction=True)
def test_three_workers_reach_everybody_once():
    outcomes = three_workers()
    rest = run_care(NOON, SLOW_CARE)

    assert not outcomes.errors
    assert sum(outcomes.results) + rest == 6 == CouponGrant.objects.count()
    assert told("analytics.care_birthday") == 6


@pytest.mark.django_db(transaction=True)
def test_control_without_claiming_the_plan_only_the_constraint_stops_two_of_three_workers():
    held = all_read_before_any_writes("analytics.services.caring.care_candidates", 3)

    with without_claims(), held:
        outcomes = three_workers()

    assert (list(outcomes.results), len(outcomes.errors)) == ([6], 2)
    assert all("care_run_once_per_cause" in str(error) for error in outcomes.errors)
    assert told("analytics.care_birthday") == 6


@db
def test_a_batch_costs_the_same_for_two_members_and_for_fifty():
    counts = []
    for year, size in ((2026, 2), (2027, 50)):
        row = plan("birthday")
        for _n in range(size):
            born(make_member(), date(1990, 11, 22))
        with count_queries() as statements:
            assert run_care(NOON.replace(year=year), SLOW_CARE) >= size
        counts.append(len(statements))
        CareRun.objects.all().delete()
        row.delete()

    assert counts[0] == counts[1]


@db
def test_a_plan_is_written_switched_on_and_off_with_a_trail():
    operator = make_operator()
    row = save_care_plan(
        plan=CarePlan(kind="unpaid", title="催付", coupon=make_coupon()),
        changed=["kind", "title", "coupon"],
        actor=operator,
        at=NOON,
    )
    assert (row.is_on, row.on_since) == (False, None)

    on = switch_care_plan(plan_id=row.pk, on=True, actor=operator, at=NOON)
    assert (on.is_on, on.on_since) == (True, NOON)
    on.title = "催付提醒"
    save_care_plan(plan=on, changed=["title"], actor=operator, at=NOON)
    with pytest.raises(InvalidInput):
        save_care_plan(plan=on, changed=["coupon"], actor=operator, at=NOON)
    off = switch_care_plan(plan_id=row.pk, on=False, actor=operator, at=NOON)

    assert (off.is_on, off.on_since, off.title) == (False, None, "催付提醒")
    verbs = AuditEntry.objects.filter(actor=operator).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "analytics.save_care_plan",
        "analytics.switch_care_plan",
        "analytics.save_care_plan",
        "analytics.switch_care_plan",
    ]


@db
@pytest.mark.parametrize("coupon", [None, {"status": "draft"}, {"ends_at": NOON}])
def test_a_plan_without_a_coupon_that_is_given_out_stays_off(coupon):
    row = CarePlan.objects.create(
        kind="unpaid", title="催付", coupon=coupon and make_coupon(**coupon)
    )

    with pytest.raises(InvalidInput):
        switch_care_plan(plan_id=row.pk, on=True, at=NOON)

    row.refresh_from_db()
    assert not row.is_on


@db
def test_no_plan_no_switch():
    with pytest.raises(NotFound):
        switch_care_plan(plan_id=10**9, on=True, at=NOON)


def test_the_tasks_have_the_names_that_beat_calls():
    assert run_prompt_care.name == "analytics.run_prompt_care"
    assert run_slow_care.name == "analytics.run_slow_care"
