"""What a suggestion for stock that stays low says goes by the facts of now."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from catalog.testing import make_operator, make_sku
from inventory.models import PurchaseOrder, PurchaseSuggestion, RestockAlert, StockItem
from inventory.services import (
    Delivered,
    approve_purchase,
    close_purchase,
    mark_hit,
    order_suggested,
    raise_alerts,
    receive_purchase,
    send_purchase,
    set_safety_stock,
    settle_suggestion,
)
from inventory.testing import make_goods, make_stock, make_supplier
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import stampede

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def make_low():
    return make_stock(sku=make_sku(), on_hand=4, safety_stock=5)


@pytest.fixture
def low():
    """A row whose 300 pieces are suggested since yesterday."""
    item = make_low()
    raise_alerts(AT)
    return item


def need(item, safety_stock=200):
    """Three times as much, less the four that are there: 596 pieces."""
    set_safety_stock(item_id=item.pk, safety_stock=safety_stock, at=AT)


def on_its_way(item, pieces):
    StockItem.objects.filter(pk=item.pk).update(in_transit=pieces)


def said():
    """Pieces and haste, as the suggestion and as the alert have it."""
    row = PurchaseSuggestion.objects.get()
    alert = RestockAlert.objects.get()
    return (row.pieces, row.is_urgent), (alert.suggested_quantity, alert.is_urgent)


def test_I_49_what_was_suggested_goes_to_the_top_once_it_is_a_hit(low):
    other = make_low()
    raise_alerts(AT)
    mark_hit(item_id=other.pk, is_hit=True, at=LATER)

    assert raise_alerts(LATER) == 0

    listed = PurchaseSuggestion.objects.open().order_by("-is_urgent", "due_on", "pk")
    assert [row.sku_id for row in listed] == [other.sku_id, low.sku_id]
    assert [row.is_urgent for row in listed] == [True, False]
    assert RestockAlert.objects.get(item=other).is_urgent

    mark_hit(item_id=other.pk, is_hit=False, at=LATER)
    raise_alerts(LATER)

    assert not PurchaseSuggestion.objects.filter(is_urgent=True).exists()


def test_I_49_the_pieces_follow_what_is_needed_and_nobody_is_told_twice(low):
    boss = get_user_model().objects.create(username="boss", is_staff=True, is_superuser=True)
    need(low)

    assert [raise_alerts(LATER) for _n in range(2)] == [0, 0]

    assert said() == ((596, False), (596, False))
    row = PurchaseSuggestion.objects.get()
    assert (row.suggested_at, row.due_on) == (AT, date(2026, 11, 29))
    assert not Message.objects.filter(account=boss).exists()


def test_I_05_what_is_ordered_by_hand_is_not_suggested_as_well_until_it_is_called_off(low):
    on_its_way(low, 300)
    raise_alerts(LATER)

    assert PurchaseSuggestion.objects.get().settled_at == LATER
    assert RestockAlert.objects.open().get().suggested_quantity == 0

    on_its_way(low, 0)
    raise_alerts(LATER + timedelta(days=1))

    row = PurchaseSuggestion.objects.open().get()
    assert (row.pieces, row.suggested_at) == (300, LATER + timedelta(days=1))
    assert row.due_on == date(2026, 12, 1)


def ordered(item):
    """The 300, as a draft."""
    make_goods(make_supplier(), item.sku)
    (order,) = order_suggested(
        suggestion_ids=[PurchaseSuggestion.objects.get().pk], at=AT, actor=make_operator()
    )
    return order


def test_what_is_being_ordered_stays_as_it_was_suggested(low):
    order = ordered(low)
    need(low)

    raise_alerts(LATER)

    row = PurchaseSuggestion.objects.get()
    assert (row.pieces, row.settled_at, row.note) == (300, AT, order.number)
    assert said()[1] == (300, False)


def test_what_an_operator_decided_against_stays_so(low):
    suggestion = PurchaseSuggestion.objects.get()
    settle_suggestion(suggestion_id=suggestion.pk, note="not now", at=AT, actor=make_operator())
    need(low)

    raise_alerts(LATER)

    row = PurchaseSuggestion.objects.get()
    assert (row.pieces, row.settled_at, row.note) == (300, AT, "not now")


@pytest.mark.parametrize("accepted", [1, 300])
def test_what_was_ordered_and_did_not_suffice_is_suggested_again(low, accepted):
    """One piece came and the rest never will, or more is needed than was ordered."""
    order = ordered(low)
    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    send_purchase(order_id=order.pk, at=AT)
    need(low, safety_stock=400)
    delivered = {order.lines.get().pk: Delivered(accepted=accepted)}
    receive_purchase(order_id=order.pk, note_number="N1", delivered=delivered, at=AT, actor=None)
    if accepted == 1:
        raise_alerts(AT)
        assert not PurchaseSuggestion.objects.open().exists()
        close_purchase(order_id=order.pk, reason="x", at=AT)

    raise_alerts(LATER)

    row = PurchaseSuggestion.objects.open().get()
    assert row.pieces == 1_200 - 4 - accepted
    assert (row.note, row.settled_by, row.suggested_at) == ("", None, LATER)
    assert row.purchase_orders.get() == order


def test_what_is_asked_again_costs_the_same_for_two_rows_and_for_fifty():
    counts = []
    for rows in (2, 50):
        items = [make_low() for _n in range(rows)]
        raise_alerts(AT)
        for item in items:
            mark_hit(item_id=item.pk, is_hit=True, at=AT)
        with count_queries() as statements:
            raise_alerts(LATER)
        counts.append(len(statements))

    assert PurchaseSuggestion.objects.filter(is_urgent=True).count() == 52
    assert counts[0] == counts[1] <= 18


def test_more_alerts_than_one_batch_are_asked_again(monkeypatch):
    monkeypatch.setattr("inventory.services.alerting.BATCH", 2)
    items = [make_low() for _n in range(4)]
    assert raise_alerts(AT) == 4
    for item in items:
        mark_hit(item_id=item.pk, is_hit=True, at=AT)

    raise_alerts(LATER)

    assert PurchaseSuggestion.objects.filter(is_urgent=True).count() == 4


@pytest.mark.django_db(transaction=True)
def test_what_somebody_is_ordering_at_this_instant_is_not_waited_for(low):
    need(low)

    with transaction.atomic():
        list(PurchaseSuggestion.objects.locked())
        outcomes = stampede(1, lambda _n: raise_alerts(LATER))

    assert (outcomes.errors, said()[0]) == ([], (300, False))


@pytest.mark.django_db(transaction=True)
def test_an_order_is_either_for_what_was_suggested_or_for_what_is_now(low):
    make_goods(make_supplier(), low.sku)
    need(low)
    (pk,) = PurchaseSuggestion.objects.values_list("pk", flat=True)
    clerk = make_operator()
    deeds = [
        lambda: order_suggested(suggestion_ids=[pk], at=LATER, actor=clerk),
        lambda: raise_alerts(LATER),
    ]

    outcomes = stampede(2, lambda number: deeds[number]())

    order = PurchaseOrder.objects.get()
    row = PurchaseSuggestion.objects.get()
    assert not outcomes.errors
    assert (row.settled_at, row.note) == (LATER, order.number)
    assert order.lines.get().quantity == row.pieces in (300, 596)
