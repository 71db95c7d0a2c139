"""What an alert did not ask for because it was on its way is suggested once it no longer is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError

from catalog.testing import make_operator, make_sku
from inventory.models import PurchaseSuggestion, RestockAlert, StockItem
from inventory.services import (
    Delivered,
    approve_purchase,
    cancel_purchase,
    cancel_transfer,
    close_purchase,
    draft_purchase,
    draft_transfer,
    finish_transfer,
    raise_alerts,
    receive_purchase,
    receive_stock,
    send_purchase,
    send_transfer,
    settle_suggestion,
)
from inventory.testing import make_goods, make_stock, make_supplier, make_warehouse
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = AT + timedelta(days=1)
FEW = 5


@pytest.fixture
def low():
    return make_stock(sku=make_sku(), on_hand=4, safety_stock=5)


def purchase(item):
    """300 pieces, sent."""
    supplier = make_supplier()
    make_goods(supplier, item.sku)
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=item.warehouse_id, pieces={item.sku_id: 300}, at=AT
    )
    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    send_purchase(order_id=order.pk, at=AT)
    return order


def cancelled(item):
    order = purchase(item)
    yield
    cancel_purchase(order_id=order.pk, reason="x", at=AT)


def closed_short(item):
    """One piece came, and the other 299 do not."""
    order = purchase(item)
    yield
    StockItem.objects.filter(pk=item.pk).update(safety_stock=10)
    delivered = {order.lines.get().pk: Delivered(accepted=1)}
    receive_purchase(order_id=order.pk, note_number="N1", delivered=delivered, at=AT, actor=None)
    close_purchase(order_id=order.pk, reason="x", at=AT)


def transfer(item):
    far = make_stock(sku=item.sku, on_hand=300, warehouse=make_warehouse(), cost_fen=4_000)
    paper = draft_transfer(
        origin_id=far.warehouse_id, target_id=item.warehouse_id, pieces={item.sku_id: 300}, at=AT
    )
    send_transfer(transfer_id=paper.pk, at=AT)
    return paper


def called_back(item):
    paper = transfer(item)
    yield
    cancel_transfer(transfer_id=paper.pk, note="x", at=AT)


def lost(item):
    paper = transfer(item)
    yield
    finish_transfer(transfer_id=paper.pk, note="x", at=AT)


@pytest.mark.parametrize("way", [cancelled, closed_short, called_back, lost])
def test_I_05_goods_called_off_are_suggested_once_for_the_alert_that_waited_for_them(low, way):
    story = way(low)
    next(story)
    assert raise_alerts(AT) == 1
    assert not PurchaseSuggestion.objects.exists()

    next(story, None)
    assert [raise_alerts(LATER) for _n in range(2)] == [0, 0]

    alert = RestockAlert.objects.get()
    suggestion = PurchaseSuggestion.objects.get()
    assert (alert.suggested_quantity, alert.arrives_on) == (300, date(2026, 11, 30))
    assert (suggestion.alert, suggestion.pieces, suggestion.due_on) == (
        alert,
        300,
        date(2026, 11, 30),
    )
    assert suggestion.suggested_at == LATER


def on_its_way(items, pieces):
    StockItem.objects.filter(pk__in=[item.pk for item in items]).update(in_transit=pieces)


def waited_for(rows=1):
    """Alerts that asked for nothing, and whose goods no longer come."""
    items = [make_stock(sku=make_sku(), on_hand=4, safety_stock=5) for _n in range(rows)]
    on_its_way(items, 300)
    raise_alerts(AT)
    on_its_way(items, 0)
    return items


def test_what_is_still_on_its_way_is_not_suggested(low):
    on_its_way([low], 300)

    for at in (AT, LATER):
        raise_alerts(at)

    assert RestockAlert.objects.get().suggested_quantity == 0
    assert not PurchaseSuggestion.objects.exists()


def test_buyers_are_told_of_an_alert_once_and_a_receipt_settles_what_was_suggested_late():
    boss = get_user_model().objects.create(username="boss", is_staff=True, is_superuser=True)
    (item,) = waited_for()
    raise_alerts(LATER)

    receive_stock(
        sku=item.sku,
        warehouse=item.warehouse,
        quantity=1,
        source_type="purchase",
        source_id="P1",
        at=LATER,
    )

    assert Message.objects.filter(account=boss).count() == 1
    assert not RestockAlert.objects.open().exists()
    assert not PurchaseSuggestion.objects.open().exists()


def test_what_an_operator_has_dealt_with_is_not_suggested_again(low):
    raise_alerts(AT)
    suggestion = PurchaseSuggestion.objects.get()
    settle_suggestion(suggestion_id=suggestion.pk, note="not now", at=AT, actor=make_operator())

    raise_alerts(LATER)

    assert PurchaseSuggestion.objects.get().settled_at == AT


def test_nothing_is_suggested_for_a_warehouse_that_was_closed_meanwhile():
    (item,) = waited_for()
    item.warehouse.is_active = False
    item.warehouse.save()

    raise_alerts(LATER)

    assert not PurchaseSuggestion.objects.exists()


def test_suggesting_late_costs_the_same_for_two_alerts_and_for_fifty():
    counts = []
    for rows in (2, 50):
        waited_for(rows)
        with count_queries() as statements:
            raise_alerts(LATER)
        counts.append(len(statements))

    assert PurchaseSuggestion.objects.count() == 52
    assert counts[0] == counts[1] <= 16


@pytest.mark.django_db(transaction=True)
def test_many_workers_suggest_once_what_was_called_off():
    waited_for()

    outcomes = stampede(FEW, lambda _n: raise_alerts(LATER))

    assert not outcomes.errors
    assert PurchaseSuggestion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_only_the_constraint_keeps_one_suggestion():
    waited_for()

    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.alerting._still_asking", FEW),
    ):
        outcomes = stampede(FEW, lambda _n: raise_alerts(LATER))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    assert PurchaseSuggestion.objects.count() == 1
