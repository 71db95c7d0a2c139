"""已有XX人购买: distinct members who paid and kept it (C-09)."""

import pytest

from catalog.models import Product, ShelfCard
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_member
from orders.models import Order, OrderLine, ProductBuyer
from orders.services import Wanted, cancel_order, count_buyers, refresh_shelf
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db
MESSAGES = 6


def buyers(sku):
    relay_batch(NOON)
    return Product.objects.get(pk=sku.product_id).buyers_count


def test_C_09_two_members_bought_it_and_a_cancelled_order_does_not_count():
    sku, twice = make_stocked_sku(), make_member()
    make_order(sku=sku, member=twice, paid=True)
    make_order(sku=sku, member=twice, paid=True)
    make_order(sku=sku, paid=True)
    make_order(sku=sku)

    assert buyers(sku) == 2

    third = make_order(sku=sku, paid=True)
    assert buyers(sku) == 3
    cancel_order(number=third.number, member_id=third.member_id, reason="", at=NOON)
    assert buyers(sku) == 2
    refresh_shelf(NOON, [sku.product_id])
    assert set(ShelfCard.objects.filter(product=sku.product).values_list("buyers_count")) == {(2,)}


def test_who_keeps_one_of_two_orders_stays_a_buyer():
    sku, member = make_stocked_sku(), make_member()
    first, _second = [make_order(sku=sku, member=member, paid=True) for _n in range(2)]

    cancel_order(number=first.number, member_id=member.pk, reason="", at=NOON)

    assert buyers(sku) == 1


def test_gifts_make_no_buyers_and_a_message_may_come_twice():
    bought, given = make_stocked_sku(), make_stocked_sku()
    order = make_order(wanted=(Wanted(bought.pk, 1), Wanted(given.pk, 1)), paid=True)
    OrderLine.objects.filter(order=order, sku=given).update(is_gift=True)

    for _twice in range(2):
        count_buyers(member_id=order.member_id, product_ids=[bought.product_id, given.product_id])

    assert (buyers(bought), buyers(given)) == (1, 0)


def counted_by_messages_at_once(*, is_known):
    """A buyer not counted yet, as a pair that an earlier message wrote or as none."""
    order = make_order(paid=True)
    product_id = order.lines.get().product_id
    ProductBuyer.objects.all().delete()
    Product.objects.update(buyers_count=0)
    if is_known:
        ProductBuyer.objects.create(product_id=product_id, member_id=order.member_id)
    outcomes = stampede(
        MESSAGES, lambda _n: count_buyers(member_id=order.member_id, product_ids=[product_id])
    )
    assert outcomes.errors == []
    assert Order.objects.count() == 1
    return Product.objects.get(pk=product_id).buyers_count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [False, True])
def test_of_many_messages_at_once_one_counts(is_known):
    assert counted_by_messages_at_once(is_known=is_known) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_every_message_counts():
    held = all_read_before_any_writes("orders.services.counting_buyers._kept", MESSAGES)

    with without_locks(), held:
        assert counted_by_messages_at_once(is_known=True) == MESSAGES
