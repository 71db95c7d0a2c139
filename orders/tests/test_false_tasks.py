"""Tasks that would only be closed again are not opened; those that are needed are. Source: O-26."""

from datetime import datetime, timedelta

import pytest

from inventory.testing import make_stock
from members.testing import make_operator
from orders.models import FulfilmentPolicy, Order, OrderCheck, OrderTask, ReviewPolicy
from orders.services import close_tasks, finish_task, hold_awaited, pass_check, watch_orders
from orders.testing import NOON, make_order, make_presale, make_stocked_sku, offered, pay
from promotions.models import ActivityItem

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Kind = OrderTask.Kind
LEAVES = datetime.fromisoformat("2026-12-10T12:00:00+08:00")


def kinds():
    return sorted(OrderTask.objects.open().values_list("kind", flat=True))


def paid_presale():
    item = ActivityItem.objects.get(campaign=make_presale())
    order = make_order(wanted=(offered(item),))
    pay(order)
    pay(order, at=NOON + 3 * DAY)
    return Order.objects.get(pk=order.pk)


def test_O_26_an_order_that_waits_for_its_check_is_not_late():
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"amount_fen": 10_000})
    make_order(paid=True, sku=make_stocked_sku(price_fen=20_000))

    assert watch_orders(NOON + 49 * HOUR) == 0

    pass_check(check_id=OrderCheck.objects.get().pk, actor=make_operator(), at=NOON + 50 * HOUR)
    assert watch_orders(NOON + 51 * HOUR) == 1


def test_O_26_the_task_of_a_late_order_is_over_while_the_order_waits_for_a_check():
    order = make_order(paid=True)
    watch_orders(NOON + 49 * HOUR)
    assert kinds() == ["late_shipping"]
    Order.objects.filter(pk=order.pk).update(stage="in_review")

    watch_orders(NOON + 50 * HOUR)

    assert kinds() == []


def test_O_32_a_presale_is_late_only_after_the_day_it_promised():
    order = paid_presale()
    make_stock(sku=order.lines.get().sku, on_hand=1)
    hold_awaited(NOON + 4 * DAY)

    assert watch_orders(LEAVES) == 0
    assert watch_orders(LEAVES + DAY) == 1
    assert kinds() == ["late_shipping"]


def test_O_32_a_presale_of_before_the_days_were_kept_is_late_as_it_was():
    order = paid_presale()
    Order.objects.filter(pk=order.pk).update(ships_on=None)

    watch_orders(NOON + 6 * DAY)

    assert kinds() == ["late_shipping"]


def test_O_26_a_presale_without_goods_on_its_day_is_short_of_stock_until_they_come():
    order = paid_presale()
    watch_orders(LEAVES - DAY)
    assert kinds() == []

    watch_orders(LEAVES)
    task = OrderTask.objects.get()
    assert (task.kind, task.order, task.facts) == (
        "stock_short", order, {"ships_on": "2026-12-10"},
    )  # fmt: skip

    make_stock(sku=order.lines.get().sku, on_hand=1)
    hold_awaited(LEAVES + HOUR)
    watch_orders(LEAVES + HOUR)
    task.refresh_from_db()
    assert task.outcome == "gone"


def test_O_26_what_somebody_has_finished_rests_before_it_is_a_task_again():
    FulfilmentPolicy.objects.update_or_create(pk=1, defaults={"rest_hours": 24})
    make_order(paid=True)
    late = NOON + 49 * HOUR
    watch_orders(late)
    task = OrderTask.objects.get()
    finish_task(task_id=task.pk, outcome="buyer told", actor=make_operator(), at=late)

    assert watch_orders(late + 23 * HOUR) == 0
    assert watch_orders(late + 24 * HOUR) == 1


def test_O_26_what_the_shop_closed_by_itself_is_a_task_again_at_once():
    order = make_order(paid=True)
    late = NOON + 49 * HOUR
    watch_orders(late)
    close_tasks(kind=Kind.LATE_SHIPPING, reference=order.number, at=late, outcome="gone")

    assert watch_orders(late + HOUR) == 1


def test_O_39_an_order_of_grave_risk_is_a_task_of_who_decides_until_it_is_decided():
    order = make_order(paid=True)
    Order.objects.filter(pk=order.pk).update(stage="in_review")
    check = OrderCheck.objects.create(
        order=order, reasons=[{"code": "risk_burst", "facts": {"n": 5}}], opened_at=NOON
    )

    assert watch_orders(NOON + HOUR) == 1
    task = OrderTask.objects.get()
    assert (task.kind, task.facts) == ("risk_review", {"reasons": ["risk_burst"]})

    pass_check(check_id=check.pk, actor=make_operator(), at=NOON + 2 * HOUR)
    watch_orders(NOON + 2 * HOUR)
    task.refresh_from_db()
    assert task.outcome == "gone"
