"""今日下单送延保: months on top by the day of the order.

Source: O-30; F-43.
"""

from datetime import date, timedelta

import pytest

from catalog.testing import make_category
from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from orders.models import Warranty
from orders.presenting import order_dict
from orders.selectors import order as read_order
from orders.selectors import warranty_on_offer
from orders.services import cancel_order, give_warranties
from orders.testing import NOON, make_order, make_stocked_sku, make_warranty_rule, pay
from orders.warranty_days import last_day

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = clock.bounds(clock.day_of(NOON))


def make_rule(months=12, **values):
    return make_warranty_rule(months=months, starts_at=TODAY, ends_at=TOMORROW, **values)


def months_of(*orders):
    relay_batch(TOMORROW + timedelta(days=1))
    rows = Warranty.objects.filter(line__order__in=orders).order_by("line_id")
    return list(rows.values_list("months", flat=True))


def shown(order):
    return order_dict(read_order(order.member_id, order.number), at=NOON)["lines"][0]["warranty"]


def test_O_30_an_order_of_today_gets_12_months_one_of_tomorrow_none():
    make_rule(months=12)
    today = make_order(paid=True, at=TOMORROW - timedelta(seconds=1))
    tomorrow = make_order(paid=True, at=TOMORROW)

    assert months_of(today, tomorrow) == [12]

    warranty = Warranty.objects.get()
    assert warranty.line.order == today
    assert (warranty.begins_on, warranty.ends_on) == (date(2026, 11, 22), date(2027, 11, 22))
    assert shown(today) == {
        "title": "今日下单送延保",
        "months": 12,
        "until": date(2027, 11, 22),
    }
    assert shown(tomorrow) is None


def test_what_counts_is_when_it_was_ordered_not_when_it_was_paid():
    make_rule()
    order = make_order(at=TOMORROW - timedelta(minutes=5))

    pay(order, at=TOMORROW + timedelta(minutes=5))

    assert months_of(order) == [12]
    assert Warranty.objects.get().begins_on == date(2026, 11, 23)


def test_an_event_that_comes_twice_gives_it_once_and_an_unpaid_order_has_none():
    make_rule()
    order, unpaid = make_order(paid=True), make_order()

    given = [give_warranties(order_id=pk, at=NOON) for pk in (order.pk, order.pk, unpaid.pk)]

    assert given == [1, 0, 0]
    assert Warranty.objects.get().line == order.lines.get()


def test_the_longest_rule_that_covers_the_goods_holds():
    phones = make_category()
    phone, case, cup = (make_stocked_sku() for _n in range(3))
    for sku in (phone, case):
        sku.product.category = phones
        sku.product.save()
    make_rule(months=6)
    make_rule(months=12).categories.add(phones)
    make_rule(months=24).products.add(phone.product)
    make_rule(months=36, is_on=False)

    orders = [make_order(paid=True, sku=sku) for sku in (phone, case, cup)]

    assert months_of(*orders) == [24, 12, 6]


def test_a_line_that_went_back_whole_is_covered_no_more():
    make_rule()
    order = make_order(paid=True)
    relay_batch(NOON)
    assert shown(order)["months"] == 12

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    assert shown(order) is None
    late = make_order(paid=True)
    cancel_order(number=late.number, member_id=late.member_id, reason="", at=NOON)
    assert months_of(late) == []


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_F_43_months_end_on_the_same_day_or_the_last(begins, months, ends):
    assert last_day(begins, months) == ends


def test_without_a_rule_a_paid_order_costs_one_statement_more():
    order = make_order(paid=True)

    with count_queries(at_most=1):
        assert give_warranties(order_id=order.pk, at=NOON) == 0


def test_the_rules_are_read_once_a_minute_also_where_there_are_none():
    warranty_on_offer([(1, [1])], NOON)

    with count_queries(at_most=0):
        assert warranty_on_offer([(1, [1])], NOON) is None


def test_what_is_about_to_end_is_promised_no_more():
    make_rule()
    goods = [(1, [1])]

    assert warranty_on_offer(goods, NOON)["months"] == 12
    assert warranty_on_offer(goods, TOMORROW - timedelta(minutes=2)) is None
    assert warranty_on_offer(goods, TODAY - timedelta(seconds=1)) is None
    assert warranty_on_offer([], NOON) is None
