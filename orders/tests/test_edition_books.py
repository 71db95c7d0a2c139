"""What is taken of limited editions agrees with the orders behind it (C-15, INV-06)."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.models import F

from catalog.models import Product
from mall.kernel.balances import compare
from mall.kernel.invariants import audit
from members.testing import make_member
from orders.models import EditionTake, EditionUse, Order
from orders.providers import Trade, TradeState
from orders.services import cancel_order, close_order, close_unpaid
from orders.services.querying import settle_trade
from orders.testing import NOON, make_order, make_stocked_sku, open_sandbox_payment
from orders.tests.cases import LATER, granted, sent_order

pytestmark = pytest.mark.django_db
MENDING = import_module("orders.migrations.0038_owed_and_counted_before")


@pytest.fixture
def sku():
    """Two pieces a member, nine in all."""
    sku = make_stocked_sku()
    Product.objects.filter(pk=sku.product_id).update(
        edition=Product.Edition.LIMITED, member_limit=2, total_limit=9
    )
    return sku


def broken_laws():
    return {law.code for law, violation in audit() if violation}


def difference():
    """The first row that differs, as (name, stored, rebuilt)."""
    (found,) = (one for one in compare() if one.balance.code == "edition.taken")
    return [(row.name, row.stored, row.rebuilt) for row in found.first]


def taken():
    return sorted(EditionTake.objects.values_list("pieces", flat=True))


def test_the_books_agree_with_orders_in_every_state(sku):
    make_order(sku=sku, quantity=2)
    cancelled = make_order(sku=sku, paid=True)
    cancel_order(number=cancelled.number, member_id=cancelled.member_id, reason="", at=NOON)
    granted(sent_order(sku=sku, received=True), reason="quality")

    assert taken() == [0, 1, 2, 3]
    assert (difference(), broken_laws()) == ([], set())


@pytest.mark.parametrize(
    ("whose", "named"), [({"member": None}, " in all"), ({"member__isnull": False}, ", member ")]
)
def test_a_count_that_orders_do_not_bear_out_is_named(sku, whose, named):
    make_order(sku=sku, quantity=2)
    EditionTake.objects.filter(**whose).update(pieces=F("pieces") - 1)

    ((name, stored, rebuilt),) = difference()

    assert name.startswith(f"product {sku.product_id}{named}")
    assert (stored, rebuilt) == (1, 2)
    assert broken_laws() == {"INV-06a"}


def test_a_count_that_is_gone_is_named_too(sku):
    order = make_order(sku=sku)
    EditionTake.objects.filter(member__isnull=False).delete()

    name = f"product {sku.product_id}, member {order.member_id}"
    assert difference() == [(name, 0, 1)]
    assert broken_laws() == {"INV-06a"}


def test_a_closed_order_that_kept_its_pieces_is_found(sku):
    order = make_order(sku=sku)
    close_order(order_id=order.pk, reason=Order.CloseReason.TIMEOUT, at=NOON)
    EditionUse.objects.update(returned_at=None)
    EditionTake.objects.update(pieces=1)

    assert difference() == []
    assert broken_laws() == {"INV-06b"}


def test_an_order_that_is_paid_back_whole_before_it_is_received_gives_back(sku):
    buyer = make_member()
    order = make_order(member=buyer, sku=sku, quantity=2, paid=True)

    granted(order, 2)

    assert Order.objects.get(pk=order.pk).status == "closed"
    assert taken() == [0, 0]
    assert make_order(member=buyer, sku=sku, quantity=2).pk
    assert broken_laws() == set()


def revived(sku, trade="T1", **changes):
    """Closed, and paid all the same once the product was changed."""
    order = make_order(sku=sku)
    payment = open_sandbox_payment(order)
    close_unpaid(order.expires_at)
    Product.objects.filter(pk=sku.product_id).update(**changes)
    late = Trade(
        payment.payment_no, TradeState.PAID, trade, amount_fen=payment.amount_fen, paid_at=LATER
    )
    settle_trade("sandbox", late, LATER)
    assert Order.objects.get(pk=order.pk).status == "paid"
    return order


def test_an_order_that_lives_again_is_not_counted_where_there_is_no_limit_any_more(sku):
    order = revived(sku, total_limit=None)

    assert taken() == [0, 1]
    assert broken_laws() == set()
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=LATER)
    assert taken() == [0, 0]


def mend(*statements):
    """Run what a migration runs, twice: the second time finds nothing."""
    with connection.cursor() as cursor:
        for statement in statements * 2:
            cursor.execute(statement)


def test_what_closed_orders_kept_by_older_code_is_given_back(sku):
    buyer = make_member()
    order = make_order(member=buyer, sku=sku, quantity=2, paid=True)
    granted(order, 2)
    EditionUse.objects.update(returned_at=None)
    EditionTake.objects.update(pieces=F("pieces") + 2)
    make_order(sku=sku)
    assert (taken(), broken_laws()) == ([1, 2, 3], {"INV-06b"})

    mend(MENDING.GIVEN_BACK)

    assert (taken(), difference(), broken_laws()) == ([0, 1, 1], [], set())
    use = EditionUse.objects.get(order=order)
    assert use.returned_at == Order.objects.get(pk=order.pk).closed_at
    assert make_order(member=buyer, sku=sku, quantity=2).pk


@pytest.mark.parametrize(
    ("limit", "flag"), [("total_limit", "in_all"), ("member_limit", "of_member")]
)
def test_revived_uses_that_older_code_did_not_count_say_so(sku, limit, flag):
    make_order(sku=sku, paid=True)
    counted = revived(sku, "T1")
    uncounted = revived(sku, "T2", **{limit: None})
    EditionUse.objects.filter(order=uncounted).update(**{flag: True})
    assert broken_laws() == {"INV-06a"}

    mend(MENDING.UNCOUNTED_IN_ALL, MENDING.UNCOUNTED_OF_MEMBER)

    assert (difference(), broken_laws()) == ([], set())
    flags = dict(EditionUse.objects.values_list("order", flag))
    assert [flags[uncounted.pk], flags[counted.pk]] == [False, True]
    cancel_order(number=uncounted.number, member_id=uncounted.member_id, reason="", at=LATER)
    assert broken_laws() == set()
