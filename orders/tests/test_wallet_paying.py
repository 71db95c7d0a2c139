"""The balance as a way of paying: the whole order or nothing, at once (O-42)."""

from datetime import timedelta

import pytest

from mall.kernel import ledger
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.errors import NotEnoughMoney
from members.models import Wallet, WalletEntry
from members.services import credit_wallet
from members.testing import make_member
from orders.errors import IllegalMove, OrderExpired
from orders.models import Order, Payment, Refund
from orders.services import (
    begin_payment,
    cancel_order,
    close_unpaid,
    open_payment,
    query_silent_payments,
    retry_refunds,
    start_payment,
    ways_to_pay,
)
from orders.testing import NOON, make_order, make_presale, make_stocked_sku, offered, pay
from orders.tests.test_races import nothing_broken

WAY = {"provider": "wallet", "scene": "wallet"}
KIND = WalletEntry.Kind


@pytest.fixture
def member():
    return make_member()


def fill(member, amount_fen, reference="packet"):
    credit_wallet(
        member_id=member.pk,
        amount_fen=amount_fen,
        kind=KIND.RED_PACKET,
        reference=f"{reference}-{member.pk}",
        at=NOON,
    )


def pay_whole(order, at=NOON):
    return start_payment(order_number=order.number, member_id=order.member_id, at=at, **WAY)


def balance_of(member):
    return Wallet.objects.get(member=member).balance_fen


@pytest.mark.django_db
def test_O_42_a_red_packet_of_5_yuan_raises_the_balance_and_pays(member):
    fill(member, 500)
    assert balance_of(member) == 500
    fill(member, 500, "another")
    order = make_order(member=member, sku=make_stocked_sku(price_fen=500))
    assert order.payable_fen == 1_000  # with its freight

    begun = pay_whole(order)

    order.refresh_from_db()
    assert (begun.payment.status, begun.action.type) == ("succeeded", "none")
    assert (order.status, order.paid_fen, balance_of(member)) == ("paid", 1_000, 0)
    entries = WalletEntry.objects.filter(wallet__member=member).order_by("pk")
    assert [(entry.kind, entry.delta_fen) for entry in entries] == [
        ("red_packet", 500),
        ("red_packet", 500),
        ("payment", -1_000),
    ]
    assert ledger.balance_of("escrow") == -1_000
    assert ledger.balance_of("provider:wallet") == ledger.balance_of(f"wallet:{member.pk}") == 0
    assert nothing_broken()


@pytest.mark.django_db
def test_one_fen_too_little_pays_nothing_and_says_why(member):
    order = make_order(member=member)
    fill(member, order.payable_fen - 1)

    with pytest.raises(NotEnoughMoney):
        pay_whole(order)

    payment = Payment.objects.get(order=order)
    order.refresh_from_db()
    assert (payment.status, payment.failure_code) == ("failed", "NOTENOUGH")
    assert (order.status, order.paid_fen) == ("unpaid", 0)
    assert balance_of(member) == order.payable_fen - 1
    assert ledger.balance_of("escrow") == 0


@pytest.mark.django_db
def test_O_35_where_the_balance_fails_another_way_pays_the_same_order(member):
    order = make_order(member=member)
    with pytest.raises(NotEnoughMoney):
        pay_whole(order)

    assert pay(order).status == "succeeded"

    order.refresh_from_db()
    assert order.status == "paid"


@pytest.mark.django_db
def test_the_balance_is_offered_to_those_who_have_enough_of_it(settings):
    settings.PAYMENT_PROVIDERS = ["sandbox", "wallet"]

    assert ("wallet", "wallet") in ways_to_pay(balance_fen=500, due_fen=500)
    assert ways_to_pay(balance_fen=499, due_fen=500) == [("sandbox", "sandbox")]
    assert ways_to_pay() == [("sandbox", "sandbox")]


@pytest.mark.django_db
def test_beginning_again_takes_the_money_once(member):
    order = make_order(member=member)
    fill(member, 3 * order.payable_fen)
    begun = pay_whole(order)

    again = begin_payment(begun.payment, at=NOON)

    assert (again.payment.status, again.action.type) == ("succeeded", "none")
    assert balance_of(member) == 2 * order.payable_fen


