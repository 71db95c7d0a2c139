"""What the head of an order's page says comes next: payment, return, by the order's own terms."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import translation

from mall.storefront.deals import headline
from orders.models import AfterSalePolicy, Order
from orders.testing import NOON, make_order, make_received_order

pytestmark = pytest.mark.django_db


def hint(order, at=NOON):
    with translation.override("en"):
        return headline(Order.objects.get(pk=order.pk), at)["hint"]


def promise(order, days):
    category = order.lines.get().product.category
    AfterSalePolicy.objects.update_or_create(
        category=category, defaults={"no_reason_days": days, "quality_days": 30}
    )


def test_O_44_the_last_day_is_that_of_the_goods_own_promise():
    order = make_received_order(at=NOON)
    usual = hint(order)
    promise(order, 15)
    longer = hint(order)
    promise(order, 0)

    assert usual != longer
    assert [words.startswith("It can be returned until ") for words in (usual, longer)] == [
        True
    ] * 2
    assert hint(order) == ("Some of these goods come back only when something is wrong with them.")


def test_O_44_the_last_day_counts_and_is_not_named_once_it_is_over():
    order = make_received_order(at=NOON)
    received = Order.objects.get(pk=order.pk).received_at

    last = hint(order, received + timedelta(days=7))
    over = hint(order, received + timedelta(days=8))

    assert last.startswith("It can be returned until ")
    assert over == ""


def test_O_44_a_completed_order_names_the_day_while_it_can_be_returned():
    order = make_received_order(at=NOON)
    Order.objects.filter(pk=order.pk).update(status=Order.Status.COMPLETED)
    received = Order.objects.get(pk=order.pk).received_at
    promise(order, 15)
    open_still = hint(order, received + timedelta(days=9))
    over = hint(order, received + timedelta(days=16))
    promise(order, 0)
    never = hint(order, received)

    thanks = "Thank you. We would like to know how it is."
    assert open_still.startswith("It can be returned until ")
    assert (over, never) == (thanks, thanks)


def test_O_44_what_went_back_whole_names_no_day():
    order = make_received_order(at=NOON)
    order.lines.update(refunded=F("quantity"))

    assert hint(order, Order.objects.get(pk=order.pk).received_at) == ""


def test_an_unpaid_order_says_what_follows_the_payment():
    order = make_order()
    ships = hint(order)
    Order.objects.filter(pk=order.pk).update(offer_kind="group")
    team = hint(order)
    Order.objects.filter(pk=order.pk).update(offer_kind="", delivery=Order.Delivery.PICKUP)
    fetched = hint(order)

    assert ships == "It leaves within 24 hours of the payment."
    assert team == "It is packed once the group is complete."
    assert fetched == "The store gets it ready once it is paid."
