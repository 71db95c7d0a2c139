"""Waiting for what is sold out (I-08)."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from catalog.testing import make_product, make_sku
from inventory.errors import StillInStock
from inventory.models import StockWatch
from inventory.services import receive_stock, tell_watchers, unwatch_sku, watch_sku
from inventory.testing import LONG_AGO, make_stock
from mall.kernel.errors import NotFound
from mall.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
AT = LONG_AGO


def shopper(name):
    return get_user_model().objects.create(username=name)


def wait(item, name):
    account = shopper(name)
    watch_sku(sku_id=item.sku_id, account_id=account.pk, at=AT)
    return account


@pytest.fixture
def item():
    return make_stock(sku=make_sku(), on_hand=0)


def restock(item, pieces=10):
    receive_stock(
        sku=item.sku,
        warehouse=item.warehouse,
        quantity=pieces,
        source_type="purchase",
        source_id="P1",
        at=AT,
    )


def told():
    return list(
        Message.objects.filter(template="inventory.back_in_stock").values_list(
            "account_id", flat=True
        )
    )


def test_I_08_a_receipt_of_10_tells_each_who_waits_once(item):
    people = [wait(item, f"p{number}").pk for number in range(3)]
    other = make_stock(sku=make_sku(), on_hand=0)
    wait(other, "patient")
    assert tell_watchers(AT) == 0

    restock(item)
    assert tell_watchers(AT + timedelta(minutes=1)) == 3
    assert tell_watchers(AT + timedelta(minutes=2)) == 0

    assert sorted(told()) == sorted(people)
    assert StockWatch.objects.waiting().get().sku == other.sku
    message = Message.objects.filter(template="inventory.back_in_stock").first()
    assert (message.route, message.route_args) == ("storefront:product", [item.sku.product_id])


def test_asking_twice_is_waiting_once_and_who_leaves_is_not_told(item):
    staying, leaving = wait(item, "a"), wait(item, "b")
    watch_sku(sku_id=item.sku_id, account_id=staying.pk, at=AT)
    assert unwatch_sku(sku_id=item.sku_id, account_id=leaving.pk)
    assert not unwatch_sku(sku_id=item.sku_id, account_id=leaving.pk)

    restock(item)
    tell_watchers(AT)

    assert told() == [staying.pk]


def test_nobody_waits_for_what_can_be_bought_or_is_not_sold():
    there = make_stock(sku=make_sku(), on_hand=1)
    hidden = make_product(on_sale=False).skus.get()
    account = shopper("a")

    with pytest.raises(StillInStock):
        watch_sku(sku_id=there.sku_id, account_id=account.pk, at=AT)
    for sku_id in (hidden.pk, 0):
        with pytest.raises(NotFound):
            watch_sku(sku_id=sku_id, account_id=account.pk, at=AT)

    assert not StockWatch.objects.exists()
