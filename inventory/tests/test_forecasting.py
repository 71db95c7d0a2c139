"""The daily forecast: what sells, what to keep, what rises, what lies too long."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from catalog.testing import make_sku
from inventory.forecast import Terms
from inventory.models import PurchaseSuggestion, RestockAlert, RestockPolicy, StockForecast
from inventory.selectors import loss_rates, lying_goods, supply_terms
from inventory.services import (
    consume_stock,
    forecast_demand,
    mark_hit,
    raise_alerts,
    receive_stock,
    reserve_stock,
    set_defective,
    set_safety_stock,
)
from inventory.testing import LONG_AGO, make_stock
from mall.kernel import clock
from mall.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
NOON = LONG_AGO + timedelta(days=60, hours=4)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def buyer():
    return get_user_model().objects.create(username="buyer", is_staff=True, is_superuser=True)


def sell(item, pieces, at):
    number = f"S{item.pk}-{at:%m%d%H}"
    reserve_stock(order_number=number, wanted={"0": (item.sku_id, pieces)}, region_code="33", at=at)
    consume_stock(order_number=number, pieces={"0": pieces}, shipment_number=number, at=at)


def sold_daily(item, pieces_by_day):
    """Sales of the days before NOON, the last one first."""
    for ago, pieces in enumerate(pieces_by_day, 1):
        if pieces:
            sell(item, pieces, NOON - ago * DAY)


def forecast(item):
    forecast_demand(NOON)
    item.refresh_from_db()
    return StockForecast.objects.get(item=item)


def test_I_04_the_safety_stock_follows_the_sales():
    RestockPolicy.objects.update(demand_days=7)
    item = make_stock(sku=make_sku(), on_hand=500)
    sold_daily(item, [13, 10, 7, 13, 10, 7, 10])

    found = forecast(item)

    assert found.mean_hundredths == 1_000
    assert found.deviation_hundredths == 245
    assert (item.safety_stock, item.reorder_point) == (11, 81)
    forecast_demand(NOON)
    assert StockForecast.objects.count() == 1


def test_I_04_a_typed_safety_stock_is_kept():
    item = make_stock(sku=make_sku(), on_hand=500)
    set_safety_stock(item_id=item.pk, safety_stock=5, at=LONG_AGO)
    sold_daily(item, [10] * 7)

    forecast(item)

    assert (item.safety_stock, item.reorder_point, item.is_safety_typed) == (5, 0, True)


def test_I_07_1000_pieces_at_1_a_day_are_flagged_and_told_once():
    item = make_stock(sku=make_sku(), on_hand=1_028)
    sold_daily(item, [1] * 28)

    assert forecast_demand(NOON) == 1
    assert StockForecast.objects.get(item=item).mean_hundredths == 100
    assert forecast_demand(NOON + DAY) == 0

    assert StockForecast.objects.get().overstocked_since == NOON
    assert Message.objects.filter(template="inventory.overstock").count() == 1


def test_I_49_a_sharp_rise_lifts_the_reorder_point_and_goes_to_the_top():
    calm = make_stock(sku=make_sku(), on_hand=3, safety_stock=5)
    hot = make_stock(sku=make_sku(), on_hand=100)
    sold_daily(hot, [12] + [5] * 7)

    found = forecast(hot)
    assert (found.is_rising, found.yesterday, found.week_hundredths) == (True, 12, 500)
    assert hot.reorder_point >= 12 * 7
    set_safety_stock(item_id=calm.pk, safety_stock=5, at=NOON)
    raise_alerts(NOON)

    listed = PurchaseSuggestion.objects.open().order_by("-is_urgent", "due_on", "pk")
    assert [row.sku_id for row in listed] == [hot.sku_id, calm.sku_id]
    assert [row.is_urgent for row in listed] == [True, False]


def test_I_49_a_marked_hit_is_urgent_too():
    item = make_stock(sku=make_sku(), on_hand=3, safety_stock=5)
    mark_hit(item_id=item.pk, is_hit=True, at=NOON)
    forecast_demand(NOON)
    set_safety_stock(item_id=item.pk, safety_stock=5, at=NOON)

    raise_alerts(NOON)

    assert StockForecast.objects.get().is_hit
    assert RestockAlert.objects.get().is_urgent


def test_I_05_stock_4_under_5_is_one_alert_and_a_receipt_closes_it_and_its_suggestion():
    item = make_stock(sku=make_sku(), on_hand=4, safety_stock=5)

    assert (raise_alerts(NOON), raise_alerts(NOON + DAY)) == (1, 0)
    alert = RestockAlert.objects.get()
    assert (alert.available, alert.threshold, alert.suggested_quantity) == (4, 5, 300)
    assert alert.arrives_on == clock.day_of(NOON) + 7 * DAY
    assert PurchaseSuggestion.objects.open().get().alert == alert

    receive_stock(
        sku=item.sku,
        warehouse=item.warehouse,
        quantity=300,
        source_type="purchase",
        source_id="P1",
        at=NOON + DAY,
    )

    alert.refresh_from_db()
    assert alert.resolved_at == NOON + DAY
    assert not PurchaseSuggestion.objects.open().exists()


def test_I_37_without_a_supplier_the_shop_s_own_terms_hold():
    sku = make_sku()

    assert supply_terms([sku.pk], RestockPolicy.objects.get()) == {sku.pk: Terms(300, 7)}


def test_I_10_ages_and_turns_of_a_row():
    item = make_stock(sku=make_sku(), on_hand=100, cost_fen=100, at=NOON - 200 * DAY)
    receive_stock(
        sku=item.sku,
        warehouse=item.warehouse,
        quantity=20,
        source_type="purchase",
        source_id="P1",
        at=NOON - 10 * DAY,
    )
    sell(item, 20, NOON - DAY)
    item.refresh_from_db()

    lying = lying_goods([item], at=NOON, days=30)[0]

    assert lying.by_age == (20, 0, 0, 80)
    assert lying.turns_hundredths == 20
    assert lying.days_of_supply is None


def test_I_52_two_lost_of_1000_handled():
    item = make_stock(sku=make_sku(), on_hand=1_000, cost_fen=100, at=NOON)
    set_defective(item_id=item.pk, pieces=2, reason="torn", source_id="d1", at=NOON)

    today = clock.day_of(NOON)
    rate = loss_rates(first=today - 5 * DAY, last=today)[0]

    assert (rate.handled, rate.lost, rate.rate_bp) == (1_000, 2, 20)
    assert (rate.warehouse_id, rate.month) == (item.warehouse_id, today.replace(day=1))
