from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from catalog.testing import make_sku
from inventory.forecast import suggested_order
from inventory.models import PurchaseSuggestion, RestockAlert, StockItem
from inventory.selectors import open_alerts
from inventory.services import (
    raise_alerts,
    receive_stock,
    release_stock,
    reserve_stock,
    write_off_stock,
)
from inventory.tasks import send_restock_alerts
from inventory.testing import make_stock, make_supplier
from mall.kernel import notify
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def buyer():
    account = get_user_model().objects.create(username="buyer", is_staff=True)
    account.user_permissions.add(Permission.objects.get(codename="get_restock_alerts"))
    return account


def receive(item, quantity, source_id):
    receive_stock(
        sku=item.sku,
        warehouse=item.warehouse,
        quantity=quantity,
        source_type="purchase",
        source_id=source_id,
        at=AT + timedelta(hours=1),
    )


def write_off(item, quantity, source_id):
    write_off_stock(
        item_id=item.pk, quantity=quantity, source_type="test", source_id=source_id, at=AT
    )


def test_four_pieces_under_a_threshold_of_five_raise_one_alert_and_the_receipt_closes_it(buyer):
    item = make_stock(sku=make_sku(), on_hand=4, safety_stock=5)

    assert raise_alerts(AT) == 1
    assert raise_alerts(AT + timedelta(minutes=5)) == 0

    alert = open_alerts().get()
    assert (alert.item, alert.crossing, alert.available, alert.threshold) == (item, 1, 4, 5)
    assert alert.suggested_quantity == 300
    message = Message.objects.get(account=buyer)
    title, body = notify.render(message.template, message.params)
    assert "1" in title
    assert f"{item.sku.code} ×300" in body

    receive(item, 1, "P1")

    alert.refresh_from_db()
    assert alert.resolved_at == AT + timedelta(hours=1)
    assert not open_alerts().exists()


def test_I_05_what_is_on_its_way_is_not_suggested_again(buyer):
    item = make_stock(sku=make_sku(), on_hand=4, safety_stock=5)
    StockItem.objects.filter(pk=item.pk).update(in_transit=300)

    assert raise_alerts(AT) == 1

    alert = open_alerts().get()
    assert (alert.suggested_quantity, alert.arrives_on) == (0, None)
    assert not PurchaseSuggestion.objects.exists()
    _title, body = notify.render("inventory.restock", Message.objects.get(account=buyer).params)
    assert item.sku.code in body
    assert "×" not in body


def test_I_05_goods_of_a_supplier_are_its_own_to_restock():
    house = make_supplier(house=True).warehouses.get()
    make_stock(sku=make_sku(), warehouse=house, on_hand=4, safety_stock=5)

    assert raise_alerts(AT) == 0

    assert not PurchaseSuggestion.objects.exists()


def test_a_receipt_that_is_too_small_leaves_the_alert_open():
    item = make_stock(sku=make_sku(), on_hand=2, safety_stock=5)
    raise_alerts(AT)

    receive(item, 2, "P1")

    assert open_alerts().count() == 1
    assert raise_alerts(AT) == 0


def test_stock_that_flaps_raises_one_alert_per_crossing():
    item = make_stock(sku=make_sku(), on_hand=4, safety_stock=5)
    for number in range(3):
        assert raise_alerts(AT) == 1
        receive(item, 3, f"P{number}")
        assert raise_alerts(AT) == 0
        write_off(item, 3, f"W{number}")

    assert raise_alerts(AT) == 1

    assert list(RestockAlert.objects.order_by("pk").values_list("crossing", flat=True)) == [
        1,
        2,
        3,
        4,
    ]
    assert StockItem.objects.get().crossings == 4


def test_a_cancelled_order_that_lifts_stock_closes_the_alert_at_the_next_run():
    item = make_stock(sku=make_sku(), on_hand=6, safety_stock=5)
    reserve_stock(order_number="A1", wanted={"0": (item.sku_id, 4)}, region_code="33", at=AT)
    raise_alerts(AT)
    release_stock(order_number="A1", at=AT)

    assert raise_alerts(AT) == 0

    assert not open_alerts().exists()


def test_stock_without_a_safety_stock_never_alerts():
    make_stock(sku=make_sku(), on_hand=0)

    assert raise_alerts(AT) == 0


def test_only_operators_with_the_right_are_told_each_in_one_message(buyer):
    get_user_model().objects.create(username="packer", is_staff=True)
    boss = get_user_model().objects.create(username="boss", is_staff=True, is_superuser=True)
    left = get_user_model().objects.create(username="left", is_staff=True, is_superuser=True)
    get_user_model().objects.filter(pk=left.pk).update(is_active=False)
    for _n in range(7):
        make_stock(sku=make_sku(), on_hand=1, safety_stock=5)

    raise_alerts(AT)

    messages = Message.objects.values_list("account_id", "params__count")
    assert set(messages) == {(buyer.pk, 7), (boss.pk, 7)}


def test_raising_costs_the_same_for_two_rows_and_for_fifty(buyer):
    counts = []
    for rows in (2, 50):
        for _n in range(rows):
            make_stock(sku=make_sku(), on_hand=1, safety_stock=5)
        with count_queries() as statements:
            assert raise_alerts(AT) == rows
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 16


def test_the_beat_task_raises_the_alerts():
    make_stock(sku=make_sku(), on_hand=1, safety_stock=5)

    assert send_restock_alerts.name == "inventory.send_restock_alerts"
    assert send_restock_alerts() == 1


@pytest.mark.parametrize(
    ("available", "safety_stock", "expected"),
    [(4, 5, 300), (0, 40, 300), (10, 200, 590), (0, 100, 300), (0, 101, 303)],
)
def test_an_order_fills_up_to_three_safety_stocks_and_at_least_300(
    available, safety_stock, expected
):
    assert suggested_order(available, safety_stock) == expected
