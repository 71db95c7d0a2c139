"""An operator lowers the price of an unpaid order; the database lets nobody else (INV-10)."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from mall.kernel.errors import InvalidInput
from mall.kernel.invariants import audit
from mall.kernel.models import AuditEntry, Message
from members.testing import make_operator
from orders.errors import IllegalMove, StillBeingPaid, StopsAtItsTerms
from orders.models import Order, OrderHistory, OrderLineStep, Payment, Refund
from orders.providers import Trade, TradeState
from orders.services import Fault, Wanted, pay_at_cashier, reprice_order
from orders.services.querying import settle_trade
from orders.testing import (
    NOON,
    make_order,
    make_presale,
    make_stocked_sku,
    offered,
    open_sandbox_payment,
    pay,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk():
    return make_operator()


def reprice(order, clerk, **values):
    given = {"off_fen": 1_000, "freight_fen": order.freight_fen, "reason": "老客", **values}
    return reprice_order(order_number=order.number, actor=clerk, at=NOON, **given)


def violations():
    return [found for _invariant, found in audit() if found]


def two_lines():
    cheap, dear = make_stocked_sku(price_fen=1_000), make_stocked_sku(price_fen=3_001)
    return make_order(wanted=(Wanted(cheap.pk, 1), Wanted(dear.pk, 1)))


def test_a_lower_price_is_spread_over_the_lines_and_explained(clerk):
    order = two_lines()
    before = {line.pk: line.payable_fen for line in order.lines.all()}

    changed = reprice(order, clerk, freight_fen=0)

    assert changed.payable_fen == order.payable_fen - 1_000 - order.freight_fen
    lines = list(changed.lines.order_by("position"))
    cuts = [before[line.pk] - line.payable_fen for line in lines]
    assert cuts == [250, 750]
    steps = OrderLineStep.objects.filter(line__order=order, lane="operator")
    assert sorted(steps.values_list("amount_fen", flat=True)) == [250, 750]
    assert changed.freight_steps[-1]["label_code"] == "operator"
    assert [shop["freight_fen"] for shop in changed.freight_shops] == [0]
    assert changed.price_version == 2
    assert violations() == []


def test_the_change_is_on_the_trail_and_the_buyer_is_told(clerk):
    order = two_lines()

    reprice(order, clerk)

    row = OrderHistory.objects.get(order=order, code="repriced")
    assert (row.actor, row.note, row.from_status) == (clerk, "老客", "unpaid")
    entry = AuditEntry.objects.get(verb="orders.reprice")
    assert entry.before["payable_fen"] - entry.after["payable_fen"] == 1_000
    assert Message.objects.filter(template="orders.order_repriced").count() == 1


def test_it_may_be_lowered_twice(clerk):
    order = two_lines()

    reprice(order, clerk, off_fen=100)
    again = reprice(order, clerk, off_fen=200)

    assert again.payable_fen == order.payable_fen - 300
    assert again.price_version == 3
    assert violations() == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"off_fen": -1}, "off_fen"),
        ({"off_fen": 0}, "off_fen"),
        ({"off_fen": 10**9}, "off_fen"),
        ({"freight_fen": 10**9}, "freight_fen"),
        ({"freight_fen": -1}, "freight_fen"),
    ],
)
def test_a_price_never_rises_nor_falls_to_nothing(clerk, values, field):
    order = two_lines()

    with pytest.raises(InvalidInput) as refusal:
        reprice(order, clerk, **values)

    assert refusal.value.facts["field"] == field
    assert Order.objects.get(pk=order.pk).payable_fen == order.payable_fen
    assert not OrderHistory.objects.filter(order=order, code="repriced").exists()


def test_ATK_26_after_payment_nothing_changes_the_price(clerk):
    order = make_order(paid=True)

    with pytest.raises(IllegalMove):
        reprice(order, clerk)

    assert Order.objects.get(pk=order.pk).price_version == 1


def test_a_presale_keeps_its_price(clerk):
    item = make_presale().items.get()
    order = make_order(wanted=(offered(item),))

    with pytest.raises(StopsAtItsTerms):
        reprice(order, clerk)


def test_what_was_begun_at_the_old_price_is_ended_first(clerk):
    order = two_lines()
    old = open_sandbox_payment(order)

    changed = reprice(order, clerk)

    old.refresh_from_db()
    assert old.status == Payment.Status.CLOSED
    assert pay(changed).amount_fen == changed.payable_fen
    assert Order.objects.get(pk=order.pk).status == "paid"
    assert violations() == []


def test_one_that_was_paid_unheard_keeps_its_price(clerk):
    order = two_lines()
    payment = open_sandbox_payment(order)
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=NOON, fault=Fault.LOST)

    with pytest.raises(IllegalMove):
        reprice(order, clerk)

    assert Order.objects.get(pk=order.pk).status == "paid"


def test_late_money_at_the_old_price_goes_back(clerk):
    order = two_lines()
    old = open_sandbox_payment(order)
    reprice(order, clerk)

    settle_trade(
        "sandbox",
        Trade(old.payment_no, TradeState.PAID, "T1", amount_fen=old.amount_fen, paid_at=NOON),
        NOON,
    )

    assert Order.objects.get(pk=order.pk).status == "unpaid"
    assert Refund.objects.get(order=order).amount_fen == old.amount_fen


def test_a_payment_begun_in_between_wins(clerk, monkeypatch):
    order = two_lines()
    monkeypatch.setattr(
        "orders.services.repricing.end_payments", lambda **_: open_sandbox_payment(order)
    )

    with pytest.raises(StillBeingPaid):
        reprice(order, clerk)

    assert Order.objects.get(pk=order.pk).payable_fen == order.payable_fen


def test_INV_10_amounts_change_in_no_other_way():
    order = two_lines()
    row = Order.objects.filter(pk=order.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(payable_fen=F("payable_fen") - 1, discount_fen=F("discount_fen") + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        order.lines.update(payable_fen=F("payable_fen") - 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(price_version=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(price_version=2, payable_fen=F("payable_fen") + 1)