@pytest.mark.django_db
def test_a_cancelled_order_goes_back_to_the_balance_once(member):
    order = make_order(member=member)
    fill(member, order.payable_fen)
    pay_whole(order)

    cancel_order(number=order.number, member_id=member.pk, reason="", at=NOON)
    retry_refunds(NOON)
    Refund.objects.update(status="pending", succeeded_at=None, next_at=NOON)
    retry_refunds(NOON)

    assert balance_of(member) == order.payable_fen
    assert WalletEntry.objects.filter(kind=KIND.REFUND).count() == 1
    assert ledger.balance_of("escrow") == ledger.balance_of("provider:wallet") == 0
    assert nothing_broken()


@pytest.mark.django_db
def test_a_deposit_and_its_balance_come_from_the_wallet(member):
    item = make_presale().items.get()
    fill(member, 100_000)
    order = make_order(member=member, wanted=(offered(item),))

    pay_whole(order)
    after = NOON + timedelta(days=3, hours=1)
    pay_whole(order, at=after)

    order.refresh_from_db()
    assert (order.status, order.paid_fen) == ("paid", order.payable_fen)
    assert balance_of(member) == 100_000 - order.payable_fen
    assert nothing_broken()


@pytest.mark.django_db
def test_an_order_that_is_over_takes_no_money(member):
    order = make_order(member=member)
    fill(member, order.payable_fen)
    opened = open_payment(order_number=order.number, member_id=member.pk, at=NOON, **WAY)

    with pytest.raises(OrderExpired):
        begin_payment(opened, at=NOON + timedelta(minutes=30))
    close_unpaid(NOON + timedelta(minutes=31))
    with pytest.raises(IllegalMove):
        begin_payment(opened, at=NOON)

    opened.refresh_from_db()
    assert (opened.status, balance_of(member)) == ("closed", order.payable_fen)


@pytest.mark.django_db
def test_an_open_payment_that_nobody_finished_stays_open_when_asked_about(member):
    order = make_order(member=member)
    opened = open_payment(order_number=order.number, member_id=member.pk, at=NOON, **WAY)

    assert query_silent_payments(NOON + timedelta(seconds=15)) == 0

    opened.refresh_from_db()
    assert opened.status == "pending"


@pytest.fixture
def contended(member):
    """Two open payments of two orders, and money for one of them; the accounts of the book are
    there already, so that nobody waits for their making."""
    first, *orders = [make_order(member=member) for _n in range(3)]
    fill(member, 2 * first.payable_fen)
    pay_whole(first)
    return [
        open_payment(order_number=order.number, member_id=member.pk, at=NOON, **WAY)
        for order in orders
    ]


def pay_both(payments):
    outcomes = stampede(2, lambda n: begin_payment(payments[n], at=NOON))
    orders = Order.objects.filter(payments__in=[payment.pk for payment in payments])
    return outcomes, sorted(orders.values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_orders_and_money_for_one_pay_exactly_one(member, contended):
    outcomes, statuses = pay_both(contended)

    assert len(outcomes.results) == 1
    assert outcomes.only(NotEnoughMoney)
    assert (statuses, balance_of(member)) == (["paid", "unpaid"], 0)
    assert nothing_broken()


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_one_balance_pays_twice(contended):
    with without_locks(), all_read_before_any_writes("members.services.crediting.entry_of", 2):
        outcomes, statuses = pay_both(contended)

    assert len(outcomes.results) == 2
    assert statuses == ["paid", "paid"]


@pytest.mark.django_db(transaction=True)
def test_one_payment_begun_eight_times_at_once_is_taken_once(member):
    order = make_order(member=member)
    fill(member, 8 * order.payable_fen)
    opened = open_payment(order_number=order.number, member_id=member.pk, at=NOON, **WAY)

    outcomes = stampede(8, lambda n: begin_payment(opened, at=NOON))

    assert {begun.payment.status for begun in outcomes.results} == {"succeeded"}
    assert (len(outcomes.results), balance_of(member)) == (8, 7 * order.payable_fen)
